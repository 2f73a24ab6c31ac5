//! An HTTP server for static files: HTTP/1.1 from the socket up, and HTTP/2 behind the same handler.
//!
//! Without I/O, and so to be tested without a network:
//! - [`parser`]: bytes to requests; [`serialise`]: the way back; [`refusal`]: what is wrong with a request
//! - [`request`], [`response`]: what passes between a connection and a handler
//! - [`path`], [`conditional`], [`range`], [`mime`]: what a request for a file means
//! - [`access_log`]: the line that is left of it
//!
//! Complete as they are: [`limits`], [`response`], [`mime`], and [`cli`], the command line. The server itself is yours
//! to divide into files; [`main`] is where it begins.

pub mod access_log;
pub mod cli;
pub mod conditional;
pub mod limits;
pub mod mime;
pub mod parser;
pub mod path;
pub mod range;
pub mod refusal;
pub mod request;
pub mod response;
pub mod serialise;

/// The program: parses its arguments, serves until SIGTERM or SIGINT.
///
/// The exit code is 0 when every request under way was answered, 1 when the server could not work, 2 for wrong
/// usage, and 3 when the grace period ended with connections that had to be cut.
pub fn main() -> std::process::ExitCode {
    todo!("read the command line with cli::Cli::read, print where you listen, serve until a signal")
}
