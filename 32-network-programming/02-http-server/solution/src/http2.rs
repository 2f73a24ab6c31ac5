//! A connection in HTTP/2: the same handler, behind the `h2` crate, which does frames, HPACK and flow control.
//!
//! Each stream is a task. A body goes out as fast as the peer gives room for it, and comes in as fast as it is
//! taken: what is not taken is not given back to the peer's window.

mod stream;

use std::net::IpAddr;
use std::sync::Arc;

use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::server::Shared;
use crate::transport::Transport;
use stream::stream;

/// Requests of one connection at a time.
const MAX_STREAMS: u32 = 100;

/// Serves a connection to its end.
pub(crate) async fn serve(transport: Transport, peer: IpAddr, shared: &Arc<Shared>) {
    let limits = &shared.limits;
    let mut builder = h2::server::Builder::new();
    builder
        .max_concurrent_streams(MAX_STREAMS)
        .max_header_list_size(u32::try_from(limits.max_head).unwrap_or(u32::MAX));
    let Ok(Ok(mut connection)) = timeout(limits.head_timeout, builder.handshake(transport)).await else {
        return;
    };
    let mut streams = JoinSet::new();
    let mut is_stopping = false;
    loop {
        tokio::select! {
            // This drives all streams of the connection, not only the next one.
            accepted = connection.accept() => match accepted {
                Some(Ok((request, respond))) => {
                    streams.spawn(stream(request, respond, peer, Arc::clone(shared)));
                }
                _ => break,
            },
            Some(_) = streams.join_next() => {}
            () = shared.stop.cancelled(), if !is_stopping => {
                is_stopping = true;
                connection.graceful_shutdown();
            }
            () = sleep(limits.idle_timeout), if streams.is_empty() => {
                if is_stopping {
                    break;
                }
                is_stopping = true;
                connection.graceful_shutdown();
            }
        }
    }
}
