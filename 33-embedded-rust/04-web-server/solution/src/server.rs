//! The server: TCP sockets, a connection for each, and the frames that feed them.
//!
//! [`Server::poll`] does all that there is to do and says when there will be more, though no frame comes. It handles
//! frames one at a time: between two of them every connection is served, so a socket that becomes free can take the next.
//!
//! All memory that grows with the number of connections is [`Storage`] and [`Sockets`].

use smoltcp::iface::{
    Config, Interface, PollIngressSingleResult, PollResult, SocketHandle, SocketSet, SocketStorage,
};
use smoltcp::socket::tcp::{Socket, SocketBuffer, State};
use smoltcp::time::Instant;
use smoltcp::wire::{EthernetAddress, HardwareAddress, IpCidr, Ipv4Address, Ipv4Cidr};

use crate::connection::{Action, Connection, Phase};
use crate::ethernet::Mac;
use crate::gate;
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
        now_ms >= self.due_ms || self.port.has_frame()
    }

    /// Does all that there is to do.
    pub fn poll(&mut self, now_ms: u64) {
        let now = instant(now_ms);
        loop {
            let received = self.receive(now, now_ms);
            for place in 0..CONNECTIONS {
                self.serve(place, now_ms);
            }
            let sent = self.interface.poll_egress(now, &mut self.port, &mut self.sockets);
            if !received && sent == PollResult::None {
                break;
            }
        }
        let of_connections = self.connections.iter().filter_map(Connection::due_ms);
        let of_tcp = self.interface.poll_at(now, &self.sockets).map(|at| {
            // smoltcp counts from zero upwards.
            at.total_millis().unsigned_abs()
        });
        self.due_ms = of_connections.chain(of_tcp).min().unwrap_or(u64::MAX);
    }

    /// Lets TCP have one frame; whether there was one.
    fn receive(&mut self, now: Instant, now_ms: u64) -> bool {
        let opens = self.port.peek().is_some_and(|frame| gate::opens(frame, HTTP));
        if opens && !self.is_listening() && !self.make_room(now_ms) {
            self.port.discard();
            return true;
        }
        let received = self
            .interface
            .poll_ingress_single(now, &mut self.port, &mut self.sockets);
        received != PollIngressSingleResult::None
    }

    fn is_listening(&self) -> bool {
        let mut sockets = self.handles.iter();
        sockets.any(|&handle| self.sockets.get::<Socket>(handle).is_listening())
    }

    /// Resets the connection that can be spared best, and listens in its place; whether there was one.
    fn make_room(&mut self, now_ms: u64) -> bool {
        let claims = (0..CONNECTIONS).filter_map(|place| {
            let claim = self.connections[place].claim(now_ms)?;
            Some((claim, place))
        });
        let Some((_, place)) = claims.min() else {
            return false;
        };
        self.sockets.get_mut::<Socket>(self.handles[place]).abort();
        // The reset is sent now: a socket that listens has forgotten whom to send it to.
        self.interface
            .poll_egress(instant(now_ms), &mut self.port, &mut self.sockets);
        self.serve(place, now_ms);
        true
    }

    /// Moves bytes between a socket and its connection, as long as any move, and acts on deadlines.
    fn serve(&mut self, place: usize, now_ms: u64) {
        let handle = self.handles[place];
        if self.sockets.get::<Socket>(handle).state() == State::TimeWait {
            // What is left to say is the acknowledgement of the client's FIN.
            self.interface
                .poll_egress(instant(now_ms), &mut self.port, &mut self.sockets);
        }
        let socket = self.sockets.get_mut::<Socket>(handle);
        let connection = &mut self.connections[place];
        match socket.state() {
            // The ten seconds of TIME-WAIT are too dear with eight sockets.
            State::Closed | State::TimeWait => {
                connection.free();
                socket.abort();
                socket
                    .listen(HTTP)
                    .expect("a closed socket listens on any port but zero");
                return;
            }
            State::Listen => return,
            _ if connection.phase() == Phase::Free => {
                connection.open(now_ms);
                self.site.counters.connections = self.site.counters.connections.wrapping_add(1);
            }
            _ => {}
        }
        loop {
            transfer(socket, connection, &mut self.site, now_ms);
            match connection.poll(&mut self.site, now_ms) {
                Action::Keep if connection.to_send().is_empty() || !socket.can_send() => break,
                Action::Keep => {}
                Action::Close => socket.close(),
                Action::Abort => {
                    socket.abort();
                    break;
                }
            }
        }
    }
}

/// Moves bytes as long as any move.
fn transfer(
    socket: &mut Socket<'_>,
    connection: &mut Connection,
    site: &mut Site<impl Hardware>,
    now_ms: u64,
) {
    loop {
        let mut moved = 0;
        if socket.can_send() && !connection.to_send().is_empty() {
            moved = socket
                .send_slice(connection.to_send())
                .expect("a socket that can send takes bytes");
            connection.sent(moved, now_ms);
        }
        if socket.can_recv() {
            // One piece of the ring, which may end anywhere in a request. The parser does not mind.
            moved += socket
                .recv(|bytes| {
                    let taken = connection.receive(bytes, site, now_ms);
                    (taken, taken)
                })
                .expect("a socket that can receive has bytes");
        }
        if moved == 0 {
            break;
        }
    }
    // Not `may_recv`, which says no before the handshake is over as well.
    if socket.state() == State::CloseWait && !socket.can_recv() {
        connection.end_input();
    }
}

/// The time, as smoltcp has it.
fn instant(now_ms: u64) -> Instant {
    Instant::from_millis(i64::try_from(now_ms).expect("less than an age"))
}
