//! What a proxy changes in a head, RFC 9110, section 7.6, and RFC 9112, section 3.2.2.
//!
//! Fields are of two kinds: those for the other end, and those for the next hop, which end here. `Connection` names
//! more of the second kind.

use super::body::Framing;
use super::head::{HeadError, RequestHead, ResponseHead, Version};
use crate::target::Target;

/// How this proxy is called in `Via`.
pub const PSEUDONYM: &str = "proxy-server";

/// What to do for a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plan {
    /// `CONNECT`: a tunnel to the target.
    Tunnel(Target),
    /// Anything else: an exchange with the target.
    Exchange(Exchange),
}

/// A request that is passed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// Whom to ask.
    pub target: Target,
    /// How.
    pub method: String,
    /// The head as the target gets it.
    pub head: Vec<u8>,
    /// The framing of the body behind it.
    pub framing: Framing,
    /// The client's version.
    pub version: Version,
    /// Whether the client's connection may serve another request after this one.
    pub keeps_client: bool,
}

/// A response that is passed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The head as the client gets it.
    pub head: Vec<u8>,
    /// The framing of the body behind it.
    pub framing: Framing,
    /// Whether another response follows, as it does `100 Continue`.
    pub is_interim: bool,
    /// Whether the client's connection may serve another request.
    pub keeps_client: bool,
    /// Whether the upstream's connection may serve another request.
    pub keeps_upstream: bool,
}

/// Reads what a request asks for, and writes the head for the next hop.
///
/// # Errors
/// When its target is neither `HOST:PORT` of a `CONNECT` nor an `http` URL, or its framing is not of one meaning.
pub fn request(head: &RequestHead<'_>) -> Result<Plan, HeadError> {
    todo!("whom {head:?} is for, and what that one gets")
}

/// Reads a response to `exchange`, and writes the head for the client.
///
/// # Errors
/// When its framing is not of one meaning, or not one that the client knows.
pub fn response(
    head: &ResponseHead<'_>,
    exchange: &Exchange,
    is_stopping: bool,
) -> Result<Answer, HeadError> {
    todo!("what the client of {exchange:?} gets of {head:?}; the proxy stops: {is_stopping}")
}
