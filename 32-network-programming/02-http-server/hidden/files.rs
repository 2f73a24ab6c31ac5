//! What becomes of files: changed ones, odd ones, large ones, and ones that are somewhere else.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::time::Duration;

use nix::sys::stat::Mode;
use phase7::{Scratch, wait};

use super::support::{Daemon, request};

/// A change is seen within a second or so, and has another tag even at the same time and length.
#[phase7::test(points = 1, rule = 19, timeout_s = 20)]
fn a_changed_file_is_seen() {
    let server = Daemon::start(&[]);
    let path = server.root.write("a.txt", "one");
    let modified = std::fs::metadata(&path)
        .and_then(|metadata| metadata.modified())
        .expect("a time");
    let first = server.ask("GET", "/a.txt", &[]).expect(200, "a file");
    let other = server.root.write("b", "two");
    let file = std::fs::File::options().write(true).open(&other).expect("a file");
    file.set_modified(modified).expect("a time can be set");
    std::fs::rename(&other, &path).expect("a file can be renamed");
    let second = wait::until_some("the new file", Duration::from_secs(5), || {
        let answer = server.ask("GET", "/a.txt", &[]).expect(200, "a file");
        (answer.body == b"two").then_some(answer)
    });
    assert_ne!(first.field("etag"), second.field("etag"), "the tags of two files");
    std::fs::remove_file(&path).expect("a file can be removed");
    wait::until("the file to be gone", Duration::from_secs(5), || {
        server.ask("GET", "/a.txt", &[]).status == 404
    });
}

/// What is no file is not found, and nobody waits for it.
#[phase7::test(points = 1, rule = 20)]
fn what_is_no_file_is_not_found() {
    let server = Daemon::start(&[]);
    let fifo = server.root.join("fifo");
    nix::unistd::mkfifo(&fifo, Mode::from_bits_truncate(0o600)).expect("a FIFO can be made");
    std::os::unix::net::UnixListener::bind(server.root.join("socket")).expect("a socket can be made");
    server.root.write("a.txt", "hello");
    server.root.write("empty/.keep", "");
    symlink("loop", server.root.join("loop")).expect("a link can be made");
    for target in [
        "/fifo",
        "/socket",
        "/a.txt/",
        "/a.txt/b",
        "/loop",
        "/empty/",
        "/index.html",
    ] {
        server.ask("GET", target, &[]).expect(404, target);
    }
    server
        .ask("GET", &format!("/{}", "a".repeat(300)), &[])
        .expect(404, "a name that is too long");
    let closed = server.root.write("closed.txt", "secret");
    std::fs::set_permissions(&closed, PermissionsExt::from_mode(0o000)).expect("rights can be taken");
    if std::fs::read(&closed).is_err() {
        server
            .ask("GET", "/closed.txt", &[])
            .expect(403, "a file that may not be read");
    }
}

/// Links are followed as long as they stay below the root.
#[phase7::test(points = 2, rule = 21)]
fn links_that_lead_out_are_not_followed() {
    let outside = Scratch::new();
    outside.write("secret.txt", "secret");
    outside.write("index.html", "secret");
    let server = Daemon::start(&[]);
    server.root.write("sub/a.txt", "hello");
    let out = outside
        .path()
        .file_name()
        .and_then(|name| name.to_str())
        .expect("a plain name");
    symlink(outside.path(), server.root.join("absolute")).expect("a link can be made");
    symlink(format!("../{out}"), server.root.join("relative")).expect("a link can be made");
    symlink(format!("../../{out}/secret.txt"), server.root.join("sub/deep")).expect("a link can be made");
    symlink("sub/a.txt", server.root.join("inside")).expect("a link can be made");
    symlink("../sub", server.root.join("sub/again")).expect("a link can be made");
    for target in [
        "/absolute",
        "/absolute/",
        "/absolute/secret.txt",
        "/relative/secret.txt",
        "/sub/deep",
    ] {
        server.ask("GET", target, &[]).expect(404, target);
    }
    for target in ["/inside", "/sub/again/a.txt"] {
        let answer = server.ask("GET", target, &[]).expect(200, target);
        assert_eq!(answer.body, b"hello", "{target}");
    }
}

/// Conditions and ranges reach the answer, with the fields that they must have.
#[phase7::test(points = 1, rule = 23)]
fn parts_and_conditions_have_their_fields() {
    let server = Daemon::start(&[]);
    server.root.write("a.txt", "0123456789");
    let whole = server.ask("GET", "/a.txt", &[]).expect(200, "a file");
    let tag = whole.field("etag").expect("a file has a tag").to_owned();
    let part = server
        .ask("GET", "/a.txt", &["Range: bytes=2-4"])
        .expect(206, "a part");
    assert_eq!(
        (part.body.as_slice(), part.field("content-range")),
        (&b"234"[..], Some("bytes 2-4/10"))
    );
    assert_eq!(part.field("etag"), Some(tag.as_str()), "the tag of a part");
    let none = server
        .ask("GET", "/a.txt", &["Range: bytes=10-"])
        .expect(416, "no part");
    assert_eq!(none.field("content-range"), Some("bytes */10"));
    let head = server
        .ask("HEAD", "/a.txt", &["Range: bytes=2-4"])
        .expect(200, "a HEAD has no parts");
    assert_eq!(head.field("content-length"), Some("10"));
    let stale = server.ask("GET", "/a.txt", &["Range: bytes=2-4", "If-Range: \"other\""]);
    assert_eq!(stale.expect(200, "another state").body, b"0123456789");
    let mut client = server.connect();
    let has = format!("If-None-Match: {tag}");
    client.send(request("GET", "/a.txt", &[&has, "Range: bytes=2-4"]) + &request("GET", "/a.txt", &[]));
    let same = client.answer("GET").expect(304, "the client has it");
    assert_eq!(
        (same.field("etag"), same.field("content-length")),
        (Some(tag.as_str()), None)
    );
    client.answer("GET").expect(200, "behind an answer without body");
    server
        .ask("GET", "/a.txt", &["If-Match: \"other\""])
        .expect(412, "another state");
}

/// A large file is sent by the kernel, and the server does not hold it.
#[phase7::test(points = 2, rule = 24, timeout_s = 30)]
fn a_large_file_does_not_pass_through_the_server() {
    const LENGTH: usize = 48 << 20;
    let root = Scratch::new();
    root.write("large", vec![b'x'; LENGTH]);
    let server = Daemon::serving(root, &[]);
    let counter = |name: &str| -> usize {
        let io = std::fs::read_to_string(format!("/proc/{}/io", server.running.id()))
            .expect("a process has counters");
        let value = io
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .expect("a counter");
        value.trim().parse().expect("a number")
    };
    let (read, written) = (counter("rchar:"), counter("wchar:"));
    let answer = server.ask("GET", "/large", &[]).expect(200, "a large file");
    assert!(
        answer.body.len() == LENGTH && answer.body.iter().all(|byte| *byte == b'x'),
        "the body"
    );
    // sendfile(2) counts what it moves as read and as written; send(2), with which a buffer would go out, does not.
    assert!(counter("rchar:") - read >= LENGTH, "bytes that were read");
    assert!(
        counter("wchar:") - written >= LENGTH,
        "bytes that were written by sendfile"
    );
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.running.id())).expect("a status");
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .expect("a peak");
    let peak_kib: usize = peak.trim().trim_end_matches(" kB").parse().expect("a number");
    assert!(
        peak_kib < 32 << 10,
        "the most memory that the server had: {peak_kib} KiB"
    );
}

/// A file that becomes shorter while it is sent ends the connection: its length was said.
#[phase7::test(points = 1, rule = 24, timeout_s = 30)]
fn a_file_that_shrinks_ends_the_connection() {
    let root = Scratch::new();
    let path = root.write("large", vec![b'x'; 32 << 20]);
    let server = Daemon::serving(root, &[]);
    let mut client = server.connect();
    client.send(request("GET", "/large", &[]));
    let head = client.head().expect(200, "a large file");
    assert_eq!(head.field("content-length"), Some("33554432"));
    client.exactly(1000);
    let file = std::fs::File::options().write(true).open(&path).expect("a file");
    file.set_len(1 << 20).expect("a file can be cut");
    client
        .stream
        .get_ref()
        .set_read_timeout(Some(Duration::from_secs(5)))
        .expect("a deadline that is not zero");
    let mut rest = Vec::new();
    let end = std::io::Read::read_to_end(&mut client.stream, &mut rest);
    assert!(rest.len() < (32 << 20) - 1000, "bytes that are there no more");
    assert!(
        !matches!(&end, Err(error) if error.kind() == std::io::ErrorKind::WouldBlock),
        "the end of the connection was expected: {end:?}"
    );
}
