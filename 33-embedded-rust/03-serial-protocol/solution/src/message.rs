//! The messages: what stands in the payload of a data frame, in postcard's format.
//!
//! ```text
//! Ping { token: 300 }                  00 AC 02             the variant's number, then a varint
//! Chunk { offset: 128, data: [..] }    03 80 01 | 04 | AA BB CC DD
//! ```
//!
//! The format says nothing of itself: both ends must know the type. So variants are only ever added at the end, each
//! says since which version of the protocol it exists, and fields are never changed. An end that meets a variant it does
//! not know answers [`Refusal::BadMessage`]; that is why every request has an answer.

use serde_no_std::{Deserialize, Serialize};

use crate::flash::Slot;
use crate::link::Versions;

/// The versions that this program speaks. Version 2 added [`Request::Counters`].
pub const VERSIONS: Versions = Versions { min: 1, max: 2 };

/// The most data in a chunk.
pub const CHUNK_MAX: usize = 128;

/// What the host asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "serde_no_std")]
pub enum Request<'a> {
    /// Whether anybody is there.
    Ping {
        /// Comes back.
        token: u32,
    },
    /// What is running.
    Info,
    /// Begins an update, or goes on with the one of the same image.
    Begin {
        /// Bytes of the image.
        length: u32,
        /// Its CRC-32.
        crc: u32,
    },
    /// The next bytes of the image, a multiple of 4 unless they are the last.
    Chunk {
        /// Where in the image they belong.
        offset: u32,
        /// At most [`CHUNK_MAX`].
        data: &'a [u8],
    },
    /// Checks the image and marks it for a trial at the next start.
    Finish,
    /// Starts the device anew, once this is answered.
    Restart,
    /// Keeps the image that is on trial.
    Confirm,
    /// What the line has done. Since version 2.
    Counters,
}

/// What the device answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "serde_no_std")]
pub enum Reply {
    /// To `Ping`.
    Pong {
        /// The ping's.
        token: u32,
    },
    /// To `Info`.
    Info(Info),
    /// To `Begin` and `Chunk`.
    Progress {
        /// Bytes of the image that are in the flash.
        written: u32,
    },
    /// To `Finish`, `Restart` and `Confirm`.
    Done,
    /// To anything that cannot be done.
    Refused(Refusal),
    /// To `Counters`.
    Counters(Counters),
}

/// What is running.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "serde_no_std")]
pub struct Info {
    /// The slot that was booted.
    pub slot: Slot,
    /// Whether its image is on trial.
    pub is_trial: bool,
    /// Whether the image before it failed its trial.
    pub rolled_back: bool,
    /// Bytes of the image; 0 for the one from the factory.
    pub length: u32,
    /// Its CRC-32.
    pub crc: u32,
}

/// Why a request is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "serde_no_std")]
pub enum Refusal {
    /// The payload is no request that this device knows.
    BadMessage,
    /// The request is newer than the version that was agreed on.
    NotInVersion,
    /// The image is empty or too long, or the chunk goes past its end.
    BadLength,
    /// There is no update to go on with.
    NotBegun,
    /// The chunk does not follow what was written, or the image is not complete.
    OutOfOrder {
        /// What was written.
        written: u32,
    },
    /// The image in the flash does not have the CRC that was announced.
    BadImage,
    /// A trial is under way: its fallback must not be overwritten.
    OnTrial,
    /// No image is on trial.
    NotOnTrial,
    /// The flash reports an error.
    Flash,
}

/// What an end of the line has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "serde_no_std")]
pub struct Counters {
    /// Messages delivered.
    pub delivered: u32,
    /// Messages that came again.
    pub repeated: u32,
    /// Frames that were sent again.
    pub resent: u32,
    /// Frames that were damaged.
    pub damaged: u32,
    /// Bytes that came while the queue was full.
    pub overflowed: u32,
}

impl Counters {
    /// Nothing seen.
    pub const ZERO: Self = Self {
        delivered: 0,
        repeated: 0,
        resent: 0,
        damaged: 0,
        overflowed: 0,
    };
}

impl Request<'_> {
    /// The version of the protocol that brought it.
    pub fn since(&self) -> u8 {
        match self {
            Self::Counters => 2,
            _ => 1,
        }
    }
}

/// Writes a message into `out` and returns what was written; nothing when it does not fit.
pub fn encode<'o>(message: &impl Serialize, out: &'o mut [u8]) -> Option<&'o [u8]> {
    postcard::to_slice(message, out).ok().map(|written| &*written)
}

/// Reads the message that `bytes` are, all of them; nothing when they are none.
pub fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Option<T> {
    match postcard::take_from_bytes(bytes) {
        Ok((message, [])) => Some(message),
        _ => None,
    }
}
