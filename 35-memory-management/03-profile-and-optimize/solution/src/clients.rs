//! The figures of all clients.

use std::net::Ipv4Addr;

use super::index::{self, Index};

/// The figures of one client.
#[derive(Debug, Clone, Copy)]
pub struct Client {
    /// Its address.
    pub address: u32,
    /// How often it asked.
    pub requests: u64,
    /// How much it got.
    pub bytes: u64,
}

/// All clients, each once.
#[derive(Debug)]
pub struct Clients {
    index: Index,
    clients: Vec<Client>,
}

impl Clients {
    /// No clients.
    pub fn new() -> Self {
        Self {
            index: Index::new(),
            clients: Vec::new(),
        }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.clients.len()
    }

    /// The client with this address; its figures are 0 when it is new.
    #[inline]
    pub fn client(&mut self, address: u32) -> &mut Client {
        let clients = &self.clients;
        let hash = index::mix(u64::from(address));
        let place = self.index.place(hash, |place| clients[place].address == address);
        if place == self.clients.len() {
            self.clients.push(Client {
                address,
                requests: 0,
                bytes: 0,
            });
        }
        &mut self.clients[place]
    }

    /// The `count` clients that got most, those that got the same by their addresses as text.
    ///
    /// Only they are sorted: to find which they are takes one pass.
    pub fn largest(&mut self, count: usize) -> &[Client] {
        let count = count.min(self.clients.len());
        let order = |one: &Client, other: &Client| {
            let by_bytes = other.bytes.cmp(&one.bytes);
            by_bytes.then_with(|| one.text().cmp(&other.text()))
        };
        if count < self.clients.len() {
            self.clients.select_nth_unstable_by(count, order);
        }
        let largest = &mut self.clients[..count];
        largest.sort_unstable_by(order);
        largest
    }
}

impl Client {
    /// The address as it was written, with zeros behind it: shorter texts come before longer ones that begin with them.
    fn text(&self) -> [u8; 15] {
        let mut text = [0; 15];
        let mut at = 0;
        for (nth, octet) in Ipv4Addr::from_bits(self.address).octets().into_iter().enumerate() {
            if nth > 0 {
                text[at] = b'.';
                at += 1;
            }
            for (unit, is_written) in [(100, octet >= 100), (10, octet >= 10), (1, true)] {
                if is_written {
                    text[at] = b'0' + octet / unit % 10;
                    at += 1;
                }
            }
        }
        text
    }
}
