//! A connection without a network.

use web_server::connection::{Action, IDLE_MS, Phase, REQUEST_MS};

use super::http::{self, get};
use super::talk::Talk;

/// Requests that came together are answered one after the other.
#[phase7::test(points = 2, rule = 24)]
fn requests_are_answered_in_order() {
    let mut talk = Talk::open();
    let requests = format!("{}{}", get("/api/led"), get("/nothing"));
    let first = get("/api/led").len();
    assert_eq!(talk.receive(&requests), first, "bytes taken of two requests");
    assert_eq!(talk.connection.phase(), Phase::Sending, "the phase then");
    assert_eq!(
        talk.receive(&requests[first..]),
        0,
        "bytes taken while a response is being sent"
    );
    let responses = http::parse_all(&talk.send_all());
    assert_eq!(responses[0].status, 200, "the first status");
    assert_eq!(talk.connection.phase(), Phase::Idle, "the phase when it is sent");
    assert_eq!(talk.ask(&requests[first..]).status, 404, "the second status");
    assert_eq!(talk.poll(), Action::Keep, "what is to be done with the socket");
}

/// After what is no request, the connection is closed.
#[phase7::test(points = 1, rule = 25)]
fn a_refusal_is_the_last_response() {
    let mut talk = Talk::open();
    let refused = talk.ask("NONSENSE\r\n");
    assert_eq!(refused.brief(), (400, "Bad Request\n"), "the response");
    assert_eq!(refused.field("connection"), Some("close"), "Connection");
    assert_eq!(talk.poll(), Action::Close, "what is to be done with the socket");
    assert_eq!(talk.poll(), Action::Keep, "what is to be done after that");
    assert_eq!(talk.receive("more"), 4, "bytes taken, to be dropped");
}

/// A slow request is answered with 408, and a silent client is let go.
#[phase7::test(points = 2, rule = 26)]
fn slow_clients_run_out_of_time() {
    let mut talk = Talk::open();
    talk.receive("GET / HT");
    assert_eq!(
        talk.connection.due_ms(),
        Some(1_000 + REQUEST_MS),
        "when a request is due"
    );
    talk.now_ms += REQUEST_MS - 1;
    assert_eq!(talk.poll(), Action::Keep, "a millisecond before");
    talk.now_ms += 1;
    assert_eq!(talk.poll(), Action::Keep, "at the deadline");
    let responses = http::parse_all(&talk.send_all());
    assert_eq!(responses[0].brief(), (408, "Request Timeout\n"), "the response");
    assert_eq!(talk.poll(), Action::Close, "when it is sent");

    let mut talk = Talk::open();
    talk.ask(get("/api/led"));
    talk.now_ms += IDLE_MS;
    assert_eq!(talk.poll(), Action::Close, "after {IDLE_MS} ms between requests");
    assert_eq!(talk.send_all(), b"", "what is sent to a silent client");
}
