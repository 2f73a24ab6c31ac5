//! TLS, HTTP/2, and clients that others wrote.

use phase7::{Program, Scratch};

use super::support::Daemon;

/// A server with a certificate of its own, and the place where that lies.
fn start(options: &[&str]) -> (Daemon, Scratch) {
    let files = Scratch::new();
    let key =
        rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate can be made");
    let certificate = files.write("cert.pem", key.cert.pem());
    let private = files.write("key.pem", key.signing_key.serialize_pem());
    let path = |path: &std::path::Path| path.to_str().expect("a plain path").to_owned();
    let (certificate, private) = (path(&certificate), path(&private));
    let tls = ["--tls-cert", certificate.as_str(), "--tls-key", private.as_str()];
    let daemon = Daemon::start(&[&tls, options].concat());
    daemon.root.write("a.txt", "hello\n");
    (daemon, files)
}

/// curl, told to trust the server's certificate, and to print what it has got.
fn curl(server: &Daemon, files: &Scratch, target: &str, arguments: &[&str]) -> String {
    let resolve = format!("localhost:{}:127.0.0.1", server.address.port());
    let url = format!("https://localhost:{}{target}", server.address.port());
    let output = Program::new("curl")
        .args([
            "-s",
            "--max-time",
            "8",
            "-w",
            "\n%{http_version} %{http_code}",
            "--resolve",
            &resolve,
            "--cacert",
        ])
        .arg(files.join("cert.pem"))
        .args(arguments)
        .arg(url)
        .run();
    output.expect_code(0).stdout()
}

/// What openssl says of a handshake, and what the server answers in it.
fn s_client(server: &Daemon, files: &Scratch, arguments: &[&str], input: &str) -> String {
    let output = Program::new("openssl")
        .args([
            "s_client",
            "-connect",
            &server.address.to_string(),
            "-servername",
            "localhost",
            "-ign_eof",
            "-CAfile",
        ])
        .arg(files.join("cert.pem"))
        .args(arguments)
        .stdin(input)
        .run();
    output.stdout()
}

/// The protocol is agreed on in the handshake; without a word about it, it is HTTP/1.1.
#[phase7::test(points = 1, rule = 30, needs = "openssl", timeout_s = 20)]
fn openssl_agrees_on_a_protocol() {
    let (server, files) = start(&[]);
    let request = "GET /a.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let text = s_client(&server, &files, &["-alpn", "http/1.1"], request);
    assert!(
        text.contains("ALPN protocol: http/1.1"),
        "what was agreed on: {text}"
    );
    assert!(
        text.contains("Verification: OK"),
        "the certificate is the one that was given: {text}"
    );
    assert!(text.contains("\r\n\r\nhello\n"), "the file: {text}");
    let text = s_client(&server, &files, &[], request);
    assert!(
        text.contains("No ALPN negotiated") && text.contains("\r\n\r\nhello\n"),
        "without ALPN: {text}"
    );
    let text = s_client(&server, &files, &["-tls1_2", "-alpn", "http/1.1"], request);
    assert!(
        text.contains("TLSv1.2") && text.contains("\r\n\r\nhello\n"),
        "TLS 1.2: {text}"
    );
}

/// Files and parts of them, over TLS and over HTTP/2.
#[phase7::test(points = 2, rule = 31, needs = "curl", timeout_s = 30)]
fn both_versions_get_the_same() {
    let (server, files) = start(&[]);
    let large: String = (0..200_000).map(|line| format!("{line}\n")).collect();
    server.root.write("large.txt", &large);
    for (version, option) in [("2", "--http2"), ("1.1", "--http1.1")] {
        let get = |target: &str, arguments: &[&str]| {
            curl(&server, &files, target, &[&[option], arguments].concat())
        };
        assert_eq!(get("/a.txt", &[]), format!("hello\n\n{version} 200"));
        assert_eq!(get("/a.txt", &["-r", "1-3"]), format!("ell\n{version} 206"));
        assert_eq!(
            get("/a.txt", &["-H", "If-None-Match: *"]),
            format!("\n{version} 304")
        );
        let head = get("/a.txt", &["-I"]).to_ascii_lowercase();
        assert!(
            head.contains("content-length: 6") && head.ends_with(&format!("{version} 200")),
            "{head}"
        );
        assert!(get("/none", &[]).ends_with(&format!("{version} 404")), "no file");
        assert!(
            get("/%2e%2e/a", &[]).ends_with(&format!("{version} 400")),
            "a path that leads out"
        );
        assert!(
            get("/a.txt", &["-X", "DELETE"]).ends_with(&format!("{version} 405")),
            "a method"
        );
        assert!(
            get("/large.txt", &[]) == format!("{large}\n{version} 200"),
            "a large file"
        );
    }
    server.terminate(0);
}

/// Bodies go both ways, and have their limit.
#[phase7::test(points = 1, rule = 31, needs = "curl", timeout_s = 30)]
fn both_versions_take_bodies() {
    let (server, files) = start(&["--echo", "/echo", "--max-body", "300000"]);
    let body: String = (0..40_000).map(|line| format!("{line}\n")).collect();
    let path = files.write("body", &body[..300_000.min(body.len())]);
    let long = files.write("long", vec![b'x'; 300_001]);
    for (version, option) in [("2", "--http2"), ("1.1", "--http1.1")] {
        let send = |path: &std::path::Path, target: &str| {
            let data = format!("@{}", path.display());
            curl(&server, &files, target, &[option, "--data-binary", &data])
        };
        let echoed = send(&path, "/echo");
        assert!(
            echoed == format!("{}\n{version} 200", &body[..300_000.min(body.len())]),
            "the echo in {version}"
        );
        assert!(
            send(&long, "/echo").ends_with(&format!("{version} 413")),
            "too long in {version}"
        );
        assert!(
            send(&path, "/a.txt").ends_with(&format!("{version} 405")),
            "nobody wants it in {version}"
        );
    }
    server.terminate(0);
}
