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

/// What stands at the beginning of some bytes.
enum Next<'a> {
    /// A payload; its record has so many bytes.
    Whole(&'a [u8], usize),
    /// The beginning of a record, to the end of the file.
    Torn,
    /// Damage. Where only the terminator is wrong, the payload and the length of the record are known all the same.
    Damaged(&'static str, Option<(&'a [u8], usize)>),
}

/// A record as it stands in the file.
///
/// # Panics
/// When the payload has a line feed or is longer than [`PAYLOAD_MAX`].
pub fn encode(payload: &[u8]) -> Vec<u8> {
    assert!(payload.len() <= PAYLOAD_MAX, "the caller bounds what it writes");
    debug_assert!(!payload.contains(&b'\n'), "JSON on one line");
    let length = format!("{:08x} ", payload.len());
    let mut record = Vec::with_capacity(HEAD_LEN + payload.len() + 1);
    record.extend_from_slice(length.as_bytes());
    record.extend_from_slice(format!("{:08x} ", checksum(length.as_bytes(), payload)).as_bytes());
    record.extend_from_slice(payload);
    record.push(b'\n');
    record
}

/// Finds the records of a log. No bytes, or a part of the header, are a log that was never written to.
///
/// # Errors
/// The first damage.
pub fn scan(bytes: &[u8]) -> Result<Scan<'_>, Damage> {
    let mut scan = Scan {
        records: Vec::new(),
        end: 0,
        torn: bytes.len(),
    };
    if !header(bytes)? {
        return Ok(scan);
    }
    scan.end = MAGIC.len();
    while scan.end < bytes.len() {
        match next(&bytes[scan.end..]) {
            Next::Whole(payload, len) => {
                scan.records.push(Record {
                    offset: scan.end,
                    payload,
                });
                scan.end += len;
            }
            Next::Torn => break,
            Next::Damaged(reason, _) => {
                return Err(Damage {
                    offset: scan.end,
                    reason,
                });
            }
        }
    }
    scan.torn = bytes.len() - scan.end;
    Ok(scan)
}

/// Finds the records that can still be read, and the damage between them.
pub fn salvage(bytes: &[u8]) -> (Vec<Record<'_>>, Vec<Damage>) {
    let (mut records, mut damages) = (Vec::new(), Vec::new());
    let mut offset = match header(bytes) {
        Ok(true) => MAGIC.len(),
        Ok(false) => bytes.len(),
        Err(damage) => {
            damages.push(damage);
            after_line_feed(bytes, 0)
        }
    };
    while offset < bytes.len() {
        match next(&bytes[offset..]) {
            Next::Whole(payload, len) => {
                records.push(Record { offset, payload });
                offset += len;
            }
            Next::Torn => break,
            Next::Damaged(reason, rest) => {
                damages.push(Damage { offset, reason });
                if let Some((payload, len)) = rest {
                    records.push(Record { offset, payload });
                    offset += len;
                } else {
                    offset = after_line_feed(bytes, offset);
                }
            }
        }
    }
    (records, damages)
}

/// Whether the header is whole; `false` when the file ends within it.
fn header(bytes: &[u8]) -> Result<bool, Damage> {
    let damage = |reason| Err(Damage { offset: 0, reason });
    let name = &MAGIC[..6];
    if bytes.starts_with(MAGIC) {
        Ok(true)
    } else if MAGIC.starts_with(bytes) {
        Ok(false)
    } else if bytes.starts_with(name) && bytes.get(7) == Some(&b'\n') && bytes[6].is_ascii_digit() {
        damage("a version of the format that this program does not know")
    } else {
        damage("this is no log of tasks")
    }
}

fn next(rest: &[u8]) -> Next<'_> {
    // Nothing but the terminator is a line feed, so whatever has one was written to its end.
    let is_cut = || !rest.contains(&b'\n');
    let Some((head, tail)) = rest.split_at_checked(HEAD_LEN) else {
        return if is_head(rest) {
            Next::Torn
        } else {
            Next::Damaged("a record without a head", None)
        };
    };
    let (Some(len), Some(sum)) = (number(&head[..9]), number(&head[9..])) else {
        return Next::Damaged("the head of the record is not one", None);
    };
    let len = len as usize;
    if len > PAYLOAD_MAX {
        return Next::Damaged("the length of the record is out of bounds", None);
    }
    let Some(payload) = tail.get(..len) else {
        return if is_cut() {
            Next::Torn
        } else {
            Next::Damaged("the record is longer than the file", None)
        };
    };
    let Some(terminator) = tail.get(len) else {
        return if is_cut() {
            Next::Torn
        } else {
            Next::Damaged("a line feed within the record", None)
        };
    };
    if checksum(&head[..9], payload) != sum {
        return Next::Damaged("the checksum does not match", None);
    }
    let len = HEAD_LEN + len + 1;
    match terminator {
        b'\n' => Next::Whole(payload, len),
        _ => Next::Damaged("the record does not end with a line feed", Some((payload, len))),
    }
}

/// Whether these bytes can be the beginning of a head.
fn is_head(bytes: &[u8]) -> bool {
    bytes.iter().enumerate().all(|(index, byte)| match index {
        8 | 17 => *byte == b' ',
        _ => is_digit(byte),
    })
}

/// Small letters only: capital ones are not what was written.
fn is_digit(byte: &u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

/// Eight digits and a blank.
fn number(field: &[u8]) -> Option<u32> {
    let (digits, blank) = field.split_at(8);
    if blank != b" " || !digits.iter().all(is_digit) {
        return None;
    }
    u32::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()
}

fn checksum(length: &[u8], payload: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(length);
    hasher.update(payload);
    hasher.finalize()
}

fn after_line_feed(bytes: &[u8], from: usize) -> usize {
    let rest = &bytes[from..];
    from + rest
        .iter()
        .position(|byte| *byte == b'\n')
        .map_or(rest.len(), |at| at + 1)
}
