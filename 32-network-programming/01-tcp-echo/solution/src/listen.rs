//! A listening TCP socket that a crowd can knock at.

use std::io;
use std::net::{SocketAddr, TcpListener};

use socket2::{Domain, Socket, Type};

/// Connections that the kernel completes ahead of `accept`. The standard library does not let one choose; with
/// a short queue a thousand clients at once lose their SYNs, and each tries again a second later.
const BACKLOG: i32 = 4096;

/// Binds and listens.
///
/// # Errors
/// What the system says: the address is taken, is not ours, or is not for us.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    // Connections of an earlier run may be in TIME-WAIT: they do not stand in the way of a new listener.
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}
