//! Messages of RFC 1035, section 4: a question goes out, a response comes back.
//!
//! ```text
//!  0       2       4       6       8       10      12
//! +-------+-------+-------+-------+-------+-------+- - - - - -+- - - - -+- - - - - -+
//! |  id   | flags | QD    | AN    | NS    | AR    | questions | answers | authority |
//! +-------+-------+-------+-------+-------+-------+- - - - - -+- - - - -+- - - - - -+
//!
//! flags     QR OPCODE(4) AA TC RD    RA Z(3) RCODE(4)
//! question  name  type(2) class(2)
//! record    name  type(2) class(2) ttl(4) length(2) data
//! ```
//!
//! A name may end in a pointer, two bytes that start with `11`: the rest of it stands at that offset of the message.
//! Who follows pointers without a bound can be led in circles for ever.

use std::net::IpAddr;

use super::name::{Name, NameError};

/// Bytes before the questions.
pub const HEADER_LEN: usize = 12;

/// The longest message over UDP, without an extension that says otherwise.
pub const UDP_MAX: usize = 512;

/// The two kinds of record that are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// A records, type 1.
    V4,
    /// AAAA records, type 28 (RFC 3596).
    V6,
}

impl Family {
    /// The number of the record type.
    pub fn record_type(self) -> u16 {
        match self {
            Self::V4 => 1,
            Self::V6 => 28,
        }
    }
}

/// What is asked: the addresses of one family that a name has.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Question {
    /// Whose addresses.
    pub name: Name,
    /// Of which family.
    pub family: Family,
}

/// A message, as far as a stub resolver reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What ties a response to its query.
    pub id: u16,
    /// Whether it is a response to a standard query.
    pub is_response: bool,
    /// Whether it did not fit: then it has no records here, whatever it carried.
    pub is_truncated: bool,
    /// 0 is no error, 3 is "no such name".
    pub code: u8,
    /// Its question, where it is exactly one, of the Internet, for addresses.
    pub question: Option<Question>,
    /// The records of the answer.
    pub answers: Vec<Record>,
    /// The records of the authority section, where a negative answer keeps its SOA.
    pub authority: Vec<Record>,
}

/// A resource record of the class Internet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// What it is about.
    pub name: Name,
    /// How long it may be kept, in seconds. A value with its top bit set is 0 (RFC 2181, section 8).
    pub ttl: u32,
    /// What it says.
    pub data: Data,
}

/// What a record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// A or AAAA.
    Address(IpAddr),
    /// The name is another name's alias.
    Cname(Name),
    /// The start of a zone; of its fields only `MINIMUM` counts here.
    Soa {
        /// How long a negative answer may be kept, in seconds (RFC 2308, section 4).
        minimum: u32,
    },
    /// A type that nobody asked for.
    Other(u16),
}

/// Why bytes are no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// It ends before it is complete.
    #[error("the message is cut off")]
    Cut,
    /// A pointer that does not lead back, or a label of a kind that does not exist.
    #[error("a name that leads nowhere")]
    Pointer,
    /// A name of more than 255 bytes.
    #[error("a name that is too long")]
    Name,
    /// A record whose data is not of the length that its type has.
    #[error("a record of the wrong length")]
    Data,
}

impl From<NameError> for MessageError {
    fn from(_: NameError) -> Self {
        Self::Name
    }
}

/// The query with one question; recursion is desired.
pub fn encode_query(id: u16, question: &Question) -> Vec<u8> {
    todo!("the header with {id}, then {question:?}")
}

/// Reads a message.
///
/// # Errors
/// When it is cut, or a part of it is not what its place asks for. Of a truncated message only the header and the
/// question are read.
pub fn decode(bytes: &[u8]) -> Result<Message, MessageError> {
    todo!("read the {} bytes", bytes.len())
}
