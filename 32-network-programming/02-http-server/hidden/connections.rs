//! Pipelines, bodies that nobody asked for, expectations, and crowds.

use std::io::Write;
use std::time::Duration;

use phase7::wait;

use super::support::{Daemon, request};

/// Requests cut anywhere are answered in order.
#[phase7::test(points = 1, rule = 16, timeout_s = 20)]
fn a_pipeline_cut_anywhere_is_answered_in_order() {
    let server = Daemon::start(&["--echo", "/echo"]);
    server.root.write("a.txt", "hello\n");
    server.root.write("large", vec![b'l'; 100_000]);
    let bytes = request("GET", "/a.txt", &[])
        + &request("POST", "/echo", &["Content-Length: 3"])
        + "one"
        + &request("GET", "/large", &[])
        + &request("POST", "/echo", &["Transfer-Encoding: chunked"])
        + "3\r\ntwo\r\n0\r\n\r\n"
        + &request("GET", "/none", &[])
        + &request("GET", "/a.txt", &["Connection: close"]);
    for size in [1, 7, 50, bytes.len()] {
        let mut client = server.connect();
        for piece in bytes.as_bytes().chunks(size) {
            client.send(piece);
        }
        let statuses = [200, 200, 200, 200, 404, 200];
        let answers = statuses.map(|status| client.answer("GET").expect(status, "in its turn"));
        let lengths = answers.each_ref().map(|answer| answer.body.len());
        assert_eq!(
            (lengths[0], lengths[1], lengths[2], lengths[3], lengths[5]),
            (6, 3, 100_000, 3, 6),
            "the bodies, for pieces of {size}"
        );
        assert_eq!(answers[3].body, b"two", "the echo of chunks");
        client.expect_end("behind the last of them");
    }
}

/// Thousands of requests at once need no more memory than a few buffers, and all are answered.
#[phase7::test(points = 1, rule = 29, timeout_s = 30)]
fn a_client_that_reads_late_gets_all() {
    const COUNT: usize = 6000;
    const LENGTH: usize = 16_000;
    let server = Daemon::start(&[]);
    server.root.write("page", vec![b'p'; LENGTH]);
    let mut client = server.connect();
    let writer = client
        .stream
        .get_ref()
        .try_clone()
        .expect("a socket can be shared");
    writer
        .set_write_timeout(Some(Duration::from_millis(500)))
        .expect("a deadline that is not zero");
    // More than the kernel's buffers hold: who does not read must not be able to send it all.
    let requests = request("GET", "/page", &[&format!("Cookie: {}", "c".repeat(4000))]).repeat(COUNT);
    let mut sent = 0;
    while let Ok(count @ 1..) = (&writer).write(&requests.as_bytes()[sent..]) {
        sent += count;
    }
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.running.id())).expect("a status");
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .expect("a peak");
    let peak_kib: usize = peak.trim().trim_end_matches(" kB").parse().expect("a number");
    assert!(
        peak_kib < 32 << 10,
        "the most memory while nobody read: {peak_kib} KiB"
    );
    writer.set_write_timeout(None).expect("no deadline");
    let rest = requests[sent..].to_owned();
    let sender = std::thread::spawn(move || (&writer).write_all(rest.as_bytes()));
    for at in 0..COUNT {
        let answer = client.answer("GET").expect(200, "a page");
        assert_eq!(answer.body.len(), LENGTH, "the body of answer {at}");
    }
    let sent = sender.join().expect("the sender does not panic");
    sent.expect("the server takes everything in the end");
}

/// What HTTP/1.0 asks for, and gets.
#[phase7::test(points = 1, rule = 15)]
fn a_client_of_1_0_is_told() {
    let server = Daemon::start(&["--echo", "/echo"]);
    server.root.write("a.txt", "hello\n");
    let mut client = server.connect();
    client.send("GET /a.txt HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
    let answer = client.answer("GET").expect(200, "a file");
    assert_eq!(answer.field("connection"), Some("keep-alive"));
    client.send("POST /echo HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi");
    let answer = client.answer("POST").expect(200, "an echo");
    assert_eq!(
        (answer.body.as_slice(), answer.field("connection")),
        (&b"hi"[..], Some("close"))
    );
    assert_eq!(answer.field("transfer-encoding"), None, "1.0 has no chunks");
    client.expect_end("1.0 without keep-alive");
}

/// Every answer says when it was made; none says more about its body than there is.
#[phase7::test(points = 1, rule = 17)]
fn every_answer_has_a_date_and_a_length() {
    let server = Daemon::start(&["--echo", "/echo"]);
    server.root.write("empty.txt", "");
    for (method, target, status, length) in [
        ("GET", "/empty.txt", 200, Some("0")),
        ("OPTIONS", "/", 204, None),
        ("POST", "/echo", 200, Some("0")),
    ] {
        let mut client = server.connect();
        client.send(request(method, target, &[]) + &request("GET", "/none", &[]));
        let answer = client.answer(method).expect(status, target);
        assert_eq!(
            answer.field("content-length"),
            length,
            "the length of {method} {target}"
        );
        assert_eq!(answer.field("transfer-encoding"), None, "{method} {target}");
        let date = answer.field("date").expect("an answer has a date");
        assert!(
            date.len() == 29 && date.ends_with(" GMT"),
            "the date of {method} {target}: {date}"
        );
        let next = client.answer("GET").expect(404, "the next request");
        assert_eq!(
            next.field("content-length").map(str::to_owned),
            Some(next.body.len().to_string())
        );
    }
}

/// The refusal arrives although the server has not read what was sent behind it.
#[phase7::test(points = 1, rule = 18, timeout_s = 20)]
fn a_refusal_is_not_run_over() {
    let server = Daemon::start(&["--max-body", "1000"]);
    for _ in 0..10 {
        let mut client = server.connect();
        let mut writer = client
            .stream
            .get_ref()
            .try_clone()
            .expect("a socket can be shared");
        let head = request("POST", "/a", &["Content-Length: 3000000"]);
        let sender = std::thread::spawn(move || {
            let _ = writer.write_all(head.as_bytes());
            let _ = writer.write_all(&vec![0; 3_000_000]);
            let _ = writer.shutdown(std::net::Shutdown::Write);
        });
        sender.join().expect("the sender does not panic");
        let answer = client.answer("POST").expect(413, "three million bytes");
        assert_eq!(answer.field("connection"), Some("close"));
        client.expect_end("behind a refusal");
    }
}

/// A body that nobody wants is read over, and the next request is found behind it.
#[phase7::test(points = 1, rule = 25)]
fn a_body_that_nobody_wants_is_read_over() {
    let server = Daemon::start(&["--max-body", "1000"]);
    server.root.write("a.txt", "hello\n");
    let mut client = server.connect();
    let body = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
    let length = format!("Content-Length: {}", body.len());
    client.send(request("GET", "/a.txt", &[&length]) + body + &request("GET", "/none", &[]));
    client.answer("GET").expect(200, "a file");
    client.answer("GET").expect(404, "the request behind the body");
    client.send(request("POST", "/a.txt", &["Transfer-Encoding: chunked"]) + "3\r\nabc\r\n3e8\r\n");
    client
        .answer("POST")
        .expect(413, "a body that is too long in its second chunk");
    client.expect_end("behind a refusal");
}

/// `100 Continue` comes before the body, and only where the body is wanted.
#[phase7::test(points = 1, rule = 25)]
fn continue_is_said_where_the_body_is_wanted() {
    let server = Daemon::start(&["--echo", "/echo", "--max-body", "1000"]);
    let mut client = server.connect();
    client.send(request(
        "POST",
        "/echo",
        &["Expect: 100-continue", "Content-Length: 5"],
    ));
    client.head().expect(100, "go on");
    client.send("hello");
    assert_eq!(client.answer("POST").expect(200, "the echo").body, b"hello");
    client.send(request("POST", "/echo", &["Expect: 100-continue", "Content-Length: 5"]) + "again");
    assert_eq!(
        client
            .answer("POST")
            .expect(200, "the body was there already")
            .body,
        b"again"
    );
    client.send(request(
        "POST",
        "/a.txt",
        &["Expect: 100-continue", "Content-Length: 5"],
    ));
    let answer = client.answer("POST").expect(405, "the body is not wanted");
    assert_eq!(
        answer.field("connection"),
        Some("close"),
        "the body may come or not"
    );
    client.expect_end("where the next request begins is not known");
    for (fields, status) in [
        (["Expect: 100-continue", "Content-Length: 1001"], 413),
        (["Expect: tea", "Content-Length: 5"], 417),
    ] {
        server.ask("POST", "/echo", &fields).expect(status, fields[0]);
    }
}

/// An echo that fails has no end.
#[phase7::test(points = 1, rule = 26)]
fn an_echo_that_fails_has_no_end() {
    let server = Daemon::start(&["--echo", "/echo"]);
    let mut client = server.connect();
    client.send(request("POST", "/echo", &["Transfer-Encoding: chunked"]) + "3\r\nabc\r\n");
    client.head().expect(200, "the echo");
    assert_eq!(client.chunk().as_deref(), Some(&b"abc"[..]));
    client.send("nonsense\r\n");
    let mut rest = Vec::new();
    let _ = std::io::Read::read_to_end(&mut client.stream, &mut rest);
    assert_eq!(
        String::from_utf8_lossy(&rest),
        "",
        "what comes behind the last chunk that was fine"
    );
    let mut client = server.connect();
    client.send(request("POST", "/echo", &["Transfer-Encoding: chunked"]) + "nonsense\r\n");
    client
        .answer("POST")
        .expect(400, "a body that is wrong from its first byte on");
}

/// One connection too many is told so, and a place that is free again is given.
#[phase7::test(points = 1, rule = 28, timeout_s = 20)]
fn places_are_counted() {
    let server = Daemon::start(&["--max-connections", "2"]);
    let mut clients = [server.connect(), server.connect()];
    for client in &mut clients {
        client.send(request("GET", "/none", &[]));
        client.answer("GET").expect(404, "one of two connections");
    }
    let mut third = server.connect();
    let answer = third.answer("GET").expect(503, "the third of two connections");
    assert_eq!(answer.field("connection"), Some("close"));
    third.expect_end("behind a refusal");
    let [first, mut second] = clients;
    drop(first);
    wait::until("a free place", Duration::from_secs(5), || {
        server.ask("GET", "/none", &[]).status == 404
    });
    second.send(request("GET", "/none", &[]));
    second
        .answer("GET")
        .expect(404, "a connection that was there all the time");
}

/// Clients that vanish concern nobody else.
#[phase7::test(points = 1, rule = 28, timeout_s = 20)]
fn clients_that_vanish_stop_nothing() {
    let server = Daemon::start(&["--max-connections", "50"]);
    server.root.write("large", vec![b'l'; 4 << 20]);
    for _ in 0..100 {
        let mut client = server.connect();
        // Those that are not let in may be reset already.
        let _ = client
            .stream
            .get_mut()
            .write_all(request("GET", "/large", &[]).as_bytes());
        let socket = socket2::SockRef::from(client.stream.get_ref());
        socket
            .set_linger(Some(Duration::ZERO))
            .expect("a socket can be told how to close");
    }
    wait::until("a free place", Duration::from_secs(5), || {
        server.ask("GET", "/none", &[]).status == 404
    });
    server.terminate(0);
}
