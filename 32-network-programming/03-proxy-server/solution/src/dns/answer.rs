//! What a response says about a question: addresses, or that there are none, and for how long.

use std::net::IpAddr;
use std::time::Duration;

use super::message::{Data, Family, Message, Question, Record};

/// The longest chain of aliases that is followed.
pub const ALIASES_MAX: usize = 8;

/// The longest that any answer is kept; one that asks for more is kept for this.
pub const TTL_MAX: Duration = Duration::from_secs(24 * 60 * 60);

/// The longest that a negative answer is kept (RFC 2308, section 5, has one to three hours).
pub const NEGATIVE_TTL_MAX: Duration = Duration::from_secs(3 * 60 * 60);

const NO_ERROR: u8 = 0;
const NO_SUCH_NAME: u8 = 3;

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
    if !matches!(message.code, NO_ERROR | NO_SUCH_NAME) {
        return Err(ServerFailure(message.code));
    }
    // What holds for the whole is what holds for the part that is forgotten first.
    let mut ttl = TTL_MAX;
    let mut keep = |record: &Record| ttl = ttl.min(seconds(record.ttl));
    let mut name = &question.name;
    for _ in 0..=ALIASES_MAX {
        let mut of_name = message.answers.iter().filter(|record| record.name == *name);
        let mut addresses = Vec::new();
        for record in of_name.clone() {
            if let Data::Address(address) = record.data
                && address.is_ipv4() == (question.family == Family::V4)
            {
                keep(record);
                addresses.push(address);
            }
        }
        if !addresses.is_empty() {
            return Ok(Answer { addresses, ttl });
        }
        let alias = of_name.find_map(|record| match &record.data {
            Data::Cname(target) => Some((record, target)),
            _ => None,
        });
        let Some((record, target)) = alias else { break };
        keep(record);
        name = target;
    }
    Ok(Answer {
        addresses: Vec::new(),
        ttl: ttl.min(negative_ttl(message)),
    })
}

/// How long "no" may be kept: the lesser of the SOA's own time to live and its minimum. Without one, not at all.
fn negative_ttl(message: &Message) -> Duration {
    let limits = message.authority.iter().find_map(|record| match record.data {
        Data::Soa { minimum } => Some(seconds(minimum.min(record.ttl))),
        _ => None,
    });
    limits.unwrap_or_default().min(NEGATIVE_TTL_MAX)
}

fn seconds(count: u32) -> Duration {
    Duration::from_secs(count.into())
}
