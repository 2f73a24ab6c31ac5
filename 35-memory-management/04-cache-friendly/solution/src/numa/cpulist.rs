//! The kernel's way to write a set of processors: `0-3,8,10-11`.
//!
//! ```text
//! list  = [ range *( "," range ) ] [ "\n" ]
//! range = number [ "-" number ]                 the second one is not less than the first
//! ```
//!
//! Nothing else: no spaces, no signs. The kernel writes an empty line for a node that is memory alone. Described in
//! `cpuset(7)`, *List format*.

use thiserror::Error;

/// Processors that a list can name: the most that Linux can be built for.
pub const CPUS_MAX: usize = 8192;

/// Why a text is no list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CpuListError {
    /// Something is neither a number nor a range.
    #[error("not a list of processors")]
    Malformed,
    /// The second number of a range is less than the first.
    #[error("a range that goes down")]
    Descending,
    /// A number is [`CPUS_MAX`] or more.
    #[error("a processor that no machine has")]
    TooLarge,
}

/// Reads a list. The numbers in ascending order, each once, whatever order the text has.
///
/// # Errors
/// [`CpuListError`] of the first range that is wrong.
pub fn parse(text: &str) -> Result<Vec<usize>, CpuListError> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let mut cpus = Vec::new();
    for range in text.split(',') {
        let (first, last) = match range.split_once('-') {
            Some((first, last)) => (number(first)?, number(last)?),
            None => (number(range)?, number(range)?),
        };
        if last < first {
            return Err(CpuListError::Descending);
        }
        cpus.extend(first..=last);
    }
    cpus.sort_unstable();
    cpus.dedup();
    Ok(cpus)
}

/// A number of digits alone, less than [`CPUS_MAX`].
fn number(digits: &str) -> Result<usize, CpuListError> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(CpuListError::Malformed);
    }
    // Digits alone fail to parse only when they are too many.
    let number = digits.parse().map_err(|_| CpuListError::TooLarge)?;
    if number < CPUS_MAX {
        Ok(number)
    } else {
        Err(CpuListError::TooLarge)
    }
}
