//! The server on a simulated controller, and clients at the other end of the wire, in time that a test moves.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::collections::VecDeque;

use smoltcp::iface::{Config, Interface, PollResult, SocketHandle, SocketSet, SocketStorage};
use smoltcp::phy::{Device, DeviceCapabilities, Medium, RxToken, TxToken};
use smoltcp::socket::tcp::{Socket, SocketBuffer, State};
use smoltcp::time::Instant;
use smoltcp::wire::{EthernetAddress, HardwareAddress, IpCidr, Ipv4Address, Ipv4Cidr};
use web_server::ethernet::Mac;
use web_server::server::{Identity, NO_SOCKETS, Server, Storage};
use web_server::site::Site;

use super::chip::Chip;
use super::http::{self, Response};
use super::parts::Parts;

/// The server's address.
pub const SERVER: [u8; 4] = [10, 0, 2, 15];
const SERVER_ETHERNET: [u8; 6] = [0x52, 0x54, 0, 0x12, 0x34, 0x56];
const CLIENT: [u8; 4] = [10, 0, 2, 2];
const CLIENT_ETHERNET: [u8; 6] = [0x52, 0x55, 10, 0, 2, 2];

/// Sockets that clients may have.
const CLIENTS: usize = 48;

/// A client's socket.
pub type Client = SocketHandle;

/// Both ends of a wire.
pub struct Lab {
    pub chip: Chip,
    pub server: Server<'static, Chip, Parts>,
    pub parts: Parts,
    pub now_ms: u64,
    wire: Wire,
    interface: Interface,
    sockets: SocketSet<'static>,
    next_port: u16,
    /// Frames that the server has sent.
    pub frames: Vec<Vec<u8>>,
}

impl Lab {
    /// A server that has just started.
    pub fn start() -> Self {
        let (chip, parts) = (Chip::default(), Parts::default());
        chip.0.borrow_mut().is_roomy = true;
        let mac = Mac::start(chip.clone(), SERVER_ETHERNET);
        // The memory of a server lives as long as the server: for ever.
        let storage = Box::leak(Box::new(Storage::new()));
        let sockets = Box::leak(Box::new(NO_SOCKETS));
        let identity = Identity {
            ethernet: SERVER_ETHERNET,
            ip: SERVER,
            prefix: 24,
            gateway: CLIENT,
            seed: 7,
        };
        let server = Server::new(storage, sockets, mac, Site::new(parts.clone()), identity);
        let mut wire = Wire::default();
        let mut config = Config::new(HardwareAddress::Ethernet(EthernetAddress(CLIENT_ETHERNET)));
        config.random_seed = 11;
        let mut interface = Interface::new(config, &mut wire, Instant::ZERO);
        interface.update_ip_addrs(|addresses| {
            let network = Ipv4Cidr::new(Ipv4Address::from(CLIENT), 24);
            addresses.push(IpCidr::Ipv4(network)).expect("room for one");
        });
        let storage: Vec<SocketStorage<'static>> = (0..CLIENTS).map(|_| SocketStorage::EMPTY).collect();
        let mut lab = Self {
            chip,
            server,
            parts,
            now_ms: 0,
            wire,
            interface,
            sockets: SocketSet::new(storage.leak()),
            next_port: 49_152,
            frames: Vec::new(),
        };
        lab.run();
        lab
    }

    /// A client that asks for a connection, with room for `window` bytes of answers.
    pub fn connect_with(&mut self, window: usize) -> Client {
        let buffer = |size| SocketBuffer::new(vec![0; size].leak());
        let mut socket = Socket::new(buffer(window), buffer(16_384));
        socket.set_nagle_enabled(false);
        let remote = (Ipv4Address::from(SERVER), 80);
        socket
            .connect(self.interface.context(), remote, self.next_port)
            .expect("a new socket connects");
        self.next_port += 1;
        let client = self.sockets.add(socket);
        self.run();
        client
    }

    /// A client that asks for a connection.
    pub fn connect(&mut self) -> Client {
        self.connect_with(16_384)
    }

    pub fn socket(&mut self, client: Client) -> &mut Socket<'static> {
        self.sockets.get_mut(client)
    }

    pub fn state(&mut self, client: Client) -> State {
        self.socket(client).state()
    }

    /// Moves frames both ways until there are none. No time passes.
    #[track_caller]
    pub fn run(&mut self) {
        for _ in 0..2_000 {
            if self.server.is_due(self.now_ms) {
                self.server.poll(self.now_ms);
            }
            while let Some(frame) = self.chip.take_sent() {
                self.frames.push(frame.clone());
                self.wire.to_client.push_back(frame);
            }
            let now = Instant::from_millis(i64::try_from(self.now_ms).expect("a short time"));
            let polled = self.interface.poll(now, &mut self.wire, &mut self.sockets);
            let frames = std::mem::take(&mut self.wire.to_server);
            if frames.is_empty() && polled == PollResult::None && !self.server.is_due(self.now_ms) {
                self.chip.check();
                return;
            }
            for frame in frames {
                self.chip.deliver(&frame);
            }
        }
        panic!(
            "after 2000 rounds there is still something to do at {} ms",
            self.now_ms
        );
    }

    /// Lets time pass, in steps of 10 ms.
    #[track_caller]
    pub fn pass(&mut self, ms: u64) {
        let until = self.now_ms + ms;
        while self.now_ms < until {
            self.now_ms = (self.now_ms + 10).min(until);
            self.run();
        }
    }

    /// Sends bytes, all at once.
    #[track_caller]
    pub fn send(&mut self, client: Client, bytes: impl AsRef<[u8]>) {
        let bytes = bytes.as_ref();
        let sent = self.socket(client).send_slice(bytes);
        assert_eq!(sent, Ok(bytes.len()), "bytes that the client's socket takes");
        self.run();
    }

    /// What has come since this was last asked.
    pub fn received(&mut self, client: Client) -> Vec<u8> {
        let mut bytes = Vec::new();
        loop {
            let mut piece = [0; 4_096];
            match self.socket(client).recv_slice(&mut piece) {
                Ok(count) if count > 0 => bytes.extend_from_slice(&piece[..count]),
                _ => return bytes,
            }
            self.run();
        }
    }

    /// Sends a request and gives the one response.
    #[track_caller]
    pub fn ask(&mut self, client: Client, request: impl AsRef<[u8]>) -> Response {
        self.send(client, request);
        // A delayed acknowledgement is 10 ms.
        self.pass(20);
        let bytes = self.received(client);
        let mut responses = http::parse_all(&bytes);
        assert_eq!(responses.len(), 1, "responses: {responses:?}");
        responses.remove(0)
    }

    /// Resets a client's connection.
    pub fn reset(&mut self, client: Client) {
        self.socket(client).abort();
        self.run();
    }
}

/// The clients' end of the wire.
#[derive(Default)]
struct Wire {
    to_client: VecDeque<Vec<u8>>,
    to_server: Vec<Vec<u8>>,
}

impl Device for Wire {
    type RxToken<'a> = Came;
    type TxToken<'a> = Goes<'a>;

    fn receive(&mut self, _: Instant) -> Option<(Came, Goes<'_>)> {
        let frame = self.to_client.pop_front()?;
        Some((Came(frame), Goes(&mut self.to_server)))
    }

    fn transmit(&mut self, _: Instant) -> Option<Goes<'_>> {
        Some(Goes(&mut self.to_server))
    }

    fn capabilities(&self) -> DeviceCapabilities {
        let mut capabilities = DeviceCapabilities::default();
        capabilities.medium = Medium::Ethernet;
        capabilities.max_transmission_unit = 1_514;
        capabilities
    }
}

struct Came(Vec<u8>);

impl RxToken for Came {
    fn consume<T, F: FnOnce(&[u8]) -> T>(self, read: F) -> T {
        read(&self.0)
    }
}

struct Goes<'a>(&'a mut Vec<Vec<u8>>);

impl TxToken for Goes<'_> {
    fn consume<T, F: FnOnce(&mut [u8]) -> T>(self, length: usize, fill: F) -> T {
        let mut frame = vec![0; length];
        let filled = fill(&mut frame);
        self.0.push(frame);
        filled
    }
}
