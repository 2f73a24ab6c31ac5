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
    todo!("encode {} bytes into {}", data.len(), out.len())
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
    /// What is decoded of the frame so far. What else must it remember?
    frame: Vec<u8, N>,
}

impl<const N: usize> Decoder<N> {
    /// A decoder at the beginning of a frame.
    pub const fn new() -> Self {
        Self { frame: Vec::new() }
    }

    /// Takes one byte of the line. A zero gives what it ends, but for nothing at all between two zeros.
    pub fn push(&mut self, byte: u8) -> Option<Result<&[u8], Error>> {
        todo!("take {byte:#04x} after {:02x?}", self.frame)
    }
}

impl<const N: usize> Default for Decoder<N> {
    fn default() -> Self {
        Self::new()
    }
}
