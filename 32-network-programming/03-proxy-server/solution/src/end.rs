//! How a connection of a client ends: what the log calls it, and what the client is told.

use std::fmt;

use crate::dns::resolver::ResolveError;
use crate::http::head::HeadError;
use crate::socks::{Reply, SocksError};

/// Why a connection is over. Everything that fails comes to one of these, and one place tells the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Both sides have ended in order, or a client has had all its answers.
    Done,
    /// Too many connections, of all clients or of this one.
    Limit,
    /// The client has not said in time what it wants.
    Handshake,
    /// What the client said is no request.
    Malformed,
    /// A head that is longer than allowed.
    TooLarge,
    /// A command, an address type or a version that is not served.
    Unsupported,
    /// SOCKS address type.
    AddressType,
    /// No user name and password, or wrong ones.
    Auth,
    /// The address is not one that the proxy connects to.
    Denied,
    /// There is no such name.
    NoName,
    /// No name server has answered in time.
    Resolve,
    /// All addresses have failed of late, or the upstream has as many connections as it may.
    Busy,
    /// No address accepts a connection.
    Refused,
    /// No address has answered in time.
    Connect,
    /// Nothing has moved for too long.
    Idle,
    /// The connection has lasted for too long.
    Total,
    /// The upstream's answer is no answer.
    BadAnswer,
    /// A connection broke.
    Lost,
    /// The proxy stopped before the connection ended.
    Cut,
}

impl End {
    /// Its word in the log.
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Limit => "limit",
            Self::Handshake => "handshake",
            Self::Malformed => "malformed",
            Self::TooLarge => "too-large",
            Self::Unsupported => "unsupported",
            Self::AddressType => "address-type",
            Self::Auth => "auth",
            Self::Denied => "denied",
            Self::NoName => "no-name",
            Self::Resolve => "resolve",
            Self::Busy => "busy",
            Self::Refused => "refused",
            Self::Connect => "connect",
            Self::Idle => "idle",
            Self::Total => "total",
            Self::BadAnswer => "bad-answer",
            Self::Lost => "lost",
            Self::Cut => "cut",
        }
    }

    /// The status line's code and reason, for an HTTP client that waits for an answer.
    pub fn status(self) -> Option<(u16, &'static str)> {
        match self {
            Self::Handshake => Some((408, "Request Timeout")),
            Self::Malformed => Some((400, "Bad Request")),
            Self::TooLarge => Some((431, "Request Header Fields Too Large")),
            Self::Unsupported => Some((505, "HTTP Version Not Supported")),
            Self::Auth => Some((407, "Proxy Authentication Required")),
            Self::Denied => Some((403, "Forbidden")),
            Self::NoName | Self::Refused | Self::BadAnswer | Self::Lost => Some((502, "Bad Gateway")),
            Self::Resolve | Self::Connect | Self::Idle => Some((504, "Gateway Timeout")),
            Self::Busy => Some((503, "Service Unavailable")),
            Self::Done | Self::Limit | Self::AddressType | Self::Total | Self::Cut => None,
        }
    }

    /// The reply, for a SOCKS client that waits for one.
    pub fn reply(self) -> Option<Reply> {
        match self {
            Self::Denied => Some(Reply::NotAllowed),
            Self::NoName | Self::Resolve => Some(Reply::HostUnreachable),
            Self::Refused => Some(Reply::ConnectionRefused),
            Self::Connect => Some(Reply::TtlExpired),
            Self::Unsupported => Some(Reply::CommandNotSupported),
            Self::AddressType => Some(Reply::AddressTypeNotSupported),
            Self::Busy | Self::Malformed => Some(Reply::GeneralFailure),
            _ => None,
        }
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl From<HeadError> for End {
    fn from(error: HeadError) -> Self {
        match error {
            HeadError::TooLarge => Self::TooLarge,
            HeadError::Version => Self::Unsupported,
            HeadError::Malformed(_) => Self::Malformed,
        }
    }
}

impl From<SocksError> for End {
    fn from(error: SocksError) -> Self {
        match error {
            SocksError::AddressType(_) => Self::AddressType,
            SocksError::Version(_) | SocksError::Target => Self::Malformed,
        }
    }
}

impl From<ResolveError> for End {
    fn from(error: ResolveError) -> Self {
        match error {
            ResolveError::Name(_) | ResolveError::NotFound => Self::NoName,
            ResolveError::Unanswered => Self::Resolve,
        }
    }
}

impl From<std::io::Error> for End {
    fn from(_: std::io::Error) -> Self {
        Self::Lost
    }
}
