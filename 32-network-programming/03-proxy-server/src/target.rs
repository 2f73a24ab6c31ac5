//! Where a client wants to go: a host and a port.

use std::fmt;
use std::net::IpAddr;

/// A host and a port.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Target {
    /// The host.
    pub host: Host,
    /// The port.
    pub port: u16,
}

/// A host, by its name or by its address.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Host {
    /// A host name in lower case, without a dot at its end: it is fit for a DNS question and for a log line.
    Name(String),
    /// An address.
    Address(IpAddr),
}

/// The text names no target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a host and a port")]
pub struct TargetError;

impl Host {
    /// Reads a host name, an IPv4 address, or an IPv6 address in brackets.
    ///
    /// # Errors
    /// When it is none of them. Numbers are no names, so that `127.1` is not a way to write an address.
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        todo!("a name or an address: {text:?}")
    }
}

impl Target {
    /// Reads `HOST:PORT`, or `HOST` where there is a default port.
    ///
    /// # Errors
    /// When the host is none, or the port is not a number from 1 to 65535.
    pub fn parse(text: &str, default_port: Option<u16>) -> Result<Self, TargetError> {
        todo!("a host and a port, {default_port:?} if there is none: {text:?}")
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Address(IpAddr::V4(address)) => address.fmt(f),
            Self::Address(IpAddr::V6(address)) => write!(f, "[{address}]"),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}
