//! Where lines begin and end: pure functions over a block of bytes.
//!
//! ```text
//! b e t a \r \n g a m m a
//! └─────┘          content: what a pattern sees
//! └──────────┘     line:    what is printed
//! ```
//!
//! A line is a range of its block and includes its terminator; the last line of a file may lack one.

use memchr::{memchr, memchr_iter, memrchr};

/// The number of line feeds in `bytes`.
pub fn count(bytes: &[u8]) -> u64 {
    memchr_iter(b'\n', bytes).count() as u64
}

/// Where the line that holds position `at` begins.
pub fn start(block: &[u8], at: usize) -> usize {
    memrchr(b'\n', &block[..at]).map_or(0, |feed| feed + 1)
}

/// Where the line that holds position `at` ends: behind its line feed, or at the end of the block.
pub fn end(block: &[u8], at: usize) -> usize {
    memchr(b'\n', &block[at..]).map_or(block.len(), |feed| at + feed + 1)
}

/// Where the line begins that stands `count` lines before the one that begins at `at`; 0 when there are fewer.
pub fn back(block: &[u8], at: usize, count: usize) -> usize {
    let mut position = at;
    for _ in 0..count {
        if position == 0 {
            break;
        }
        position = start(block, position - 1);
    }
    position
}

/// A line without its terminator, which is `\n` or `\r\n`. A carriage return elsewhere is content.
pub fn content(line: &[u8]) -> &[u8] {
    match line {
        [content @ .., b'\r', b'\n'] | [content @ .., b'\n'] => content,
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_stops_at_the_first_line() {
        let block = b"a\nb\nc\n";
        assert_eq!(back(block, 4, 0), 4);
        assert_eq!(back(block, 4, 1), 2);
        assert_eq!(back(block, 4, 9), 0);
    }
}
