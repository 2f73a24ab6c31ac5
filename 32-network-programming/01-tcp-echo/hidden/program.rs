//! The command line: what it refuses, what it passes on, how it ends.

use std::time::Duration;

use phase7::net;
use phase7::process::{Output, Signal};

use super::support::{self, Daemon, frame};

/// One line on standard error in the program's name, and nothing on standard output.
#[track_caller]
fn check_one_line(output: &Output, start: &str) {
    let stderr = output.stderr();
    assert_eq!(
        stderr.matches('\n').count(),
        1,
        "lines on standard error: {stderr:?}"
    );
    assert!(
        stderr.starts_with(start),
        "standard error starts with {start:?}: {stderr:?}"
    );
    assert_eq!(output.stdout(), "", "standard output");
}

/// Every wrong argument is one line, and exit code 2.
#[phase7::test(points = 1, rule = 24, timeout_s = 30)]
fn wrong_usage_is_one_line() {
    let wrong: [&[&str]; 13] = [
        &[],
        &["smoke"],
        &["threads", "--max-frame", "0"],
        &["tokio", "--max-frame", "16777217"],
        &["udp", "--max-frame", "65508"],
        &["tokio", "--max-connections", "0"],
        &["threads", "--read-timeout", "5"],
        &["tokio", "--read-timeout", "0s"],
        &["threads", "--write-timeout", "0ms"],
        &["tokio", "--grace", "-1s"],
        &["threads", "--grace", "86401s"],
        &["threads", "--listen", "nowhere"],
        &["udp", "--grace", "1s"],
    ];
    for arguments in wrong {
        let output = phase7::program!().args(arguments).run().expect_code(2);
        check_one_line(&output, "tcp-echo: ");
    }
    let help = phase7::program!().arg("--help").run().expect_code(0);
    assert!(
        help.stdout().contains("threads"),
        "the help names the servers: {:?}",
        help.stdout()
    );
}

/// An address that is taken is exit code 1 and names the address.
#[phase7::test(points = 1, rule = 24, timeout_s = 30)]
fn an_address_that_is_taken_is_one_line() {
    let (tcp, udp) = (net::listener(), net::udp());
    for (server, address) in [
        ("threads", tcp.local_addr()),
        ("tokio", tcp.local_addr()),
        ("udp", udp.local_addr()),
    ] {
        let address = address.expect("a bound socket has an address").to_string();
        let output = phase7::program!()
            .args([server, "--listen", &address])
            .run()
            .expect_code(1);
        check_one_line(&output, &format!("tcp-echo: cannot listen on {address}"));
    }
}

/// Each option reaches its limit, in both servers.
#[phase7::test(points = 1, rule = 22, timeout_s = 40)]
fn options_reach_the_servers() {
    for server in ["threads", "tokio"] {
        let options = [
            "--max-frame",
            "10",
            "--max-connections",
            "1",
            "--read-timeout",
            "1500ms",
            "--grace",
            "86400s",
        ];
        let daemon = Daemon::start(server, &options);
        let mut peer = daemon.connect();
        peer.round_trip(b"ten  bytes");
        daemon
            .connect()
            .expect_last(&support::BUSY, &format!("{server}: the second of one connection"));
        peer.expect_last(&support::TIMEOUT, &format!("{server}: what a silent peer hears"));
        drop(peer);
        let mut peer = support::until_served(daemon.address);
        peer.send(&frame(b"eleven byte"));
        peer.expect_last(&support::TOO_LARGE, &format!("{server}: a frame of eleven bytes"));
        drop(peer);
        daemon.terminate(0);
    }
}

/// Connections that had to be cut are exit code 3, with a line that says so.
#[phase7::test(points = 1, rule = 23, timeout_s = 30)]
fn a_cut_connection_is_told_by_the_exit_code() {
    for server in ["threads", "tokio"] {
        let daemon = Daemon::start(server, &["--grace", "100ms"]);
        let mut peer = daemon.connect();
        peer.round_trip(b"connected");
        let bytes = frame(b"never completed");
        peer.send(&[&bytes[..], &bytes[..9]].concat());
        peer.expect(&bytes, "the echo ahead of half a frame");
        daemon.running.signal(Signal::SIGTERM);
        let output = daemon.running.wait().expect_code(3);
        let stderr = output.stderr();
        assert_eq!(
            stderr.matches('\n').count(),
            1,
            "{server}: lines on standard error: {stderr:?}"
        );
        assert!(
            stderr.starts_with("tcp-echo: "),
            "{server}: standard error: {stderr:?}"
        );
    }
}

/// A peer that leaves in the middle of an echo concerns nobody else.
#[phase7::test(points = 1, rule = 16, timeout_s = 30)]
fn peers_that_vanish_stop_nothing() {
    for server in ["threads", "tokio"] {
        let daemon = Daemon::start(server, &["--write-timeout", "5s"]);
        for _ in 0..50 {
            let mut peer = daemon.connect();
            peer.send(&frame(&[7; 60_000]));
            // Closed with the echo unread: the server meets a reset.
            let socket = socket2::SockRef::from(&peer.stream);
            socket
                .set_linger(Some(Duration::ZERO))
                .expect("a socket can be told how to close");
        }
        daemon.connect().round_trip(b"served on");
        daemon.terminate(0);
    }
}
