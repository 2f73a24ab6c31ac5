//! Where lines begin and end: pure functions over a block of bytes.
//!
//! ```text
//! b e t a \r \n g a m m a
//! └─────┘          content: what a pattern sees
//! └──────────┘     line:    what is printed
//! ```
//!
//! A line is a range of its block and includes its terminator; the last line of a file may lack one.

/// The number of line feeds in `bytes`.
pub fn count(bytes: &[u8]) -> u64 {
    todo!("count the line feeds in {} bytes", bytes.len())
}

/// Where the line that holds position `at` begins.
pub fn start(block: &[u8], at: usize) -> usize {
    todo!("look back from {at} in {} bytes", block.len())
}

/// Where the line that holds position `at` ends: behind its line feed, or at the end of the block.
pub fn end(block: &[u8], at: usize) -> usize {
    todo!("look on from {at} in {} bytes", block.len())
}

/// A line without its terminator, which is `\n` or `\r\n`. A carriage return elsewhere is content.
pub fn content(line: &[u8]) -> &[u8] {
    todo!("strip the terminator of {} bytes", line.len())
}
