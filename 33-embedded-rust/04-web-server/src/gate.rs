//! Who may open a connection: a look at a frame before TCP sees it.
//!
//! A SYN that finds no listening socket is answered with a reset, and the client gives up. One that is not answered
//! is sent again a moment later. So while all sockets are taken, the server leaves SYNs aside, as an operating system does when
//! its queue of new connections is full. Only for that it needs to know one when it sees it.

/// Whether the frame asks for a new connection to `port`: TCP over IPv4, with SYN and without ACK.
pub fn opens(frame: &[u8], port: u16) -> bool {
    todo!("whether {frame:02x?} opens a connection to {port}")
}
