//! A connection whose client does not help.

use web_server::connection::{
    Action, Connection, IDLE_MS, LINGER_MS, PATIENCE_MS, Phase, REQUEST_MS, SEND_MS,
};

use super::http::{self, get, put};
use super::talk::Talk;

/// Forty requests at once are answered one by one, in order, and nothing is kept of those that wait.
#[phase7::test(points = 2, rule = 24)]
fn forty_requests_at_once() {
    let mut talk = Talk::open();
    let requests: String = (0..40)
        .map(|number| put("/api/led", &format!(r#"{{"on":{}}}"#, number % 3 == 0)))
        .collect();
    let mut taken = 0;
    for number in 0..40 {
        taken += talk.receive(&requests[taken..]);
        assert_eq!(
            talk.receive(&requests[taken..]),
            0,
            "bytes taken while response {number} is being sent"
        );
        // It is sent in two pieces.
        let half = talk.connection.to_send()[..20].to_vec();
        talk.connection.sent(20, talk.now_ms);
        assert_eq!(talk.receive(&requests[taken..]), 0, "bytes taken in the middle");
        let response = http::parse_all(&[half, talk.send_all()].concat());
        let expected = format!(r#"{{"on":{}}}"#, number % 3 == 0);
        assert_eq!(response[0].body, expected, "response {number}");
        assert_eq!(
            talk.connection.phase(),
            Phase::Idle,
            "the phase after response {number}"
        );
    }
    assert_eq!(taken, requests.len(), "bytes taken in all");
    assert_eq!(talk.site.counters.requests, 40, "requests");
}

/// Behind the last response nothing is answered, and the socket is closed once.
#[phase7::test(points = 2, rule = 25)]
fn nothing_is_answered_behind_the_last() {
    for last in [
        "GET /api/led HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /api/led HTTP/1.0\r\n\r\n",
        "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n",
        "BAD\r\n",
    ] {
        let mut talk = Talk::open();
        let requests = format!("{last}{}{}", get("/api/led"), put("/api/led", r#"{"on":true}"#));
        assert_eq!(
            talk.receive(&requests),
            last.len(),
            "bytes taken, up to the end of {last:?}"
        );
        assert_eq!(talk.poll(), Action::Keep, "before the response is sent");
        let responses = http::parse_all(&talk.send_all());
        assert_eq!(responses.len(), 1, "responses");
        assert_eq!(responses[0].field("connection"), Some("close"), "Connection");
        assert_eq!(talk.poll(), Action::Close, "when it is sent");
        assert_eq!(talk.connection.phase(), Phase::Closing, "the phase");
        let rest = &requests[last.len()..];
        assert_eq!(talk.receive(rest), rest.len(), "bytes taken, to be dropped");
        assert_eq!(talk.send_all(), b"", "what is sent after the last response");
        assert_eq!(talk.poll(), Action::Keep, "after that");
        assert!(
            !talk.parts.0.borrow().on,
            "the light was switched by a dropped request"
        );
    }
}

/// A byte now and then does not put the deadline off, nor does a response that trickles out.
#[phase7::test(points = 2, rule = 26)]
fn a_trickle_puts_nothing_off() {
    let mut talk = Talk::open();
    let request = get("/api/led");
    let started_ms = talk.now_ms;
    for at in 0..9 {
        assert_eq!(talk.receive(&request[at..=at]), 1, "byte {at} is taken");
        talk.now_ms += REQUEST_MS / 10;
        assert_eq!(talk.poll(), Action::Keep, "after byte {at}");
        assert_eq!(
            talk.connection.due_ms(),
            Some(started_ms + REQUEST_MS),
            "when the request is due"
        );
    }
    talk.now_ms = started_ms + REQUEST_MS;
    talk.poll();
    assert_eq!(http::parse_all(&talk.send_all())[0].status, 408, "the response");
    assert_eq!(talk.site.counters.errors, 1, "errors");

    let mut talk = Talk::open();
    talk.receive(&request);
    let started_ms = talk.now_ms;
    for piece in 0..9 {
        talk.connection.sent(1, talk.now_ms);
        talk.now_ms += SEND_MS / 10;
        assert_eq!(talk.poll(), Action::Keep, "after byte {piece} of the response");
    }
    talk.now_ms = started_ms + SEND_MS - 1;
    assert_eq!(talk.poll(), Action::Keep, "a millisecond before the deadline");
    talk.now_ms += 1;
    assert_eq!(talk.poll(), Action::Abort, "at the deadline of the response");
}

/// The deadlines of clients that send nothing, or do not close.
#[phase7::test(points = 2, rule = 26)]
fn silence_ends() {
    let mut talk = Talk::open();
    talk.now_ms += REQUEST_MS - 1;
    assert_eq!(talk.poll(), Action::Keep, "before a first byte is due");
    talk.now_ms += 1;
    assert_eq!(talk.poll(), Action::Close, "when a first byte is due");
    assert_eq!(talk.send_all(), b"", "what is sent to a client that sent nothing");
    assert_eq!(
        talk.connection.due_ms(),
        Some(talk.now_ms + LINGER_MS),
        "when the client is to have closed"
    );
    talk.now_ms += LINGER_MS - 1;
    assert_eq!(talk.poll(), Action::Keep, "before that");
    talk.now_ms += 1;
    assert_eq!(talk.poll(), Action::Abort, "then");

    let mut talk = Talk::open();
    talk.now_ms += REQUEST_MS - 1;
    talk.ask(get("/api/led"));
    assert_eq!(
        talk.connection.due_ms(),
        Some(talk.now_ms + IDLE_MS),
        "when the next request is due"
    );
    talk.now_ms += IDLE_MS - 1;
    assert_eq!(talk.poll(), Action::Keep, "before that");
    // The first byte of the next request begins its own time.
    talk.receive("G");
    talk.now_ms += REQUEST_MS - 1;
    assert_eq!(talk.poll(), Action::Keep, "before the rest of it is due");
    talk.receive(&get("/api/led")[1..]);
    assert_eq!(
        http::parse_all(&talk.send_all())[0].status,
        200,
        "the second response"
    );
    talk.now_ms += IDLE_MS;
    assert_eq!(talk.poll(), Action::Close, "after the idle time");

    let free = Connection::new();
    assert_eq!(
        (free.phase(), free.due_ms()),
        (Phase::Free, None),
        "a place for a connection"
    );
}

/// What came before the end of the input is answered; half a request is not.
#[phase7::test(points = 2, rule = 27)]
fn the_end_of_the_input_is_heeded() {
    let mut talk = Talk::open();
    talk.receive(get("/api/led"));
    talk.connection.end_input();
    assert_eq!(talk.poll(), Action::Keep, "while the response is being sent");
    assert_eq!(http::parse_all(&talk.send_all())[0].status, 200, "the response");
    assert_eq!(talk.poll(), Action::Close, "when it is sent");

    for before in [
        "",
        "GET / HTTP/1.1\r\nHo",
        "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{",
    ] {
        let mut talk = Talk::open();
        talk.receive(before);
        talk.connection.end_input();
        assert_eq!(talk.poll(), Action::Close, "after {before:?} and the end");
        assert_eq!(talk.send_all(), b"", "what is sent after {before:?} and the end");
    }
    // Nothing of it is left for the next client.
    let mut talk = Talk::open();
    talk.receive("GET / HTTP/1.1\r\nHo");
    talk.connection.end_input();
    talk.poll();
    talk.connection.open(talk.now_ms);
    assert_eq!(
        talk.ask(get("/api/led")).status,
        200,
        "the next client's response"
    );
    assert_eq!(talk.poll(), Action::Keep, "after it");
}

/// Who must give up its place: idle ones first, then those that take long, the oldest of each first.
#[phase7::test(points = 2, rule = 28)]
fn places_are_claimed_in_order() {
    assert_eq!(Connection::new().claim(u64::MAX), None, "of a free place");
    let idle_since = |at_ms: u64| {
        let mut talk = Talk::open();
        talk.now_ms = at_ms;
        talk.ask(get("/api/led"));
        talk.connection
    };
    let reading_since = |at_ms: u64| {
        let mut connection = Connection::new();
        connection.open(at_ms);
        connection
    };
    let now_ms = 10_000;
    let connections = [
        ("idle since 3 s", idle_since(3_000)),
        ("idle since 9.9 s", idle_since(9_900)),
        ("reading since 8 s", reading_since(8_000)),
        (
            "reading for the whole of its patience",
            reading_since(now_ms - PATIENCE_MS),
        ),
    ];
    let mut claims = connections
        .each_ref()
        .map(|(name, connection)| (connection.claim(now_ms), *name));
    assert!(
        claims.iter().all(|(claim, _)| claim.is_some()),
        "somebody has no claim: {claims:?}"
    );
    let in_order = claims.map(|(_, name)| name);
    claims.sort();
    assert_eq!(claims.map(|(_, name)| name), in_order, "who is chosen first");
    assert_eq!(
        reading_since(now_ms - PATIENCE_MS + 1).claim(now_ms),
        None,
        "of one that was opened a moment ago"
    );
    let mut talk = Talk::open();
    talk.receive(get("/"));
    assert_eq!(
        talk.connection.claim(talk.now_ms + PATIENCE_MS - 1),
        None,
        "of one that is answered"
    );
    assert!(
        talk.connection.claim(talk.now_ms + PATIENCE_MS).is_some(),
        "of one that takes its answer slowly"
    );
}
