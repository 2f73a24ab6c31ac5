//! Answers to the byte.

use web_server::json::parse_switch;
use web_server::page::PAGE;
use web_server::sensor::Temperature;
use web_server::site::{Counters, Site};

use super::http::{self, To, get, put};
use super::parts::Parts;
use super::talk::{Talk, ask};

/// Every resource with every method.
#[phase7::test(points = 2, rule = 17)]
fn every_resource_has_its_methods() {
    for path in ["/", "/api/status", "/api/temperature", "/api/led"] {
        let mut talk = Talk::open();
        talk.parts.0.borrow_mut().sixteenths = Some(0);
        assert_eq!(talk.ask(get(path)).status, 200, "GET {path}");
        let (sent, _) = talk.exchange(format!("HEAD {path} HTTP/1.1\r\nHost: a\r\n\r\n"));
        let head = http::parse(&sent, To::Head).expect("a head").0;
        assert_eq!(head.status, 200, "HEAD {path}");
        let status = if path == "/api/led" { 200 } else { 405 };
        assert_eq!(talk.ask(put(path, r#"{"on":true}"#)).status, status, "PUT {path}");
        for method in ["POST", "DELETE", "OPTIONS", "get", "X"] {
            let refused = talk.ask(format!("{method} {path} HTTP/1.1\r\nHost: a\r\n\r\n"));
            assert_eq!(refused.status, 405, "{method} {path}");
        }
    }
    let mut talk = Talk::open();
    for target in [
        "/api/led?x",
        "/api/led?",
        "http://board/api/led",
        "http://board/api/led?/x",
    ] {
        assert_eq!(
            talk.ask(get(target)).brief(),
            (200, r#"{"on":false}"#),
            "GET {target}"
        );
    }
}

/// Unknown paths come before unknown methods; Allow stands with 405 alone.
#[phase7::test(points = 2, rule = 18)]
fn allow_stands_with_405_alone() {
    let mut talk = Talk::open();
    for (request, status, allow) in [
        (put("/", "x"), 405, Some("GET, HEAD")),
        (put("/api/status", "x"), 405, Some("GET, HEAD")),
        (put("/api/temperature", "x"), 405, Some("GET, HEAD")),
        (put("/api", "x"), 404, None),
        (put("/api/led/", "x"), 404, None),
        (put("/api/LED", "x"), 404, None),
        (put("/api/led%20", "x"), 404, None),
        (put("//", "x"), 404, None),
        (put("/api/led", "x"), 400, None),
        (get("/api/led"), 200, None),
    ] {
        let answer = talk.ask(&request);
        assert_eq!(
            (answer.status, answer.field("allow")),
            (status, allow),
            "{request:?}"
        );
    }
}

/// What is nearly a switch is none, and switches nothing.
#[phase7::test(points = 2, rule = 19)]
fn nearly_a_switch_is_none() {
    for body in [
        r#"{"on":true"#,
        r#"{"on" true}"#,
        r#"{on:true}"#,
        r#"{'on':true}"#,
        r#"{"on":True}"#,
        r#"{"on":truefalse}"#,
        r#"{"on":true,}"#,
        r#"{"on":true,"on":true}"#,
        r#"{"on":"true"}"#,
        r#"{"ON":true}"#,
        r#"{" on":true}"#,
        r#"{"on":true}}"#,
        r#"[{"on":true}]"#,
        r#"{"o n":true}"#,
        r#"{"on":tr ue}"#,
        "{\"on\":true}\0",
        "\u{b}{\"on\":true}",
        "true",
        "{}",
    ] {
        let mut talk = Talk::open();
        let answer = talk.ask(put("/api/led", body));
        assert_eq!(answer.brief(), (400, "Bad Request\n"), "{body:?}");
        assert_eq!(answer.field("connection"), None, "Connection, after {body:?}");
        assert!(talk.parts.0.borrow().switched.is_empty(), "{body:?} switches");
    }
    for body in [" {\t\"on\"\r\n:\ntrue\t}\r", "{ \"on\" : true }"] {
        assert_eq!(parse_switch(body.as_bytes()), Some(true), "{body:?}");
    }
    let mut talk = Talk::open();
    for on in ["true", "true", "false", "true"] {
        talk.ask(put("/api/led", &format!("{{\"on\":{on}}}")));
    }
    assert_eq!(
        talk.parts.0.borrow().switched,
        [true, true, false, true],
        "how the light was switched"
    );
}

/// Temperatures below zero, and the outermost ones.
#[phase7::test(points = 1, rule = 20)]
fn temperatures_have_four_decimals() {
    let mut talk = Talk::open();
    for (sixteenths, celsius) in [
        (0, "0.0000"),
        (1, "0.0625"),
        (-1, "-0.0625"),
        (-16, "-1.0000"),
        (-17, "-1.0625"),
        (-880, "-55.0000"),
        (2_000, "125.0000"),
        (2_047, "127.9375"),
        (-2_048, "-128.0000"),
    ] {
        talk.parts.0.borrow_mut().sixteenths = Some(sixteenths);
        assert_eq!(
            talk.ask(get("/api/temperature")).body,
            format!(r#"{{"celsius":{celsius}}}"#),
            "{sixteenths} sixteenths"
        );
        assert_eq!(
            Temperature { sixteenths }.to_string(),
            celsius,
            "{sixteenths} sixteenths"
        );
    }
}

/// HEAD has the head of GET, and nothing behind it.
#[phase7::test(points = 2, rule = 21)]
fn head_has_no_body() {
    for path in ["/", "/api/led", "/nothing", "/api/temperature"] {
        let mut talk = Talk::open();
        let (of_get, _) = talk.exchange(get(path));
        let (of_head, _) = talk.exchange(get(path).replace("GET", "HEAD"));
        let end = of_get
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .expect("a head has an end")
            + 4;
        assert_eq!(
            String::from_utf8_lossy(&of_head),
            String::from_utf8_lossy(&of_get[..end]),
            "all that is sent for HEAD {path}"
        );
        assert_eq!(talk.ask(get("/api/led")).status, 200, "the next request");
    }
}

/// Types, lengths and reasons.
#[phase7::test(points = 2, rule = 21)]
fn a_response_says_what_it_is() {
    for (request, line, kind, body) in [
        (get("/"), "200 OK", "text/html; charset=utf-8", PAGE),
        (get("/api/led"), "200 OK", "application/json", r#"{"on":false}"#),
        (get("/x"), "404 Not Found", "text/plain", "Not Found\n"),
        (
            "?\r\n".to_owned(),
            "400 Bad Request",
            "text/plain",
            "Bad Request\n",
        ),
        (
            "a".repeat(300),
            "414 URI Too Long",
            "text/plain",
            "URI Too Long\n",
        ),
        (
            format!("GET / HTTP/1.1\r\n{}", "a".repeat(300)),
            "431 Request Header Fields Too Large",
            "text/plain",
            "Request Header Fields Too Large\n",
        ),
        (
            "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 65\r\n\r\n".to_owned(),
            "413 Content Too Large",
            "text/plain",
            "Content Too Large\n",
        ),
        (
            "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".to_owned(),
            "501 Not Implemented",
            "text/plain",
            "Not Implemented\n",
        ),
        (
            "GET / HTTP/2.0\r\n".to_owned(),
            "505 HTTP Version Not Supported",
            "text/plain",
            "HTTP Version Not Supported\n",
        ),
    ] {
        let answer = ask(&request);
        assert_eq!(
            format!("{} {}", answer.status, answer.reason),
            line,
            "the status line of the response to {request:?}"
        );
        assert_eq!(answer.field("content-type"), Some(kind), "{line}: Content-Type");
        assert_eq!(answer.length(), body.len(), "{line}: Content-Length");
        assert_eq!(answer.body, body, "{line}: the body");
    }
}

/// The last response says so, and one to HTTP/1.0 that is not the last.
#[phase7::test(points = 1, rule = 22)]
fn a_response_says_whether_it_is_the_last() {
    for (version, option, expected) in [
        ("1.1", "foo", None),
        ("1.1", "keep-alive", None),
        ("1.1", "close", Some("close")),
        ("1.0", "foo", Some("close")),
        ("1.0", "keep-alive", Some("keep-alive")),
    ] {
        for path in ["/", "/nothing"] {
            let answer = ask(format!(
                "GET {path} HTTP/{version}\r\nHost: a\r\nConnection: {option}\r\n\r\n"
            ));
            assert_eq!(
                answer.field("connection"),
                expected,
                "Connection, for {path} in HTTP/{version} with {option}"
            );
        }
    }
}

/// The counters, and the longest that they can be.
#[phase7::test(points = 2, rule = 23)]
fn the_status_counts() {
    let mut talk = Talk::open();
    talk.now_ms = 61_999;
    talk.ask(get("/nothing"));
    talk.ask(get("/"));
    talk.ask(put("/api/led", "?"));
    talk.ask("DELETE / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(
        talk.ask(get("/api/status")).body,
        r#"{"uptime_s":61,"requests":5,"connections":0,"errors":3}"#,
        "the status"
    );
    talk.ask("NONSENSE\r\n");
    let counters = talk.site.counters;
    assert_eq!(
        (counters.requests, counters.errors),
        (5, 4),
        "requests and errors, after what was no request"
    );

    let mut talk = Talk::open();
    talk.site = Site::new(Parts::default());
    talk.site.counters = Counters {
        requests: u32::MAX - 1,
        connections: u32::MAX,
        errors: u32::MAX,
    };
    talk.now_ms = u64::MAX / 2;
    assert_eq!(
        talk.ask(get("/api/status")).body,
        r#"{"uptime_s":9223372036854775,"requests":4294967295,"connections":4294967295,"errors":4294967295}"#,
        "the longest status"
    );
    assert_eq!(talk.ask(get("/nothing")).status, 404, "after the largest counts");
}
