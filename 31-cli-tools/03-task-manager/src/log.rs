//! The file that a store lives in: a log of records that only ever grows at its end.
//!
//! ```text
//! file    offset  bytes
//!              0      8  %TASKS1\n
//!              8         the records, one behind the other
//!
//! record       0      8  n, the length of the payload: hexadecimal digits, lower case
//!              8      1  a blank
//!              9      8  CRC-32 (IEEE 802.3) of bytes 0..9 and of the payload, likewise in digits
//!             17      1  a blank
//!             18      n  the payload: JSON without a line feed
//!           18+n      1  \n
//! ```
//!
//! A payload has no line feed, so the only one in a record is its last byte. That is what tells a crash from damage. A
//! write that was cut short leaves the beginning of a record, and no line feed: a *torn* record, which nobody was told
//! of. Anything else that is wrong happened to bytes that had been written: *damage*.

/// What a log begins with: the name and the version of the format.
pub const MAGIC: &[u8; 8] = b"%TASKS1\n";

/// Bytes of a record before its payload.
pub const HEAD_LEN: usize = 18;

/// The longest payload, in bytes: 1 GiB.
pub const PAYLOAD_MAX: usize = 1 << 30;

/// A record that is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    /// Where it begins in the file.
    pub offset: usize,
    /// What it holds.
    pub payload: &'a [u8],
}

/// A log without damage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan<'a> {
    /// Its records, in order.
    pub records: Vec<Record<'a>>,
    /// Where the last of them ends: what comes next is written here. 0 when the header is not whole.
    pub end: usize,
    /// Bytes behind `end`: the beginning of a record, or of the header, whose write was cut short.
    pub torn: usize,
}

/// Bytes that are not as they were written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("damaged at byte {offset}: {reason}")]
pub struct Damage {
    /// Where the record begins that cannot be read.
    pub offset: usize,
    /// What is wrong with it.
    pub reason: &'static str,
}

/// A record as it stands in the file.
///
/// # Panics
/// When the payload has a line feed or is longer than [`PAYLOAD_MAX`].
pub fn encode(payload: &[u8]) -> Vec<u8> {
    todo!("a record with the payload {payload:?}")
}

/// Finds the records of a log. No bytes, or a part of the header, are a log that was never written to.
///
/// # Errors
/// The first damage.
pub fn scan(bytes: &[u8]) -> Result<Scan<'_>, Damage> {
    todo!("find the records in {} bytes", bytes.len())
}

/// Finds the records that can still be read, and the damage between them.
pub fn salvage(bytes: &[u8]) -> (Vec<Record<'_>>, Vec<Damage>) {
    todo!("find what can be read in {} bytes", bytes.len())
}
