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

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::name::{Name, NameError};

/// Bytes before the questions.
pub const HEADER_LEN: usize = 12;

/// The longest message over UDP, without an extension that says otherwise.
pub const UDP_MAX: usize = 512;

const CLASS_INTERNET: u16 = 1;
const TYPE_CNAME: u16 = 5;
const TYPE_SOA: u16 = 6;

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
    let mut bytes = Vec::with_capacity(HEADER_LEN + question.name.wire().len() + 4);
    bytes.extend_from_slice(&id.to_be_bytes());
    bytes.extend_from_slice(&[0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0]);
    bytes.extend_from_slice(question.name.wire());
    bytes.extend_from_slice(&question.family.record_type().to_be_bytes());
    bytes.extend_from_slice(&CLASS_INTERNET.to_be_bytes());
    bytes
}

/// Reads a message.
///
/// # Errors
/// When it is cut, or a part of it is not what its place asks for. Of a truncated message only the header and the
/// question are read.
pub fn decode(bytes: &[u8]) -> Result<Message, MessageError> {
    let mut reader = Reader { bytes, at: 0 };
    let id = reader.u16()?;
    let [high, low] = reader.u16()?.to_be_bytes();
    let [questions, answers, authority, _additional] =
        [reader.u16()?, reader.u16()?, reader.u16()?, reader.u16()?];
    let mut question = None;
    for _ in 0..questions {
        question = reader.question()?;
    }
    let mut message = Message {
        id,
        is_response: high & 0b1111_1000 == 0b1000_0000,
        is_truncated: high & 0b10 != 0,
        code: low & 0b1111,
        question: question.filter(|_| questions == 1),
        answers: Vec::new(),
        authority: Vec::new(),
    };
    if !message.is_truncated {
        message.answers = reader.records(answers)?;
        message.authority = reader.records(authority)?;
    }
    Ok(message)
}

/// A place in a message.
struct Reader<'a> {
    /// All of it, since pointers count from its start.
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], MessageError> {
        let end = self.at.checked_add(count).ok_or(MessageError::Cut)?;
        let taken = self.bytes.get(self.at..end).ok_or(MessageError::Cut)?;
        self.at = end;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], MessageError> {
        Ok(*self.take(N)?.first_chunk().expect("as many as were asked for"))
    }

    fn u16(&mut self) -> Result<u16, MessageError> {
        Ok(u16::from_be_bytes(self.array()?))
    }

    fn u32(&mut self) -> Result<u32, MessageError> {
        Ok(u32::from_be_bytes(self.array()?))
    }

    /// A name, whose first part stands here.
    fn name(&mut self) -> Result<Name, MessageError> {
        let mut name = Name::root();
        // A copy follows the pointers; this reader stays behind the first of them.
        let mut hop = Reader { ..*self };
        // Each part starts before the one that points to it. So this falls with every pointer, and the walk ends.
        let mut part = self.at;
        let mut has_jumped = false;
        loop {
            let length = hop.take(1)?[0];
            match length >> 6 {
                0b00 if length == 0 => break,
                0b00 => name.push(hop.take(usize::from(length))?)?,
                0b11 => {
                    let low = hop.take(1)?[0];
                    if !has_jumped {
                        self.at = hop.at;
                        has_jumped = true;
                    }
                    let target = usize::from(u16::from_be_bytes([length & 0b0011_1111, low]));
                    if target >= part {
                        return Err(MessageError::Pointer);
                    }
                    (part, hop.at) = (target, target);
                }
                _ => return Err(MessageError::Pointer),
            }
        }
        if !has_jumped {
            self.at = hop.at;
        }
        Ok(name)
    }

    /// A question; `None` when it is not one that is asked here.
    fn question(&mut self) -> Result<Option<Question>, MessageError> {
        let name = self.name()?;
        let (record_type, class) = (self.u16()?, self.u16()?);
        let mut families = [Family::V4, Family::V6].into_iter();
        let family = families.find(|family| family.record_type() == record_type);
        let family = family.filter(|_| class == CLASS_INTERNET);
        Ok(family.map(|family| Question { name, family }))
    }

    /// `count` records, less those of other classes. The count is a claim: nothing is reserved for it.
    fn records(&mut self, count: u16) -> Result<Vec<Record>, MessageError> {
        let mut records = Vec::new();
        for _ in 0..count {
            let name = self.name()?;
            let (record_type, class, ttl) = (self.u16()?, self.u16()?, self.u32()?);
            let length = usize::from(self.u16()?);
            let start = self.at;
            self.take(length)?;
            if class != CLASS_INTERNET {
                continue;
            }
            let ttl = if ttl >> 31 == 1 { 0 } else { ttl };
            let data = self.data(record_type, start)?;
            records.push(Record { name, ttl, data });
        }
        Ok(records)
    }

    /// The data from `start` to here. Names in it may point to what stands before.
    fn data(&self, record_type: u16, start: usize) -> Result<Data, MessageError> {
        // The message ends at the record's end for whoever reads its data.
        let mut reader = Reader {
            bytes: &self.bytes[..self.at],
            at: start,
        };
        let data = match record_type {
            1 => Data::Address(Ipv4Addr::from(reader.array::<4>()?).into()),
            28 => Data::Address(Ipv6Addr::from(reader.array::<16>()?).into()),
            TYPE_CNAME => Data::Cname(reader.name()?),
            TYPE_SOA => {
                reader.name()?;
                reader.name()?;
                // Serial, refresh, retry and expire are between secondaries and their primary.
                reader.take(16)?;
                Data::Soa {
                    minimum: reader.u32()?,
                }
            }
            other => return Ok(Data::Other(other)),
        };
        if reader.at == self.at {
            Ok(data)
        } else {
            Err(MessageError::Data)
        }
    }
}
