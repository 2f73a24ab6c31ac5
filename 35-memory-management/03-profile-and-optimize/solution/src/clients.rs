//! The figures of all clients.

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
    fn text(&self) -> u128 {
        let mut text = 0;
        let mut length = 0;
        for octet in self.address.to_be_bytes() {
            let (bytes, count) = OCTETS[usize::from(octet)];
            text = text << (8 * count) | u128::from(bytes);
            length += count;
        }
        text << (8 * (16 - length))
    }
}

/// The digits of each octet and a point, and how many bytes they are. A point is behind the last octet too: it is smaller
/// than a digit, and in all texts.
static OCTETS: [(u32, u32); 256] = {
    let mut octets = [(0, 0); 256];
    let mut octet = 0;
    while octet < 256 {
        let digits = [octet / 100, octet / 10 % 10, octet % 10];
        let count = 1 + (octet >= 10) as u32 + (octet >= 100) as u32;
        let mut bytes = 0;
        let mut at = 3 - count as usize;
        while at < 3 {
            bytes = (bytes << 8) | (b'0' as u32 + digits[at]);
            at += 1;
        }
        octets[octet as usize] = ((bytes << 8) | b'.' as u32, count + 1);
        octet += 1;
    }
    octets
};
