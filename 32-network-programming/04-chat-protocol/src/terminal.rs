//! The client for a terminal, or for a pipe: a line in is a command or a message, an event out is a line.

#[allow(dead_code, reason = "yours to use")]
mod render;

use std::io;
use std::sync::Arc;

use rustls::ClientConfig;

use crate::client::Client;
use crate::connect::Target;

/// Why a session ended that nobody had asked to end.
#[derive(Debug, thiserror::Error)]
#[allow(dead_code, reason = "yours to use")]
pub(crate) enum SessionError {
    #[error("cannot connect to {target}: {source}")]
    Connect { target: Target, source: io::Error },
    #[error("the server says: {0}")]
    Refused(&'static str),
}

/// One user's session, until `/quit`, the end of the input, or an end that cannot be helped.
pub(crate) async fn session(
    client: Client,
    target: Target,
    config: Option<Arc<ClientConfig>>,
    room: Option<String>,
) -> Result<(), SessionError> {
    todo!(
        "connect {client:?} to {target} with {config:?}, enter {room:?}, and obey the lines of standard input"
    )
}
