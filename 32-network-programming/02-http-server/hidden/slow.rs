//! Clients that take their time.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use super::support::{Client, Daemon, request};

/// Sends a byte every 20 ms until the server answers, and returns the status; `None` when it closes without one.
#[track_caller]
fn trickle(client: &mut Client, byte: &[u8]) -> Option<u16> {
    let started = Instant::now();
    let mut answer = [0; 12];
    let stream = client.stream.get_mut();
    stream
        .set_read_timeout(Some(Duration::from_millis(20)))
        .expect("a deadline that is not zero");
    while started.elapsed() < Duration::from_secs(6) {
        let _ = stream.write_all(byte);
        match stream.read(&mut answer) {
            Ok(0) => return None,
            Ok(_) => return std::str::from_utf8(&answer[9..]).ok()?.parse().ok(),
            Err(_) => {}
        }
    }
    panic!("neither an answer nor an end after six seconds of trickling");
}

/// A head that comes byte by byte is not waited for without end.
#[phase7::test(points = 1, rule = 27, timeout_s = 20)]
fn a_head_that_trickles_is_timed_out() {
    let server = Daemon::start(&["--head-timeout", "300ms"]);
    let mut client = server.connect();
    client.send("GET / HTTP/1.1\r\nA: ");
    assert_eq!(trickle(&mut client, b"a"), Some(408), "a head without end");
    let mut client = server.connect();
    client.send("GET / HT");
    client.answer("GET").expect(408, "half a head, and then nothing");
    client.expect_end("behind a timeout");
}

/// A body may be as slow as it likes for a while, and a kilobyte a second from then on.
#[phase7::test(points = 1, rule = 27, timeout_s = 20)]
fn a_body_that_trickles_is_timed_out() {
    let server = Daemon::start(&["--echo", "/echo", "--body-timeout", "300ms"]);
    let mut client = server.connect();
    client.send(request("POST", "/none", &["Content-Length: 100000"]));
    assert_eq!(trickle(&mut client, b"a"), Some(408), "a body without end");
    let mut client = server.connect();
    client.send(request("POST", "/echo", &["Content-Length: 6000"]));
    client.send(vec![b'a'; 3000]);
    // Three thousand bytes have earned almost three seconds.
    std::thread::sleep(Duration::from_millis(700));
    client.send(vec![b'b'; 3000]);
    assert_eq!(
        client
            .answer("POST")
            .expect(200, "a body at a fair rate")
            .body
            .len(),
        6000
    );
}

/// Between two requests there is another deadline, and nothing to say at its end.
#[phase7::test(points = 1, rule = 27, timeout_s = 20)]
fn an_idle_connection_is_closed_without_a_word() {
    let server = Daemon::start(&["--idle-timeout", "1s", "--head-timeout", "60s"]);
    let mut silent = server.connect();
    let mut client = server.connect();
    client.send(request("GET", "/none", &[]));
    client.answer("GET").expect(404, "the only request");
    client.expect_end("an idle connection");
    silent.expect_end("a connection that never said a word");
    let server = Daemon::start(&["--idle-timeout", "60s", "--head-timeout", "300ms"]);
    let mut client = server.connect();
    client.send(request("GET", "/none", &[]));
    client.answer("GET").expect(404, "the first request");
    std::thread::sleep(Duration::from_millis(600));
    client.send(request("GET", "/none", &[]));
    client.answer("GET").expect(404, "a pause is no slow head");
}

/// A client that does not take its answer is let go; one that takes it slowly is not.
#[phase7::test(points = 1, rule = 27, timeout_s = 30)]
fn a_client_that_takes_nothing_is_let_go() {
    let root = phase7::Scratch::new();
    root.write("large", vec![b'l'; 64 << 20]);
    let server = Daemon::serving(root, &["--write-timeout", "300ms", "--max-connections", "1"]);
    let mut stuck = server.connect();
    stuck.send(request("GET", "/large", &[]));
    phase7::wait::until(
        "the place of a client that is stuck",
        Duration::from_secs(10),
        || server.ask("GET", "/none", &[]).status == 404,
    );
    let mut received = Vec::new();
    let _ = stuck.stream.read_to_end(&mut received);
    assert!(received.len() < 64 << 20, "bytes that were never sent");
    drop(stuck);
    phase7::wait::until("the place to be free", Duration::from_secs(10), || {
        server.ask("GET", "/none", &[]).status == 404
    });
}
