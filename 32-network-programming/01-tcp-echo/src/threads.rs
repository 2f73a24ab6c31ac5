//! The server on threads: one that accepts, and one for each connection.

use std::io;
use std::net::TcpListener;

use tokio_util::sync::CancellationToken;

use crate::limits::{Limits, Summary};

/// Serves `listener` until `stop` is cancelled and the connections have ended, at the latest after the grace
/// period.
///
/// # Errors
/// When the listener cannot be set up. A connection that fails, or that cannot be accepted, concerns nobody else.
pub fn serve(listener: TcpListener, limits: &Limits, stop: &CancellationToken) -> io::Result<Summary> {
    todo!("serve {listener:?} within {limits:?} until {stop:?}")
}
