//! Which addresses the proxy connects to.
//!
//! A proxy stands inside a network, and whoever may use it stands there too. So an address that is not on the public
//! Internet is refused unless it was allowed. Addresses are judged, never names: a name may have any address, and
//! another one a moment later. What was judged is what is connected to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// A block of addresses, such as `10.0.0.0/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cidr {
    network: IpAddr,
    /// How many of its bits count.
    prefix_len: u32,
}

/// Text is no block of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a block of addresses such as 10.0.0.0/8")]
pub struct CidrError;

impl Cidr {
    const fn v4(a: u8, b: u8, c: u8, prefix_len: u32) -> Self {
        Self {
            network: IpAddr::V4(Ipv4Addr::new(a, b, c, 0)),
            prefix_len,
        }
    }

    const fn v6(a: u16, b: u16, prefix_len: u32) -> Self {
        Self {
            network: IpAddr::V6(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0)),
            prefix_len,
        }
    }

    /// Whether the address lies in the block. A block of one family contains nothing of the other.
    pub fn contains(&self, address: IpAddr) -> bool {
        // The bits that differ, and the first of them.
        match (self.network, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                (network.to_bits() ^ address.to_bits()).leading_zeros() >= self.prefix_len
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                (network.to_bits() ^ address.to_bits()).leading_zeros() >= self.prefix_len
            }
            _ => false,
        }
    }
}

impl FromStr for Cidr {
    type Err = CidrError;

    /// Reads `ADDRESS/BITS`, or an address alone, which is a block of one.
    fn from_str(text: &str) -> Result<Self, CidrError> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let network: IpAddr = address.parse().map_err(|_| CidrError)?;
        let all = if network.is_ipv4() { 32 } else { 128 };
        let prefix_len = bits.map_or(Ok(all), str::parse).map_err(|_| CidrError)?;
        if prefix_len > all {
            return Err(CidrError);
        }
        Ok(Self { network, prefix_len })
    }
}

/// IPv4 blocks that are not the public Internet, from IANA's special-purpose registry.
const SPECIAL_V4: [Cidr; 15] = [
    Cidr::v4(0, 0, 0, 8),       // this network; Linux connects 0.0.0.0 to itself
    Cidr::v4(10, 0, 0, 8),      // private
    Cidr::v4(100, 64, 0, 10),   // shared by a carrier's customers
    Cidr::v4(127, 0, 0, 8),     // loopback
    Cidr::v4(169, 254, 0, 16),  // link-local, where clouds keep their metadata
    Cidr::v4(172, 16, 0, 12),   // private
    Cidr::v4(192, 0, 0, 24),    // protocol assignments
    Cidr::v4(192, 0, 2, 24),    // documentation
    Cidr::v4(192, 88, 99, 24),  // 6to4 relays, deprecated
    Cidr::v4(192, 168, 0, 16),  // private
    Cidr::v4(198, 18, 0, 15),   // benchmarks
    Cidr::v4(198, 51, 100, 24), // documentation
    Cidr::v4(203, 0, 113, 24),  // documentation
    Cidr::v4(224, 0, 0, 4),     // multicast
    Cidr::v4(240, 0, 0, 4),     // reserved, and broadcast
];

/// All that is global in IPv6 so far, less these.
const GLOBAL_V6: Cidr = Cidr::v6(0x2000, 0, 3);
const SPECIAL_V6: [Cidr; 3] = [
    Cidr::v6(0x2001, 0, 23),     // protocol assignments, among them Teredo
    Cidr::v6(0x2001, 0xdb8, 32), // documentation
    Cidr::v6(0x3fff, 0, 20),     // documentation
];

/// What may be connected to.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    allowed: Vec<Cidr>,
}

impl Policy {
    /// The public Internet, and these blocks.
    pub fn new(allowed: Vec<Cidr>) -> Self {
        Self { allowed }
    }

    /// Whether the proxy may connect to this address. One that carries an IPv4 address is judged as that.
    pub fn permits(&self, address: IpAddr) -> bool {
        let address = match address {
            IpAddr::V6(outer) => carried(outer).map_or(address, IpAddr::V4),
            IpAddr::V4(_) => address,
        };
        self.allowed.iter().any(|block| block.contains(address)) || is_public(address)
    }
}

fn is_public(address: IpAddr) -> bool {
    let is_in = |block: &Cidr| block.contains(address);
    match address {
        IpAddr::V4(_) => !SPECIAL_V4.iter().any(is_in),
        IpAddr::V6(_) => GLOBAL_V6.contains(address) && !SPECIAL_V6.iter().any(is_in),
    }
}

/// The IPv4 address that a packet to this address ends at.
fn carried(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let bits = address.to_bits();
    let low = u32::try_from(bits & 0xFFFF_FFFF).expect("masked to 32 bits");
    match address.segments() {
        // ::ffff:0:0/96, which sockets treat as IPv4, and 64:ff9b::/96, which NAT64 translates (RFC 6052).
        [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => Some(Ipv4Addr::from_bits(low)),
        // 6to4 (RFC 3056).
        [0x2002, high, low, ..] => Some(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low))),
        _ => None,
    }
}
