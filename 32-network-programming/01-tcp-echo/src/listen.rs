//! A listening TCP socket that a crowd can knock at.

use std::io;
use std::net::{SocketAddr, TcpListener};

/// Binds and listens, with room for a thousand connections that nobody has accepted yet.
///
/// # Errors
/// What the system says: the address is taken, is not ours, or is not for us.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    todo!("bind {address} with socket2, and choose the backlog")
}
