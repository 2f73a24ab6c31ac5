//! What the site answers.

use web_server::json::parse_switch;

use super::http::{get, put};
use super::talk::{Talk, ask};

/// The light is shown and switched.
#[phase7::test(points = 2, rule = 17)]
fn the_light_is_switched() {
    let mut talk = Talk::open();
    assert_eq!(
        talk.ask(get("/api/led")).brief(),
        (200, r#"{"on":false}"#),
        "at first"
    );
    let on = talk.ask(put("/api/led", r#"{"on":true}"#));
    assert_eq!(on.brief(), (200, r#"{"on":true}"#), "the answer to PUT");
    assert_eq!(on.field("content-type"), Some("application/json"), "Content-Type");
    assert_eq!(on.length(), 11, "Content-Length");
    assert!(talk.parts.0.borrow().on, "the light is on");
}

/// A switch is JSON, with space where JSON has it.
#[phase7::test(points = 1, rule = 19)]
fn a_switch_is_json() {
    for (body, on) in [
        (r#"{"on":true}"#, Some(true)),
        ("\r\n{ \"on\" :\tfalse }\n", Some(false)),
        ("", None),
        (r#"{"on":1}"#, None),
        (r#"{"on":true} x"#, None),
    ] {
        assert_eq!(parse_switch(body.as_bytes()), on, "{body:?}");
    }
}

/// The temperature comes with four decimals, or not at all.
#[phase7::test(points = 1, rule = 20)]
fn the_temperature_is_exact() {
    let mut talk = Talk::open();
    assert_eq!(
        talk.ask(get("/api/temperature")).brief(),
        (503, "Service Unavailable\n"),
        "without a sensor"
    );
    talk.parts.0.borrow_mut().sixteenths = Some(23 * 16 + 9);
    assert_eq!(
        talk.ask(get("/api/temperature")).brief(),
        (200, r#"{"celsius":23.5625}"#),
        "at 23 and nine sixteenths"
    );
}

/// What there is not, and methods that a resource does not have.
#[phase7::test(points = 1, rule = 18)]
fn what_there_is_not_is_refused() {
    let missing = ask(get("/api"));
    assert_eq!(missing.brief(), (404, "Not Found\n"), "the answer for /api");
    assert_eq!(
        missing.field("content-type"),
        Some("text/plain"),
        "its Content-Type"
    );
    let refused = ask("DELETE /api/led HTTP/1.1\r\nHost: board\r\n\r\n");
    assert_eq!(
        refused.brief(),
        (405, "Method Not Allowed\n"),
        "DELETE of the light"
    );
    assert_eq!(refused.field("allow"), Some("GET, HEAD, PUT"), "Allow");
}
