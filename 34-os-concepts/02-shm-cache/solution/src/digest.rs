//! The hash of a key, and the checksum of an entry. Given: nothing in this file is left to do.
//!
//! One step folds two words into the state: a multiplication of 64 by 64 bits, whose upper and lower halves are
//! combined. It takes some five cycles for 16 bytes, so that each read can afford to verify what it read. It finds
//! accidents, a flipped bit or half an entry; it is no defence against somebody who computes collisions.

/// An odd number without a pattern (the fractional part of the golden ratio).
const PHI: u64 = 0x9e37_79b9_7f4a_7c15;
/// Another one (of the square root of 3).
const ROOT: u64 = 0xbb67_ae85_84ca_a73b;

/// Upper and lower half of a product, combined.
#[inline]
const fn fold(a: u64, b: u64) -> u64 {
    let product = (a as u128) * (b as u128);
    (product as u64) ^ ((product >> 64) as u64)
}

/// A digest in the making.
#[derive(Clone, Copy)]
pub struct Digest(u64);

impl Digest {
    /// A digest that begins with `start`.
    #[inline]
    pub fn new(start: u64) -> Self {
        Self(start ^ PHI)
    }

    /// Takes two words in.
    #[inline]
    pub fn pair(&mut self, a: u64, b: u64) {
        self.0 = fold(self.0 ^ a, b ^ ROOT);
    }

    /// The digest of everything that was taken in.
    #[inline]
    pub fn finish(self) -> u64 {
        fold(self.0 ^ ROOT, PHI)
    }
}

/// The digest of bytes: it begins with their number, and takes them as words, of which the last is filled with zeros; a
/// missing second word of a pair is 0.
#[inline]
pub fn of_bytes(start: u64, bytes: &[u8]) -> u64 {
    let mut digest = Digest::new(start ^ bytes.len() as u64);
    let (pairs, rest) = bytes.as_chunks::<16>();
    for pair in pairs {
        let number = u128::from_le_bytes(*pair);
        digest.pair(number as u64, (number >> 64) as u64);
    }
    if !rest.is_empty() {
        let mut last = [0; 16];
        last[..rest.len()].copy_from_slice(rest);
        let number = u128::from_le_bytes(last);
        digest.pair(number as u64, (number >> 64) as u64);
    }
    digest.finish()
}

/// The same digest, of `len` bytes that come as words, the last one filled with zeros.
#[inline]
pub fn of_words(start: u64, len: usize, words: impl IntoIterator<Item = u64>) -> u64 {
    let mut digest = Digest::new(start ^ len as u64);
    let mut words = words.into_iter();
    while let Some(a) = words.next() {
        digest.pair(a, words.next().unwrap_or(0));
    }
    digest.finish()
}

/// A key with its hash: what every part of the cache is asked with.
#[derive(Clone, Copy)]
pub struct Key<'a> {
    /// The key itself.
    pub bytes: &'a [u8],
    /// Its hash in this region.
    pub hash: u64,
}

impl<'a> Key<'a> {
    /// A key of the region whose hashes begin with `seed`.
    #[inline]
    pub fn new(bytes: &'a [u8], seed: u64) -> Self {
        let hash = of_bytes(seed, bytes);
        Self { bytes, hash }
    }

    /// What stands among the tags of its set: the lower 16 bits of the hash, and 1 for 0.
    #[inline]
    pub fn tag(&self) -> u16 {
        tag_of(self.hash)
    }
}

/// The tag of a hash, never 0.
#[inline]
pub fn tag_of(hash: u64) -> u16 {
    (hash as u16).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_bytes_have_the_same_digest() {
        let bytes: Vec<u8> = (1..60).collect();
        for len in 0..bytes.len() {
            let words = bytes[..len].chunks(8).map(|chunk| {
                let mut word = [0; 8];
                word[..chunk.len()].copy_from_slice(chunk);
                u64::from_le_bytes(word)
            });
            assert_eq!(
                of_words(7, len, words),
                of_bytes(7, &bytes[..len]),
                "of {len} bytes"
            );
        }
    }
}
