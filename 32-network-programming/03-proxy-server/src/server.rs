//! The proxy: one task that accepts, and one for each client's connection.
//!
//! To relay is to make system calls, and another core would have to be woken for each: one thread will do.

use std::io;

use tokio_util::sync::CancellationToken;

use crate::config::{Config, Summary};
use crate::log::Log;

/// Serves `listener` until `stop` is cancelled and the connections have ended, at the latest after the grace period.
///
/// The listener comes from the standard library, and may still block.
///
/// # Errors
/// When the listener cannot be set up. A connection that fails, or that cannot be accepted, concerns nobody else.
pub async fn serve(
    listener: std::net::TcpListener,
    config: Config,
    log: Log,
    stop: CancellationToken,
) -> io::Result<Summary> {
    let _ = log;
    todo!("serve {listener:?} as {config:?} says until {stop:?}")
}
