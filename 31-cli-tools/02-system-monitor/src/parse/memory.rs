//! `/proc/meminfo`: a line a figure, and more of them with each kernel.
//!
//! ```text
//! MemTotal:        1016508 kB
//! MemFree:          400000 kB
//! ```

use super::ParseError;

/// `/proc/meminfo`, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Memory {
    /// What the kernel manages.
    pub total_bytes: u64,
    /// What programs could still get without swapping.
    pub available_bytes: u64,
    /// The size of all swap areas.
    pub swap_total_bytes: u64,
    /// What is free of them.
    pub swap_free_bytes: u64,
}

/// Reads `/proc/meminfo`. Before Linux 3.14 there is no `MemAvailable`; then it is estimated as free(1) did: what is
/// free, or holds contents of files that can be read again.
///
/// # Errors
/// `MemTotal`, or both `MemAvailable` and `MemFree`, are missing; or a number is none.
pub fn memory(bytes: &[u8]) -> Result<Memory, ParseError> {
    todo!("read {} bytes of meminfo", bytes.len())
}

impl Memory {
    /// What programs and the kernel use and would not give back.
    pub fn used_bytes(&self) -> u64 {
        self.total_bytes - self.available_bytes
    }

    /// What is swapped out.
    pub fn swap_used_bytes(&self) -> u64 {
        self.swap_total_bytes - self.swap_free_bytes
    }
}
