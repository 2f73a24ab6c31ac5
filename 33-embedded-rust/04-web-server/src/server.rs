//! The server: TCP sockets, a connection for each, and the frames that feed them.
//!
//! [`Server::poll`] does all that there is to do and says when there will be more, though no frame comes. It handles
//! frames one at a time: between two of them every connection is served, so a socket that becomes free can take the next.
//!
//! All memory that grows with the number of connections is [`Storage`] and [`Sockets`].

use smoltcp::iface::{Config, Interface, SocketHandle, SocketSet, SocketStorage};
use smoltcp::socket::tcp::{Socket, SocketBuffer};
use smoltcp::time::Instant;
use smoltcp::wire::{EthernetAddress, HardwareAddress, IpCidr, Ipv4Address, Ipv4Cidr};

use crate::connection::Connection;
use crate::ethernet::Mac;
use crate::phy::{Frames, Port};
use crate::register::Registers;
use crate::site::{Hardware, Site};

/// Connections at a time.
pub const CONNECTIONS: usize = 8;

/// Bytes that a socket holds of what came.
pub const RECEIVE_BUFFER: usize = 512;

/// Bytes that a socket holds of what was not yet acknowledged.
pub const SEND_BUFFER: usize = 512;

/// The port of HTTP.
pub const HTTP: u16 = 80;

/// The memory of a server: frames, connections and what sockets hold.
///
/// Before it is used it is all zeros, so as a `static` it lies in `.bss`, which costs no flash.
pub struct Storage {
    frames: Frames,
    connections: [Connection; CONNECTIONS],
    buffers: [([u8; RECEIVE_BUFFER], [u8; SEND_BUFFER]); CONNECTIONS],
}

impl Storage {
    /// Empty.
    pub const fn new() -> Self {
        Self {
            frames: Frames::new(),
            connections: [const { Connection::new() }; CONNECTIONS],
            buffers: [([0; RECEIVE_BUFFER], [0; SEND_BUFFER]); CONNECTIONS],
        }
    }
}

impl Default for Storage {
    fn default() -> Self {
        Self::new()
    }
}

/// The memory of smoltcp's sockets, without what they hold. It is not zero when it is empty.
pub type Sockets<'a> = [SocketStorage<'a>; CONNECTIONS];

/// Sockets that are none yet.
pub const NO_SOCKETS: Sockets<'static> = [SocketStorage::EMPTY; CONNECTIONS];

/// Who the server is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// The address on the wire, which the controller was started with.
    pub ethernet: [u8; 6],
    /// The address in IP.
    pub ip: [u8; 4],
    /// Bits of it that name the network.
    pub prefix: u8,
    /// Where packets for other networks go.
    pub gateway: [u8; 4],
    /// What initial sequence numbers are made of. A stranger should not guess it.
    pub seed: u64,
}

/// A server, between a controller and a site.
pub struct Server<'a, R, H> {
    port: Port<'a, R>,
    interface: Interface,
    sockets: SocketSet<'a>,
    handles: [SocketHandle; CONNECTIONS],
    connections: &'a mut [Connection; CONNECTIONS],
    site: Site<H>,
    due_ms: u64,
}

impl<'a, R: Registers, H: Hardware> Server<'a, R, H> {
    /// A server whose first [`poll`](Self::poll) opens its sockets.
    pub fn new(
        storage: &'a mut Storage,
        sockets: &'a mut Sockets<'a>,
        mac: Mac<R>,
        site: Site<H>,
        identity: Identity,
    ) -> Self {
        let Storage {
            frames,
            connections,
            buffers,
        } = storage;
        let mut port = Port::new(mac, frames);
        let address = HardwareAddress::Ethernet(EthernetAddress(identity.ethernet));
        let mut config = Config::new(address);
        config.random_seed = identity.seed;
        let mut interface = Interface::new(config, &mut port, Instant::ZERO);
        let network = Ipv4Cidr::new(Ipv4Address::from(identity.ip), identity.prefix);
        interface.update_ip_addrs(|addresses| {
            addresses
                .push(IpCidr::Ipv4(network))
                .expect("an interface has room for one address");
        });
        interface
            .routes_mut()
            .add_default_ipv4_route(Ipv4Address::from(identity.gateway))
            .expect("an interface has room for one route");
        let mut sockets = SocketSet::new(&mut sockets[..]);
        let mut buffers = buffers.iter_mut();
        let handles = core::array::from_fn(|_| {
            let (receive, send) = buffers.next().expect("there are buffers for each");
            let mut socket = Socket::new(
                SocketBuffer::new(&mut receive[..]),
                SocketBuffer::new(&mut send[..]),
            );
            // What is written is all that there is, or all that there is room for: nothing is worth waiting for.
            socket.set_nagle_enabled(false);
            socket.set_ack_delay(None);
            sockets.add(socket)
        });
        Self {
            port,
            interface,
            sockets,
            handles,
            connections,
            site,
            due_ms: 0,
        }
    }

    /// The controller.
    pub fn mac(&self) -> &Mac<R> {
        self.port.mac()
    }

    /// The site.
    pub fn site(&self) -> &Site<H> {
        &self.site
    }

    /// Whether there is something to do: a frame waits, or time has come.
    pub fn is_due(&self, now_ms: u64) -> bool {
        todo!(
            "whether {now_ms} ms is {} ms or later, or a frame waits in {:p}",
            self.due_ms,
            &self.port
        )
    }

    /// Does all that there is to do.
    pub fn poll(&mut self, now_ms: u64) {
        todo!(
            "at {now_ms} ms: frames of {:p} into {:p}, sockets {:?} of {:p} to {} connections on port {HTTP}",
            &self.port,
            &self.interface,
            self.handles,
            &self.sockets,
            self.connections.len()
        )
    }
}
