//! `/proc/meminfo`: a line a figure, and more of them with each kernel.
//!
//! ```text
//! MemTotal:        1016508 kB
//! MemFree:          400000 kB
//! ```

use super::fields::{Fields, error, lines};
use super::{Fault, ParseError};

const KIB: u64 = 1024;

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
    const NAMES: [&str; 9] = [
        "MemTotal",
        "MemFree",
        "MemAvailable",
        "Buffers",
        "Cached",
        "Shmem",
        "SReclaimable",
        "SwapTotal",
        "SwapFree",
    ];
    let mut found = [None; NAMES.len()];
    for line in lines(bytes) {
        let Some(colon) = line.iter().position(|&byte| byte == b':') else {
            continue;
        };
        if let Some(index) = NAMES.iter().position(|name| name.as_bytes() == &line[..colon]) {
            let kibibytes = Fields::new("meminfo", &line[colon + 1..]).number(NAMES[index])?;
            found[index] = Some(kibibytes.saturating_mul(KIB));
        }
    }
    let [
        total,
        free,
        available,
        buffers,
        cached,
        shared,
        reclaimable,
        swap_total,
        swap_free,
    ] = found;
    let missing = |field| error("meminfo", field, Fault::Missing);
    let total_bytes = total.ok_or_else(|| missing("MemTotal"))?;
    let available_bytes = match available {
        Some(available) => available,
        None => {
            let free = free.ok_or_else(|| missing("MemFree"))?;
            let again = [buffers, cached, reclaimable].map(|bytes| bytes.unwrap_or(0));
            let sum = again.into_iter().fold(free, u64::saturating_add);
            // Shared memory counts as cached, and cannot be dropped.
            sum.saturating_sub(shared.unwrap_or(0))
        }
    };
    Ok(Memory {
        total_bytes,
        available_bytes: available_bytes.min(total_bytes),
        swap_total_bytes: swap_total.unwrap_or(0),
        swap_free_bytes: swap_free.unwrap_or(0).min(swap_total.unwrap_or(0)),
    })
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
