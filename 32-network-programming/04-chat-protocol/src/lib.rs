//! A chat: one protocol, one core for each side, three transports.
//!
//! - [`wire`]: the protocol as bytes; [`limits`]: what bounds a server
//! - [`server`], [`client`]: the two cores, without sockets or clocks
//! - [`net`]: the server's core on TCP, TLS and QUIC
//! - [`main`]: the program, a server and a client for the terminal
//!
//! A server is stopped through a [`CancellationToken`](tokio_util::sync::CancellationToken).

mod cert;
mod cli;
pub mod client;
#[allow(dead_code, reason = "yours to use")]
mod connect;
pub mod limits;
pub mod net;
mod program;
pub mod server;
mod terminal;
pub mod wire;

/// The program: `cert`, `serve` or `connect`.
///
/// The exit code is 0 when everything was done, 1 when it could not be, and 2 for wrong usage.
pub fn main() -> std::process::ExitCode {
    program::run()
}
