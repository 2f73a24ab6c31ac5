//! Why a value did not get a slot.

use std::fmt;

/// A pool had no slot to give. It is as it was before, and can be used further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PoolError {
    /// As many slots are taken as the pool may have.
    Full {
        /// The pool's limit.
        limit: usize,
    },
    /// The global allocator had no chunk to give, or there can be none of that size.
    OutOfMemory,
}

/// A value that was not taken, and why.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Rejected<T> {
    /// The value, unharmed.
    pub value: T,
    /// Why there was no slot for it.
    pub error: PoolError,
}

impl fmt::Display for PoolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full { limit } => write!(f, "all {limit} slots of the pool are taken"),
            Self::OutOfMemory => f.write_str("the global allocator has no chunk for the pool"),
        }
    }
}

impl std::error::Error for PoolError {}

impl<T> fmt::Display for Rejected<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

// Not derived: a value that cannot be printed can be rejected too.
impl<T> fmt::Debug for Rejected<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rejected")
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

impl<T> std::error::Error for Rejected<T> {}
