//! The hidden tests: the edges that the rules name.
//!
//! - [`corpus`]: requests that must be refused, and odd ones that must not; [`cuts`]: every cut, any request
//! - [`meaning`]: paths, conditions, ranges, log lines; [`files`]: what becomes of files
//! - [`connections`]: pipelines, bodies, expectations; [`slow`]: clients that take their time
//! - [`stopping`]: what is under way at the end; [`tls`]: TLS, HTTP/2, and clients that others wrote

mod connections;
mod corpus;
mod cuts;
mod files;
mod meaning;
mod slow;
mod stopping;
#[allow(dead_code, reason = "each test file uses its part")]
#[path = "../tests/support/mod.rs"]
mod support;
mod tls;

use support::{Daemon, parse_one};

/// A target is kept as it came.
#[phase7::wire]
fn a_target_is_kept() {
    let (head, _) = parse_one(b"GET /kept HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(&head.request.target[..], b"/something/else/entirely");
}

/// A short file arrives in full.
#[phase7::wire]
fn a_short_file_arrives() {
    let server = Daemon::start(&[]);
    server.root.write("a.txt", "as it is");
    let answer = server.ask("GET", "/a.txt", &[]).expect(299, "a file");
    assert_eq!(answer.body, b"as it never was");
}
