//! An echo server three times: frames over TCP on threads and on tokio, datagrams over UDP.
//!
//! - [`frame`]: the framing, without I/O; [`refusal`]: how the server says no
//! - [`limits`]: what bounds a server (complete as it is); [`listen`]: its socket
//! - [`threads`], [`tasks`], [`udp`]: the servers, each a function `serve`
//! - [`main`]: the program
//!
//! A server is stopped through a [`CancellationToken`](tokio_util::sync::CancellationToken): a thread asks it
//! with `is_cancelled`, a task awaits it with `cancelled`.

pub mod frame;
pub mod limits;
pub mod listen;
pub mod refusal;
pub mod tasks;
pub mod threads;
pub mod udp;

/// The program: parses its arguments, serves until SIGTERM or SIGINT.
///
/// The exit code is 0 when everything in flight was finished, 1 when the server could not listen or serve, 2
/// for wrong usage, and 3 when the grace period ended with connections still open.
pub fn main() -> std::process::ExitCode {
    todo!("parse the command line with clap, print where you listen, serve until a signal")
}
