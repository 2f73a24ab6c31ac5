//! What bounds a server. Everything that a client could make grow has a number here; those of the wire are in
//! [`wire`](crate::wire).

use std::time::Duration;

/// The bounds of one server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Connections at a time; one more is told that the server is busy.
    pub max_connections: usize,
    /// Sessions at a time, those without a connection too.
    pub max_sessions: usize,
    /// Rooms at a time.
    pub max_rooms: usize,
    /// Rooms that one session may be in.
    pub max_rooms_each: usize,
    /// Messages of a room that are kept for those who ask.
    pub history: usize,
    /// Frames that are kept for one session: those not yet sent, and those not yet acknowledged.
    pub window_frames: usize,
    /// Bytes of these frames; at least one longest frame.
    pub window_bytes: usize,
    /// Frames a second that one connection may send for long; it is not read from when it has sent more.
    pub rate_per_s: u32,
    /// Frames that it may send at once.
    pub burst: u32,
    /// How long a client may take to open a session, and to shake hands for TLS or QUIC.
    pub handshake_timeout: Duration,
    /// How long a connection may say nothing until it is asked with a `Ping`.
    pub ping_after: Duration,
    /// How long a connection may say nothing until it counts as lost.
    pub silence_timeout: Duration,
    /// How long a connection may take none of the bytes that wait for it.
    pub stall_timeout: Duration,
    /// How long a session waits for its client to come back.
    pub resume_timeout: Duration,
    /// How long connections may take what waits for them when the server stops.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_connections: 4096,
            max_sessions: 8192,
            max_rooms: 1024,
            max_rooms_each: 16,
            history: 256,
            window_frames: 1024,
            window_bytes: 256 << 10,
            rate_per_s: 50,
            burst: 200,
            handshake_timeout: Duration::from_secs(10),
            ping_after: Duration::from_secs(15),
            silence_timeout: Duration::from_secs(45),
            stall_timeout: Duration::from_secs(10),
            resume_timeout: Duration::from_secs(120),
            grace: Duration::from_secs(5),
        }
    }
}
