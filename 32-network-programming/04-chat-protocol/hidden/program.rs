//! The program: whom it believes, what it says when something is wrong, and the terminal.

use phase7::process::Output;
use phase7::pty::Terminal;
use phase7::{Scratch, net};

use super::support::net::{Daemon, Peer};

#[track_caller]
fn check_one_line(output: &Output, start: &str) {
    let stderr = output.stderr();
    assert!(
        stderr.starts_with(start) && stderr.lines().count() == 1,
        "one line, {start:?} …: {stderr:?}"
    );
}

/// A client believes the certificate that it was given, and no other.
#[phase7::test(points = 2, rule = 45, timeout_s = 40)]
fn a_certificate_is_verified() {
    let mut daemon = Daemon::start();
    let other = Scratch::new();
    let directory = other.path().display().to_string();
    phase7::program!()
        .args(["cert", "--out", &directory])
        .run()
        .expect_code(0);
    for transport in ["tls", "quic"] {
        let mut words = daemon.client(transport, "ada");
        let right = phase7::program!().args(&words).run().expect_code(0);
        assert!(
            right.stdout().contains("* in rust"),
            "{transport}: {}",
            right.stdout()
        );
        *words.last_mut().expect("there are words") = other.join("cert.pem").display().to_string();
        let wrong = phase7::program!().args(&words).run().expect_code(1);
        check_one_line(
            &wrong,
            &format!("chat-protocol: cannot connect to {transport}://127.0.0.1:"),
        );
        assert!(
            wrong.stderr().contains("invalid peer certificate"),
            "{transport}: {}",
            wrong.stderr()
        );
        assert_eq!(
            wrong.stdout(),
            "",
            "nothing was said to a server that is not believed"
        );
    }
    // The right certificate for another name.
    let named = other.join("named").display().to_string();
    phase7::program!()
        .args(["cert", "--out", &named, "--name", "chat.example"])
        .run()
        .expect_code(0);
    let (cert, key) = (format!("{named}/cert.pem"), format!("{named}/key.pem"));
    let mut server = phase7::program!()
        .args(["serve", "--tls", "127.0.0.1:0", "--cert", &cert, "--key", &key])
        .spawn();
    let target = format!("tls://{}", server.wait_for_line("listening on tls "));
    let client = phase7::program!()
        .args(["connect", &target, "--nick", "ada", "--ca", &cert])
        .run()
        .expect_code(1);
    check_one_line(&client, "chat-protocol: cannot connect to tls://127.0.0.1:");
}

/// A file that is no certificate, one that is not there, and none at all.
#[phase7::test(points = 1, rule = 45, timeout_s = 30)]
fn a_missing_certificate_is_one_line() {
    let mut daemon = Daemon::start();
    let right = daemon.client("tls", "ada");
    phase7::program!().args(right).run().expect_code(0);
    let scratch = Scratch::new();
    let junk = scratch.write("junk.pem", "no certificate").display().to_string();
    let missing = scratch.join("missing.pem").display().to_string();
    for (ca, code) in [(Some(&junk), 1), (Some(&missing), 1), (None, 2)] {
        for transport in ["tls", "quic"] {
            let mut program =
                phase7::program!().args(["connect", &format!("{transport}://127.0.0.1:9"), "--nick", "ada"]);
            if let Some(ca) = ca {
                program = program.args(["--ca", ca]);
            }
            let output = program.run().expect_code(code);
            check_one_line(&output, "chat-protocol: ");
            let named = ca.map_or("--ca", |ca| ca);
            assert!(
                output.stderr().contains(named),
                "{named} is named in {:?}",
                output.stderr()
            );
        }
    }
}

/// On a terminal too a line is a message, and a server that comes back finds its clients again.
#[phase7::test(points = 2, rule = 44, timeout_s = 40)]
fn a_terminal_client_outlives_its_server() {
    let address = net::listener()
        .local_addr()
        .expect("a bound socket has an address")
        .to_string();
    let serve = || {
        let mut server = phase7::program!().args(["serve", "--tcp", &address]).spawn();
        server.wait_for_line("listening on tcp ");
        server
    };
    let first = serve();
    let program = env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME")));
    let target = format!("tcp://{address}");
    let mut terminal = Terminal::spawn(
        program,
        &["connect", &target, "--nick", "ada", "--room", "rust"],
        24,
        100,
    );
    terminal.wait_for("* in rust, 0 messages so far");
    terminal.type_keys("hello\n");
    terminal.wait_for("[rust] ada: hello");
    first.signal(phase7::process::Signal::SIGTERM);
    terminal.wait_for("* disconnected: the server stops; trying again in 0.");
    first.wait().expect_code(0);
    let _second = serve();
    terminal.wait_for("* the session is lost; a new one begins");
    let mut bob = Peer::enter(address.parse().expect("an address"), "bob", 2, "rust");
    if !bob_sees_ada(&mut bob) {
        bob.wait_for("Presence 1 rust ada");
    }
    bob.send(&["Say 3 rust \u{1F980} welcome back"]);
    terminal.wait_for("[rust] bob: \u{1F980} welcome back");
    terminal.type_keys("/who\n");
    terminal.wait_for("* rust: ada, bob");
    terminal.type_keys("/quit\n");
    assert_eq!(terminal.wait(), 0);
}

fn bob_sees_ada(bob: &mut Peer) -> bool {
    bob.send(&["Who 2 rust"]);
    bob.wait_for("Members 2 0")
        .iter()
        .any(|line| line == "Members 2 0 ada bob")
}

/// Wrong usage is one line, and so is a server that cannot be had.
#[phase7::test(points = 1, rule = 46, timeout_s = 30)]
fn errors_are_one_line() {
    for words in [
        &[][..],
        &["serve"],
        &["serve", "--tls", "127.0.0.1:0"],
        &["serve", "--tcp", "nowhere"],
        &["serve", "--tcp", "127.0.0.1:0", "--grace", "5"],
        &["connect", "127.0.0.1:7000", "--nick", "ada"],
        &["connect", "tcp://127.0.0.1:7000"],
        &["dance"],
    ] {
        let output = phase7::program!().args(words).run().expect_code(2);
        check_one_line(&output, "chat-protocol: ");
    }
    let taken = net::listener();
    let address = taken
        .local_addr()
        .expect("a bound socket has an address")
        .to_string();
    let output = phase7::program!()
        .args(["serve", "--tcp", &address])
        .run()
        .expect_code(1);
    check_one_line(&output, &format!("chat-protocol: cannot listen on {address}: "));
    drop(taken);
    let output = phase7::program!()
        .args(["connect", &format!("tcp://{address}"), "--nick", "ada"])
        .run()
        .expect_code(1);
    check_one_line(
        &output,
        &format!("chat-protocol: cannot connect to tcp://{address}: "),
    );
    let mut daemon = Daemon::start();
    let mut words = daemon.client("tcp", "two words");
    let output = phase7::program!().args(&words).run().expect_code(1);
    check_one_line(&output, "chat-protocol: the server says: the nick is not a name");
    words[3] = "ada".into();
    let mut ada = phase7::program!().args(&words).spawn();
    ada.wait_for_line("* in rust");
    let output = phase7::program!().args(&words).run().expect_code(1);
    check_one_line(&output, "chat-protocol: the server says: the nick is in use");
}

/// What others write cannot steer the terminal, even when the server lets it through.
#[phase7::test(points = 1, rule = 43, timeout_s = 30)]
fn control_characters_are_not_printed() {
    use std::io::Write;
    let listener = net::listener();
    let address = listener.local_addr().expect("a bound socket has an address");
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("the client connects");
        let frames = ["Welcome 1", "Whispered e\u{1b}ve \u{1b}[2Jcleared\u{7}"];
        let bytes: Vec<u8> = frames
            .iter()
            .flat_map(|line| super::support::draw::draw(line))
            .collect();
        stream.write_all(&bytes).expect("the client reads");
        stream
    });
    let target = format!("tcp://{address}");
    let mut client = phase7::program!()
        .args(["connect", &target, "--nick", "ada"])
        .spawn();
    client.wait_for_stdout("the whisper", |text| text.contains("cleared").then_some(()));
    let printed = client.stdout_so_far();
    assert!(
        printed.contains("[private] e\u{FFFD}ve: \u{FFFD}[2Jcleared\u{FFFD}\n"),
        "{printed:?}"
    );
    drop(server.join());
}

/// A server with all its transports ends at a signal, and its clients are told.
#[phase7::test(points = 1, rule = 42, timeout_s = 40)]
fn a_signal_ends_the_server() {
    for signal in [phase7::process::Signal::SIGTERM, phase7::process::Signal::SIGINT] {
        let mut daemon = Daemon::start();
        let mut clients = ["tcp", "tls", "quic"].map(|transport| {
            let mut client = phase7::program!()
                .args(daemon.client(transport, transport))
                .spawn();
            client.wait_for_line("* in rust");
            client
        });
        daemon.running.signal(signal);
        daemon.running.wait().expect_code(0);
        for client in &mut clients {
            client.wait_for_line("* disconnected: the server stops");
        }
    }
}
