//! A session: who somebody is, apart from the connection that carries it at the moment.

use std::time::Duration;

use super::ConnectionId;
use super::outbox::Outbox;
use crate::wire::Token;

/// One client, from its `Welcome` to its `Bye`, the loss of its connection (version 1) or the end of its time to resume.
pub(super) struct Session {
    /// Always within [`VERSIONS`](crate::wire::VERSIONS).
    pub(super) version: u8,
    pub(super) nick: String,
    /// Version 2 only.
    pub(super) token: Option<Token>,
    /// What it is sent through, unless its connection is lost.
    pub(super) connection: Option<ConnectionId>,
    /// When its connection was lost; `Some` exactly when there is none.
    pub(super) detached_at: Option<Duration>,
    /// The number of the last request that was carried out.
    pub(super) last_request: u32,
    /// Rooms that it is in, and that have it among their members.
    pub(super) rooms: Vec<usize>,
    pub(super) outbox: Outbox,
}
