//! A chunk: the memory that an arena has from the global allocator, and the header at its low end.
//!
//! ```text
//! chunk              start = chunk + size_of::<Header>()                        end = chunk + size
//! | previous | size | used |              free                | block | block | block |
//! ```
//!
//! `chunk`, `start` and `end` are multiples of [`CHUNK_ALIGN`]. Chunks form a list, newest first.

/// Bytes of an arena's first chunk, header included.
pub const CHUNK_FIRST: usize = 4 << 10;

/// Bytes at which chunks stop doubling. One larger than this holds a single block that needs it.
pub const CHUNK_MAX: usize = 8 << 20;

/// The alignment of a chunk's start and end: a block aligned to this or less needs no padding against them.
pub const CHUNK_ALIGN: usize = 16;

// The header, and how a chunk is taken, found again and given back, are yours to write.
