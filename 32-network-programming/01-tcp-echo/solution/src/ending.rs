//! How a connection ends, for both servers.

use std::io::{self, ErrorKind};
use std::time::Duration;

use crate::refusal::Refusal;

/// How long a refused peer is listened to after the refusal.
///
/// Closing a socket with unread bytes sends a reset, and a reset may destroy the refusal on its way. So the
/// server ends its own direction, reads and discards until the peer ends the other, and gives up after this.
pub(crate) const LINGER: Duration = Duration::from_secs(1);

/// How long the accept loop rests after an error such as "too many open files", which will not be gone sooner.
pub(crate) const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Whether an error of accept is no reason to rest: the tick, a signal, a peer that left before its turn.
pub(crate) fn is_passing(error: &io::Error) -> bool {
    use ErrorKind::{ConnectionAborted, Interrupted, TimedOut, WouldBlock};
    matches!(
        error.kind(),
        WouldBlock | TimedOut | Interrupted | ConnectionAborted
    )
}

/// Why the echo loop of a connection has come to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// The peer has sent everything, and has been sent everything.
    Finished,
    /// The peer is to be told why.
    Refused(Refusal),
    /// The peer is gone, or takes nothing: there is nobody to tell.
    Lost,
    /// The grace period is over.
    Cut,
}

impl<R: Into<Refusal>> From<R> for End {
    fn from(refusal: R) -> Self {
        Self::Refused(refusal.into())
    }
}
