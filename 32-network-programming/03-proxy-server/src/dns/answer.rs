//! What a response says about a question: addresses, or that there are none, and for how long.

use std::net::IpAddr;
use std::time::Duration;

use super::message::{Message, Question};

/// The longest chain of aliases that is followed.
pub const ALIASES_MAX: usize = 8;

/// The longest that any answer is kept; one that asks for more is kept for this.
pub const TTL_MAX: Duration = Duration::from_secs(24 * 60 * 60);

/// The longest that a negative answer is kept (RFC 2308, section 5, has one to three hours).
pub const NEGATIVE_TTL_MAX: Duration = Duration::from_secs(3 * 60 * 60);

/// An answer to a question. Without addresses it is a negative one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// In the order in which the server gave them.
    pub addresses: Vec<IpAddr>,
    /// For how long it holds; zero is for this time only.
    pub ttl: Duration,
}

/// The server could not, or would not, answer: another one may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the server answered with code {0}")]
pub struct ServerFailure(pub u8);

/// Reads the answer to `question` out of a response to it.
///
/// # Errors
/// When the response's code is neither 0 nor 3: then it says nothing about the name.
pub fn read(message: &Message, question: &Question) -> Result<Answer, ServerFailure> {
    todo!("the answer to {question:?} in {message:?}")
}
