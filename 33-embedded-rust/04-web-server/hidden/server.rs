//! The server when clients are many, slow, gone, or all at once.

use smoltcp::socket::tcp::State;
use web_server::connection::{IDLE_MS, PATIENCE_MS, SEND_MS};
use web_server::page::PAGE;
use web_server::server::CONNECTIONS;

use super::http::{self, get, put};
use super::lab::{Client, Lab};

/// Requests of many lengths on one connection: each must be put together wherever the ring of its socket ends.
#[phase7::test(points = 3, rule = 29)]
fn a_hundred_requests_on_a_connection() {
    let mut lab = Lab::start();
    let client = lab.connect();
    for number in 0..100 {
        let padding = "x".repeat(number * 7 % 101);
        let on = number % 2 == 0;
        let body = format!(r#"{{"on":{on}}}"#);
        let request = put(&format!("/api/led?{padding}"), &body);
        let response = lab.ask(client, request);
        assert_eq!(response.brief(), (200, body.as_str()), "response {number}");
    }
    assert_eq!(lab.server.site().counters.requests, 100, "requests");
    assert_eq!(lab.server.site().counters.connections, 1, "connections");
}

/// A request that comes byte by byte, each in a segment of its own.
#[phase7::test(points = 2, rule = 29)]
fn a_request_byte_by_byte() {
    let mut lab = Lab::start();
    let client = lab.connect();
    let request = put("/api/led", r#"{"on":true}"#);
    for byte in request.as_bytes() {
        lab.send(client, [*byte]);
        lab.pass(20);
    }
    let responses = http::parse_all(&lab.received(client));
    assert_eq!(responses.len(), 1, "responses");
    assert_eq!(responses[0].brief(), (200, r#"{"on":true}"#), "the response");
}

/// All places are taken at once, and all are served.
#[phase7::test(points = 2, rule = 29)]
fn every_place_is_served() {
    let mut lab = Lab::start();
    let clients: Vec<Client> = (0..CONNECTIONS).map(|_| lab.connect()).collect();
    for round in 0..20 {
        for &client in &clients {
            lab.send(client, get("/api/led"));
        }
        lab.pass(20);
        for &client in &clients {
            let responses = http::parse_all(&lab.received(client));
            assert_eq!(responses.len(), 1, "responses in round {round}");
        }
    }
    assert_eq!(
        lab.server.site().counters.connections,
        CONNECTIONS as u32,
        "connections"
    );
}

/// A client that asks for thirty pages and reads slowly gets thirty pages; others are served meanwhile.
#[phase7::test(points = 3, rule = 30)]
fn a_slow_reader_gets_everything() {
    let mut lab = Lab::start();
    let slow = lab.connect_with(300);
    lab.send(slow, get("/").repeat(30));
    let other = lab.connect();
    let mut bytes = Vec::new();
    for round in 0..2_000 {
        bytes.extend(lab.received(slow));
        lab.pass(20);
        if round % 50 == 0 {
            assert_eq!(
                lab.ask(other, get("/api/led")).status,
                200,
                "round {round} of the other"
            );
        }
        if lab.server.site().counters.requests > 30 + round / 50 && bytes.len() >= 30 * PAGE.len() {
            break;
        }
    }
    lab.pass(100);
    bytes.extend(lab.received(slow));
    let pages = http::parse_all(&bytes);
    assert_eq!(pages.len(), 30, "pages");
    assert!(pages.iter().all(|page| page.body == PAGE), "every page is whole");
}

/// A client that reads nothing is reset when its time is over.
#[phase7::test(points = 2, rule = 30)]
fn who_reads_nothing_is_reset() {
    let mut lab = Lab::start();
    let client = lab.connect_with(100);
    lab.send(client, get("/"));
    lab.pass(SEND_MS - 100);
    assert_eq!(
        lab.state(client),
        State::Established,
        "the client's socket, before its time"
    );
    lab.pass(200);
    assert_eq!(lab.state(client), State::Closed, "the client's socket, after it");
}

/// When all places are taken, a connection between requests gives way, that which has waited longest.
#[phase7::test(points = 3, rule = 31)]
fn idle_clients_give_way() {
    let mut lab = Lab::start();
    let clients: Vec<Client> = (0..CONNECTIONS).map(|_| lab.connect()).collect();
    // The third waits the longest.
    for at in [2, 0, 1, 3, 4, 5, 6, 7] {
        lab.ask(clients[at], get("/api/led"));
    }
    let another = lab.connect();
    assert_eq!(
        lab.state(another),
        State::Established,
        "the ninth client's socket"
    );
    assert_eq!(lab.ask(another, get("/")).status, 200, "its response");
    let open: Vec<bool> = clients
        .iter()
        .map(|&client| lab.state(client) == State::Established)
        .collect();
    let expected: Vec<bool> = (0..CONNECTIONS).map(|at| at != 2).collect();
    assert_eq!(open, expected, "which of the eight are still open");
    assert_eq!(
        lab.state(clients[2]),
        State::Closed,
        "the third client knows that it was reset"
    );
}

/// When all places are busy a SYN is not answered; the client, which sends it again, gets a place in the end.
#[phase7::test(points = 3, rule = 31)]
fn busy_clients_are_safe_for_a_while() {
    let mut lab = Lab::start();
    let clients: Vec<Client> = (0..CONNECTIONS).map(|_| lab.connect()).collect();
    for &client in &clients {
        lab.send(client, "GET /api/led HTTP/1.1\r\n");
    }
    let another = lab.connect();
    lab.pass(PATIENCE_MS / 2);
    assert_eq!(lab.state(another), State::SynSent, "the ninth client's socket");
    let open = |lab: &mut Lab| {
        let states = clients.iter().map(|&client| lab.state(client));
        states.filter(|&state| state == State::Established).count()
    };
    assert_eq!(open(&mut lab), CONNECTIONS, "connections that are still open");
    // A slow one that goes on in time is served.
    lab.send(clients[5], "Host: a\r\n\r\n");
    lab.pass(20);
    assert_eq!(
        http::parse_all(&lab.received(clients[5]))[0].status,
        200,
        "of a slow one"
    );
    // smoltcp sends a SYN again after a second or less.
    lab.pass(PATIENCE_MS * 3);
    assert_eq!(
        lab.state(another),
        State::Established,
        "the ninth client's socket, in the end"
    );
    assert_eq!(lab.ask(another, get("/api/led")).status, 200, "its response");
    assert_eq!(
        open(&mut lab),
        CONNECTIONS - 1,
        "connections that are still open, in the end"
    );
}

/// Clients that reset, or vanish in the middle, leave nothing behind.
#[phase7::test(points = 2, rule = 32)]
fn clients_that_vanish_free_their_places() {
    let mut lab = Lab::start();
    for round in 0..30 {
        let client = lab.connect();
        assert_eq!(lab.state(client), State::Established, "client {round}");
        match round % 4 {
            0 => {}
            1 => lab.send(client, "PUT /api/led HTTP/1.1\r\nContent-Le"),
            2 => lab.send(client, get("/")),
            _ => lab.send(client, "?\r\n"),
        }
        lab.reset(client);
    }
    let all: Vec<Client> = (0..CONNECTIONS).map(|_| lab.connect()).collect();
    for &client in &all {
        assert_eq!(
            lab.ask(client, get("/api/led")).brief(),
            (200, r#"{"on":false}"#),
            "after them"
        );
    }
}

/// The server closes first, again and again, without running out of places.
#[phase7::test(points = 2, rule = 32)]
fn closing_first_holds_no_place() {
    let mut lab = Lab::start();
    for number in 0..CONNECTIONS * 3 {
        let client = lab.connect();
        let request = "GET /api/led HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        assert_eq!(lab.ask(client, request).status, 200, "response {number}");
        assert_eq!(
            lab.state(client),
            State::CloseWait,
            "the client's socket, after response {number}"
        );
        lab.socket(client).close();
        lab.pass(10);
        assert_eq!(
            lab.state(client),
            State::Closed,
            "the client's socket, when it has closed"
        );
    }
    assert_eq!(
        lab.server.site().counters.connections,
        CONNECTIONS as u32 * 3,
        "connections"
    );
}

/// With nothing to do the server says so, and wakes in time for the next deadline.
#[phase7::test(points = 2, rule = 33)]
fn the_server_knows_when_it_is_due() {
    let mut lab = Lab::start();
    lab.pass(1_000);
    assert!(
        !lab.server.is_due(1_000_000_000),
        "due within eleven days, with no client"
    );
    let client = lab.connect();
    lab.ask(client, get("/api/led"));
    lab.pass(500);
    assert!(!lab.server.is_due(lab.now_ms), "due now, with nothing to do");
    assert!(
        !lab.server.is_due(lab.now_ms + IDLE_MS - 1_000),
        "due a second before the idle time is over"
    );
    assert!(
        lab.server.is_due(lab.now_ms + IDLE_MS),
        "due when the idle time is over"
    );
    lab.chip.deliver(&[0; 60]);
    assert!(lab.server.is_due(lab.now_ms), "due, with a frame that waits");
    lab.run();
    lab.pass(IDLE_MS);
    assert_eq!(
        lab.state(client),
        State::CloseWait,
        "the client's socket, after the idle time"
    );
}
