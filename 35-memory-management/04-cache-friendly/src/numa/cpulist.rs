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
    todo!("the processors of {text:?}, each less than {CPUS_MAX}")
}
