//! Why an allocation failed.

use std::fmt;

/// An allocation that failed. The arena is as it was before, and can be used further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AllocError {
    /// The request, with the header and the padding that it needs, is more than `isize::MAX` bytes.
    SizeOverflow,
    /// The smallest chunk that could hold the request is beyond the arena's limit.
    LimitExceeded {
        /// Bytes of that chunk.
        chunk_bytes: usize,
        /// The arena's limit.
        limit_bytes: usize,
    },
    /// The global allocator had no chunk to give.
    OutOfMemory {
        /// Bytes of the smallest chunk that was asked for.
        chunk_bytes: usize,
    },
}

impl fmt::Display for AllocError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SizeOverflow => f.write_str("the size of the request overflows"),
            Self::LimitExceeded {
                chunk_bytes,
                limit_bytes,
            } => {
                write!(
                    f,
                    "a chunk of {chunk_bytes} bytes is beyond the limit of {limit_bytes} bytes"
                )
            }
            Self::OutOfMemory { chunk_bytes } => {
                write!(f, "the global allocator has no chunk of {chunk_bytes} bytes")
            }
        }
    }
}

impl std::error::Error for AllocError {}
