//! What bounds a server: bytes, connections and time.

use std::time::Duration;

/// The most bytes that the line of a chunk's size may take, its CRLF included.
pub const MAX_CHUNK_LINE: usize = 256;

/// A body may come as slowly as this, in bytes a second, once its `body_timeout` is used up.
pub const MIN_BODY_RATE: u64 = 1024;

/// The limits of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes of a request's head: the request line, the fields, and the empty line behind them.
    pub max_head: usize,
    /// Most field lines in a head, or in the trailers of a chunked body.
    pub max_fields: usize,
    /// Most bytes of a request's body, chunked or not.
    pub max_body: u64,
    /// Most connections at a time.
    pub max_connections: usize,
    /// How long a head may take from its first byte on, and the TLS handshake before it.
    pub head_timeout: Duration,
    /// How long the server may wait for a body altogether, beside the time that [`MIN_BODY_RATE`] allows.
    pub body_timeout: Duration,
    /// How long a connection may be idle between two requests.
    pub idle_timeout: Duration,
    /// How long a peer may take nothing of a response.
    pub write_timeout: Duration,
    /// How long requests under way may take when the server stops.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_head: 16 << 10,
            max_fields: 100,
            max_body: 1 << 20,
            max_connections: 1024,
            head_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(60),
            write_timeout: Duration::from_secs(30),
            grace: Duration::from_secs(5),
        }
    }
}
