//! What is under way when the server is told to stop.

use std::io::ErrorKind;
use std::net::TcpStream;
use std::time::Duration;

use phase7::process::Signal;
use phase7::wait;

use super::support::{Daemon, request};

fn wait_until_deaf(server: &Daemon) {
    wait::until(
        "the listener to be closed",
        Duration::from_secs(10),
        || matches!(TcpStream::connect(server.address), Err(error) if error.kind() == ErrorKind::ConnectionRefused),
    );
}

/// A request whose head is half there is answered, and told that it was the last.
#[phase7::test(points = 1, rule = 32, timeout_s = 20)]
fn what_has_begun_is_finished() {
    let server = Daemon::start(&["--echo", "/echo", "--grace", "60s"]);
    server.root.write("large", vec![b'l'; 8 << 20]);
    let (mut half, mut body, mut large) = (server.connect(), server.connect(), server.connect());
    for client in [&mut half, &mut body, &mut large] {
        client.send(request("GET", "/none", &[]));
        client.answer("GET").expect(404, "a connection that is served");
    }
    body.send(request("POST", "/echo", &["Transfer-Encoding: chunked"]) + "3\r\none\r\n");
    body.head().expect(200, "the echo");
    assert_eq!(body.chunk().as_deref(), Some(&b"one"[..]));
    half.send("GET /none HTTP/1.1\r\nHo");
    large.send(request("GET", "/large", &[]));
    large.head().expect(200, "a large file");
    // The server reads in the order of arrival: an answer to what came later shows that it has read `half`.
    let mut last = server.connect();
    last.send(request("GET", "/none", &[]));
    last.answer("GET").expect(404, "what came later");
    server.running.signal(Signal::SIGTERM);
    wait_until_deaf(&server);
    last.expect_end("an idle connection");
    half.send("st: x\r\n\r\n");
    let answer = half
        .answer("GET")
        .expect(404, "a request whose head was half there");
    assert_eq!(
        answer.field("connection"),
        Some("close"),
        "no further request is answered"
    );
    half.expect_end("behind the last answer");
    body.send("3\r\ntwo\r\n0\r\n\r\n");
    assert_eq!(body.chunk().as_deref(), Some(&b"two"[..]));
    assert_eq!(body.chunk(), None, "the end of the echo");
    assert!(
        large.exactly(8 << 20).iter().all(|byte| *byte == b'l'),
        "the large file"
    );
    drop((half, body, large, last));
    server.running.wait().expect_code(0);
}

/// What has not ended with the grace is cut, and that is told.
#[phase7::test(points = 1, rule = 33, timeout_s = 20)]
fn what_does_not_end_is_cut() {
    let server = Daemon::start(&["--grace", "200ms"]);
    let mut client = server.connect();
    client.send(request("GET", "/none", &[]) + "GET / HTTP/1.1\r\n");
    client
        .answer("GET")
        .expect(404, "the request ahead of half a head");
    server.running.signal(Signal::SIGTERM);
    let output = server.running.wait().expect_code(3);
    let stderr = output.stderr();
    assert!(
        stderr.starts_with("http-server: ") && stderr.matches('\n').count() == 1,
        "one line on standard error: {stderr:?}"
    );
}

/// Errors are one line, and the exit code tells whose they are.
#[phase7::test(points = 1, rule = 34)]
fn errors_are_one_line() {
    let taken = phase7::net::listener();
    let address = taken
        .local_addr()
        .expect("a bound socket has an address")
        .to_string();
    let wrong: [(&[&str], i32, &str); 6] = [
        (&[], 2, "http-server: "),
        (&[".", "--grace", "1"], 2, "http-server: "),
        (&[".", "--tls-cert", "a"], 2, "http-server: "),
        (
            &["/nowhere", "--listen", "127.0.0.1:0"],
            1,
            "http-server: cannot serve /nowhere: ",
        ),
        (
            &[".", "--listen", &address, "--threads", "1"],
            1,
            "http-server: cannot listen on 127.0.0.1:",
        ),
        (
            &[".", "--listen", "127.0.0.1:0", "--access-log", "/"],
            1,
            "http-server: cannot open /: ",
        ),
    ];
    for (arguments, code, start) in wrong {
        let output = phase7::program!().args(arguments).run().expect_code(code);
        let stderr = output.stderr();
        assert!(
            stderr.starts_with(start) && stderr.matches('\n').count() == 1,
            "one line that starts with {start:?} for {arguments:?}: {stderr:?}"
        );
        assert_eq!(output.stdout(), "", "standard output for {arguments:?}");
    }
}

/// Several threads are one server.
#[phase7::test(points = 1, rule = 34, timeout_s = 20)]
fn several_threads_are_one_server() {
    let root = phase7::Scratch::new();
    root.write("a.txt", "hello\n");
    let mut running = phase7::program!()
        .arg(root.path())
        .args([
            "--listen",
            "127.0.0.1:0",
            "--threads",
            "4",
            "--max-connections",
            "8",
        ])
        .spawn();
    let address = running
        .wait_for_line("listening on ")
        .parse()
        .expect("an address");
    let server = Daemon {
        running,
        address,
        root,
    };
    let mut clients: Vec<_> = (0..8).map(|_| server.connect()).collect();
    for client in &mut clients {
        client.send(request("GET", "/a.txt", &[]));
        client.answer("GET").expect(200, "one of eight connections");
    }
    server
        .ask("GET", "/a.txt", &[])
        .expect(503, "the ninth, whatever its thread");
    let tasks =
        std::fs::read_dir(format!("/proc/{}/task", server.running.id())).expect("a process has threads");
    assert!(tasks.count() >= 4, "threads");
    drop(clients);
    server.terminate(0);
}
