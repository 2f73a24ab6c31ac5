//! Which addresses the proxy connects to.
//!
//! A proxy stands inside a network, and whoever may use it stands there too. So an address that is not on the public
//! Internet is refused unless it was allowed. Addresses are judged, never names: a name may have any address, and
//! another one a moment later. What was judged is what is connected to.

use std::net::IpAddr;
use std::str::FromStr;

/// A block of addresses, such as `10.0.0.0/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cidr {
    // Yours to design: the address, and how many of its bits count.
}

/// Text is no block of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a block of addresses such as 10.0.0.0/8")]
pub struct CidrError;

impl Cidr {
    /// Whether the address lies in the block. A block of one family contains nothing of the other.
    pub fn contains(&self, address: IpAddr) -> bool {
        todo!("whether {address} lies in the block")
    }
}

impl FromStr for Cidr {
    type Err = CidrError;

    /// Reads `ADDRESS/BITS`, or an address alone, which is a block of one.
    fn from_str(text: &str) -> Result<Self, CidrError> {
        todo!("an address and a number of bits: {text:?}")
    }
}

/// What may be connected to.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    // Yours to design: what is allowed, and what is not public.
}

impl Policy {
    /// The public Internet, and these blocks.
    pub fn new(allowed: Vec<Cidr>) -> Self {
        todo!("the public Internet and {allowed:?}")
    }

    /// Whether the proxy may connect to this address. One that carries an IPv4 address is judged as that.
    pub fn permits(&self, address: IpAddr) -> bool {
        todo!("judge {address}, or the IPv4 address in it")
    }
}
