//! SOCKS5 without I/O: RFC 1928, and RFC 1929 for user names and passwords.
//!
//! ```text
//! greeting     05  count  method …                            client
//! choice       05  method                                     server: 00 none, 02 password, FF no method will do
//! credentials  01  length  user …  length  password …         client, after choice 02
//! status       01  00                                         server: 00 good, anything else is the end
//! request      05  command  00  type  address …  port(2)      client: command 01 connects
//! reply        05  code     00  type  address …  port(2)      server
//!
//! address      type 01: 4 bytes    type 03: length, name …    type 04: 16 bytes
//! ```
//!
//! Each reader takes what has arrived. *Incomplete* is `Ok(None)`; what is there comes with the number of its bytes,
//! since what stands behind it belongs to whoever reads next.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::target::{Host, Target};

/// The version of the protocol.
pub const VERSION: u8 = 5;

/// No authentication.
pub const METHOD_NONE: u8 = 0x00;
/// User name and password.
pub const METHOD_PASSWORD: u8 = 0x02;
/// None of the methods that were offered.
pub const METHOD_REFUSED: u8 = 0xFF;

/// The version of RFC 1929's messages.
pub const PASSWORD_VERSION: u8 = 1;

/// The only command that is served.
pub const COMMAND_CONNECT: u8 = 1;

/// What the server says to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Reply {
    /// Bytes behind this reply are the target's.
    Succeeded = 0,
    /// Something failed that has no code of its own.
    GeneralFailure = 1,
    /// The address is not allowed.
    NotAllowed = 2,
    /// The name has no address, or none was found in time.
    HostUnreachable = 4,
    /// No address accepts a connection.
    ConnectionRefused = 5,
    /// Nobody answered in time.
    TtlExpired = 6,
    /// Another command than CONNECT.
    CommandNotSupported = 7,
    /// Another type than the three.
    AddressTypeNotSupported = 8,
}

/// Why bytes are not what the client should send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SocksError {
    /// Another version of the protocol.
    #[error("version {0} where another was expected")]
    Version(u8),
    /// A type of address that does not exist.
    #[error("address type {0}")]
    AddressType(u8),
    /// No target: a name that is none, or port 0.
    #[error("a target that is none")]
    Target,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What to do; see [`COMMAND_CONNECT`].
    pub command: u8,
    /// Where. Of commands other than CONNECT this is not read, and `None`.
    pub target: Option<Target>,
}

/// A user name and a password, as the client gives them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given<'a> {
    /// The name.
    pub user: &'a [u8],
    /// The password.
    pub password: &'a [u8],
}

/// Reads the greeting: the methods that the client offers.
///
/// # Errors
/// When the version is not 5.
pub fn greeting(bytes: &[u8]) -> Result<Option<(&[u8], usize)>, SocksError> {
    versioned(bytes, VERSION)
}

/// Reads user name and password.
///
/// # Errors
/// When the version is not 1.
pub fn credentials(bytes: &[u8]) -> Result<Option<(Given<'_>, usize)>, SocksError> {
    let Some((user, user_end)) = versioned(bytes, PASSWORD_VERSION)? else {
        return Ok(None);
    };
    let Some((password, length)) = counted(&bytes[user_end..]) else {
        return Ok(None);
    };
    Ok(Some((Given { user, password }, user_end + length)))
}

/// Reads a request.
///
/// # Errors
/// When the version is not 5, the type of address is none, or there can be no such target. The type is looked at as
/// soon as it is there.
pub fn request(bytes: &[u8]) -> Result<Option<(Request, usize)>, SocksError> {
    match bytes.first() {
        Some(&VERSION) | None => {}
        Some(&version) => return Err(SocksError::Version(version)),
    }
    let Some((&[_, command, _, address_type], rest)) = bytes.split_first_chunk::<4>() else {
        return Ok(None);
    };
    if command != COMMAND_CONNECT {
        let target = None;
        return Ok(Some((Request { command, target }, bytes.len())));
    }
    let address = match address_type {
        1 => rest
            .first_chunk::<4>()
            .map(|bytes| (Ok(Host::Address(Ipv4Addr::from(*bytes).into())), 4)),
        3 => counted(rest).map(|(name, length)| (host(name), length)),
        4 => rest
            .first_chunk::<16>()
            .map(|bytes| (Ok(Host::Address(Ipv6Addr::from(*bytes).into())), 16)),
        other => return Err(SocksError::AddressType(other)),
    };
    let Some((host, length)) = address else {
        return Ok(None);
    };
    let Some(&port) = rest[length..].first_chunk::<2>() else {
        return Ok(None);
    };
    let (host, port) = (host?, u16::from_be_bytes(port));
    if port == 0 {
        return Err(SocksError::Target);
    }
    let target = Some(Target { host, port });
    Ok(Some((Request { command, target }, 4 + length + 2)))
}

/// The reply with the address of the proxy's end of the connection; zeros where there is none.
pub fn reply(code: Reply, bound: Option<SocketAddr>) -> Vec<u8> {
    let bound = bound.unwrap_or_else(|| (Ipv4Addr::UNSPECIFIED, 0).into());
    let mut bytes = vec![VERSION, code as u8, 0];
    match bound.ip() {
        IpAddr::V4(address) => {
            bytes.push(1);
            bytes.extend_from_slice(&address.octets());
        }
        IpAddr::V6(address) => {
            bytes.push(4);
            bytes.extend_from_slice(&address.octets());
        }
    }
    bytes.extend_from_slice(&bound.port().to_be_bytes());
    bytes
}

/// A version, and a run of bytes with its length in front; with the number of bytes of it all.
fn versioned(bytes: &[u8], expected: u8) -> Result<Option<(&[u8], usize)>, SocksError> {
    match bytes.split_first() {
        None => Ok(None),
        Some((&version, rest)) if version == expected => {
            Ok(counted(rest).map(|(run, length)| (run, 1 + length)))
        }
        Some((&version, _)) => Err(SocksError::Version(version)),
    }
}

/// A run of bytes with its length in front, and the number of bytes of both.
fn counted(bytes: &[u8]) -> Option<(&[u8], usize)> {
    let (&length, rest) = bytes.split_first()?;
    let run = rest.get(..usize::from(length))?;
    Some((run, 1 + run.len()))
}

/// A name; some clients send addresses as text, in brackets or not.
fn host(name: &[u8]) -> Result<Host, SocksError> {
    let text = std::str::from_utf8(name).map_err(|_| SocksError::Target)?;
    if let Ok(address) = text.parse::<Ipv6Addr>() {
        return Ok(Host::Address(address.into()));
    }
    Host::parse(text).map_err(|_| SocksError::Target)
}
