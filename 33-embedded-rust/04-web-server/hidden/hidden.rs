//! The hidden tests: the edges that the rules name, and clients that do not help.

mod answers;
mod connection;
mod ethernet;
mod firmware;
mod request;
mod server;

#[path = "../tests/support/board.rs"]
mod board;
#[path = "../tests/support/chip.rs"]
mod chip;
#[path = "../tests/support/http.rs"]
mod http;
#[path = "../tests/support/lab.rs"]
mod lab;
#[path = "../tests/support/parts.rs"]
mod parts;
#[path = "../tests/support/talk.rs"]
mod talk;

/// A switch that is both on and off.
#[phase7::wire]
fn a_switch_in_two_states() {
    let states = [true, false].map(|on| {
        let body = format!(r#"{{"on":{on}}}"#);
        web_server::json::parse_switch(body.as_bytes())
    });
    assert_eq!(states, [Some(false), Some(true)], "the switch on, and off");
}

/// The answer to a request that nobody has sent.
#[phase7::wire]
fn answers_without_a_question() {
    let mut talk = talk::Talk::open();
    talk.receive("GET / HTTP/1.1\r\nHost:");
    assert_eq!(
        talk.send_all().first(),
        Some(&b'H'),
        "the response to half a request"
    );
}
