//! The server, with clients at the other end of a simulated wire.

use smoltcp::socket::tcp::State;

use super::http::get;
use super::lab::Lab;

/// A client is answered over TCP.
#[phase7::test(points = 2, rule = 29)]
fn a_client_is_answered() {
    let mut lab = Lab::start();
    let client = lab.connect();
    assert_eq!(lab.state(client), State::Established, "the client's socket");
    let led = lab.ask(client, get("/api/led"));
    assert_eq!(led.brief(), (200, r#"{"on":false}"#), "the response");
    let counters = lab.server.site().counters;
    assert_eq!(
        (counters.connections, counters.requests, counters.errors),
        (1, 1, 0),
        "connections, requests, errors"
    );
}

/// The page, which is longer than the socket's buffer, arrives whole.
#[phase7::test(points = 1, rule = 30)]
fn the_page_arrives_whole() {
    let mut lab = Lab::start();
    let client = lab.connect();
    let page = lab.ask(client, get("/"));
    assert_eq!(page.status, 200, "the status");
    assert_eq!(page.body, web_server::page::PAGE, "the page");
    assert_eq!(
        page.field("content-type"),
        Some("text/html; charset=utf-8"),
        "Content-Type"
    );
}

/// The client closes, then the server.
#[phase7::test(points = 1, rule = 27)]
fn both_ends_close() {
    let mut lab = Lab::start();
    let client = lab.connect();
    lab.send(client, get("/api/led"));
    lab.socket(client).close();
    lab.pass(50);
    assert_eq!(
        lab.received(client).first(),
        Some(&b'H'),
        "the first byte of the response"
    );
    assert_eq!(
        lab.state(client),
        State::TimeWait,
        "the client's socket, when both have closed"
    );
}
