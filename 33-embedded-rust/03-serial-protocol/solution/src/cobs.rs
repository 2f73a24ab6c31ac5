//! Consistent Overhead Byte Stuffing: any bytes, written without a zero, so that a zero can end them.
//!
//! The data, with a zero thought behind it, is cut after each zero. Each piece is sent without its zero, behind a code
//! byte that says how long it was with it. A run of 254 bytes without a zero is cut too; its code, 255, has no zero
//! behind it.
//!
//! ```text
//! data      11 22 00 33                  encoded   03 11 22 02 33        and on the line a 00 behind it
//!           11 22 00|33(00)                        code 3 ──┘  └ code 2
//! 254 bytes without a zero               encoded   FF and the 254 bytes, then 01 only if a zero follows
//! ```
//!
//! - [`encode`] writes a whole block; it adds a byte for each 254 begun, never more
//! - [`Decoder`] takes one byte at a time, keeps what it decodes in a buffer of fixed size, and after any
//!   damage is whole again at the next zero

use heapless::Vec;

/// The longest run that one code byte describes.
const RUN_MAX: usize = 254;

/// Bytes that `length` bytes may need when encoded.
pub const fn encoded_max(length: usize) -> usize {
    let codes = length.div_ceil(RUN_MAX);
    length + if codes == 0 { 1 } else { codes }
}

/// Encodes `data` into `out`, without a zero; what was written, or nothing when `out` is too short.
pub fn encode<'a>(data: &[u8], out: &'a mut [u8]) -> Option<&'a [u8]> {
    // Where the code byte of the current run belongs, and where the next byte goes.
    let (mut code_at, mut end) = (0, 1);
    let mut is_open = true;
    for &byte in data {
        if !is_open {
            (code_at, end, is_open) = (end, end + 1, true);
        }
        if byte != 0 {
            *out.get_mut(end)? = byte;
            end += 1;
        }
        let run = end - code_at;
        if byte == 0 || run > RUN_MAX {
            *out.get_mut(code_at)? = run as u8;
            // A run that a zero ended has another behind it, even an empty one; a full run only if data follows.
            (code_at, end, is_open) = if byte == 0 {
                (end, end + 1, true)
            } else {
                (code_at, end, false)
            };
        }
    }
    if is_open {
        *out.get_mut(code_at)? = (end - code_at) as u8;
    }
    Some(&out[..end])
}

/// Why what stood between two zeros is no frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error {
    /// It decodes to more than the buffer holds.
    Overlong,
    /// The zero came where a code byte had promised more.
    Truncated,
}

/// Decodes frames of up to `N` bytes, byte by byte. Its size is fixed when it is compiled.
#[derive(Debug)]
pub struct Decoder<const N: usize> {
    /// What is decoded of the frame so far.
    frame: Vec<u8, N>,
    /// Bytes of the current run that are still to come.
    left: u8,
    /// Whether a zero belongs behind the current run, once another follows.
    owes_zero: bool,
    /// What is wrong with the frame; everything up to the next zero is then thrown away.
    fault: Option<Error>,
    /// Whether nothing came since the last zero; the frame that it ended is still in the buffer.
    is_between: bool,
}

impl<const N: usize> Decoder<N> {
    /// A decoder at the beginning of a frame.
    pub const fn new() -> Self {
        Self {
            frame: Vec::new(),
            left: 0,
            owes_zero: false,
            fault: None,
            is_between: true,
        }
    }

    /// Takes one byte of the line. A zero gives what it ends, but for nothing at all between two zeros.
    pub fn push(&mut self, byte: u8) -> Option<Result<&[u8], Error>> {
        if byte == 0 {
            return self.end();
        }
        if self.is_between {
            *self = Self::new();
            self.is_between = false;
        }
        if self.fault.is_some() {
            return None;
        }
        let kept = if self.left > 0 {
            self.left -= 1;
            self.frame.push(byte)
        } else {
            let owed = if self.owes_zero {
                self.frame.push(0)
            } else {
                Ok(())
            };
            self.left = byte - 1;
            self.owes_zero = byte != u8::MAX;
            owed
        };
        if kept.is_err() {
            self.fault = Some(Error::Overlong);
        }
        None
    }

    /// What the zero ends.
    fn end(&mut self) -> Option<Result<&[u8], Error>> {
        if self.is_between {
            return None;
        }
        self.is_between = true;
        Some(match self.fault {
            Some(fault) => Err(fault),
            None if self.left > 0 => Err(Error::Truncated),
            None => Ok(&self.frame),
        })
    }
}

impl<const N: usize> Default for Decoder<N> {
    fn default() -> Self {
        Self::new()
    }
}
