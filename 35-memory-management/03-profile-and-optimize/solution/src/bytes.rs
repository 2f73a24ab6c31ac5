//! Eight bytes at a time, in one register.
//!
//! A word holds the earlier byte in the lower bits. What is found is marked in the highest bit of its byte, so that
//! `trailing_zeros() / 8` is the place of the first one.

/// One in each byte.
const ONES: u64 = 0x0101_0101_0101_0101;

/// The highest bit of each byte.
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// Marks each byte that is equal to `byte`.
#[inline]
pub fn equal(word: u64, byte: u8) -> u64 {
    let difference = word ^ (ONES * u64::from(byte));
    // The lower seven bits of a byte carry into the highest one unless they are all zero, and never beyond.
    !((difference & !HIGHS).wrapping_add(!HIGHS) | difference) & HIGHS
}

/// The words of some bytes; the last one has zeros behind the last byte.
///
/// To be driven by `find_map` and its like: they run one loop over the whole words and do the tail once, where a `for` asks
/// at each step which of the two it is in.
#[inline]
pub fn words(bytes: &[u8]) -> impl Iterator<Item = u64> {
    let (whole, tail) = bytes.as_chunks::<8>();
    let whole = whole.iter().map(|word| u64::from_le_bytes(*word));
    whole.chain((!tail.is_empty()).then(|| last_word(bytes, tail)))
}

/// The word of the tail: read with the bytes before it, if there are enough.
#[inline]
fn last_word(bytes: &[u8], tail: &[u8]) -> u64 {
    match bytes.last_chunk::<8>() {
        Some(last) => u64::from_le_bytes(*last) >> (64 - 8 * tail.len()),
        None => tail
            .iter()
            .rev()
            .fold(0, |word, byte| word << 8 | u64::from(*byte)),
    }
}
