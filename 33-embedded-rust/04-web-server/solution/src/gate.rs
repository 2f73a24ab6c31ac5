//! Who may open a connection: a look at a frame before TCP sees it.
//!
//! A SYN that finds no listening socket is answered with a reset, and the client gives up. One that is not answered
//! is sent again a moment later. So while all sockets are taken, the server leaves SYNs aside, as an operating system does when
//! its queue of new connections is full. Only for that it needs to know one when it sees it.

use smoltcp::wire::{EthernetFrame, EthernetProtocol, IpProtocol, Ipv4Packet, TcpPacket};

/// Whether the frame asks for a new connection to `port`: TCP over IPv4, with SYN and without ACK.
pub fn opens(frame: &[u8], port: u16) -> bool {
    syn_port(frame) == Some(port)
}

/// The port that a SYN in this frame asks for.
fn syn_port(frame: &[u8]) -> Option<u16> {
    let frame = EthernetFrame::new_checked(frame).ok()?;
    if frame.ethertype() != EthernetProtocol::Ipv4 {
        return None;
    }
    let packet = Ipv4Packet::new_checked(frame.payload()).ok()?;
    // Only a first fragment begins with a TCP header.
    if packet.version() != 4 || packet.next_header() != IpProtocol::Tcp || packet.frag_offset() != 0 {
        return None;
    }
    let segment = TcpPacket::new_checked(packet.payload()).ok()?;
    (segment.syn() && !segment.ack()).then(|| segment.dst_port())
}
