//! What can go wrong: with a region as a whole, and with one request.

use std::io;

use crate::layout::{KEY_BYTES_MAX, SLAB_BYTES_MAX, SLAB_BYTES_MIN, SLOTS_MAX, VERSION};

/// Why a region cannot be made or opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A system call failed.
    #[error("cannot {action}: {source}")]
    Io {
        /// What was tried, as a verb and its object.
        action: &'static str,
        /// What the kernel said.
        #[source]
        source: io::Error,
    },
    /// The file is shorter than a header.
    #[error("{bytes} bytes are no cache: the header alone has 4096")]
    TooShort {
        /// Bytes of the file.
        bytes: u64,
    },
    /// The file does not begin with the magic number.
    #[error("not a cache")]
    NotACache,
    /// The region was laid out by another version of this format.
    #[error("a region of version {found}, where this program knows version {VERSION}")]
    Version {
        /// The version that its header names.
        found: u32,
    },
    /// The header's checksum is wrong, or it says what cannot be.
    #[error("the header is damaged")]
    Damaged,
    /// The file has another size than its header says.
    #[error("the file has {found} bytes, and its header says {expected}")]
    Size {
        /// Bytes that the header names.
        expected: u64,
        /// Bytes of the file.
        found: u64,
    },
    /// The region is in order, and another one than was asked for.
    #[error(
        "the region has {found_slots} slots of {found_slab_bytes} bytes, and {slots} of {slab_bytes} were asked for"
    )]
    Other {
        /// Slots of the region.
        found_slots: u64,
        /// Bytes of its slabs.
        found_slab_bytes: u32,
        /// Slots asked for, as rounded up.
        slots: u64,
        /// Bytes of a slab asked for.
        slab_bytes: u32,
    },
    /// No region can have this number of slots.
    #[error("{slots} slots: a region has 1 to {SLOTS_MAX}")]
    Slots {
        /// Slots asked for.
        slots: u64,
    },
    /// No region can have slabs of this size.
    #[error(
        "slabs of {slab_bytes} bytes: they have {SLAB_BYTES_MIN} to {SLAB_BYTES_MAX}, and a multiple of 8"
    )]
    Slab {
        /// Bytes of a slab asked for.
        slab_bytes: u32,
    },
}

/// Why one request cannot be served. Nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CacheError {
    /// A key has at least one byte.
    #[error("the key is empty")]
    KeyEmpty,
    /// A key has at most [`KEY_BYTES_MAX`] bytes.
    #[error("a key of {bytes} bytes: at most {KEY_BYTES_MAX} are possible")]
    KeyTooLong {
        /// Bytes of the key.
        bytes: usize,
    },
    /// Key and value, each rounded up to whole words, do not fit into a slab.
    #[error("key and value take {bytes} bytes: a slab has {slab_bytes}")]
    EntryTooLarge {
        /// Bytes of both, each rounded up to a multiple of 8.
        bytes: usize,
        /// Bytes of a slab of this region.
        slab_bytes: u32,
    },
    /// The value is longer than the buffer that was given for it.
    #[error("the value has {value_bytes} bytes, and the buffer is shorter")]
    BufferTooShort {
        /// Bytes of the value.
        value_bytes: usize,
    },
}
