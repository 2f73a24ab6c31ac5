//! What bounds a server, and what it has done when it ends.
//!
//! Everything that a peer could make grow has a number here: bytes of a frame, connections, time.

use std::time::Duration;

/// The largest value of [`Limits::max_frame`]: 16 MiB.
pub const MAX_FRAME_CEILING: usize = 16 << 20;

/// The bounds of one server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The longest payload of a frame, in bytes; from 1 to [`MAX_FRAME_CEILING`].
    pub max_frame: usize,
    /// Connections served at a time; one more is told that the server is busy.
    pub max_connections: usize,
    /// How long a peer may take for its next whole frame.
    pub read_timeout: Duration,
    /// How long a peer may let an echo wait without taking a single byte of it.
    pub write_timeout: Duration,
    /// How long connections may finish what they have begun once the server has been told to stop.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_frame: 64 << 10,
            max_connections: 1024,
            read_timeout: Duration::from_secs(30),
            write_timeout: Duration::from_secs(10),
            grace: Duration::from_secs(5),
        }
    }
}

/// What a server has done by its end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Connections that were served; for UDP, datagrams that were echoed.
    pub served: u64,
    /// Connections that were told that the server is busy; for UDP, datagrams that were dropped as too long.
    pub refused: u64,
    /// Connections that were still open when the grace period ended, and were closed with work undone.
    pub cut: u64,
}
