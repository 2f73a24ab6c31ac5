//! The tags of a set, all 32 compared at once.

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::{
    _mm_cmpeq_epi16, _mm_movemask_epi8, _mm_packs_epi16, _mm_set_epi64x, _mm_set1_epi16,
};

/// Tags, four to a word.
pub type Words = [u64; 8];

/// Which tags are this one: a bit for each, the first one lowest.
#[inline]
pub fn equal(words: &Words, tag: u16) -> u32 {
    #[cfg(target_arch = "x86_64")]
    {
        // SAFETY: every x86-64 processor has SSE2.
        unsafe { by_eights(words, tag) }
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        by_fours(words, tag)
    }
}

/// Eight tags fill a vector register. A comparison makes each of them all ones or all zeros, two such results are
/// narrowed to bytes, and one instruction takes the highest bit of every byte.
#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "sse2")]
fn by_eights(words: &Words, tag: u16) -> u32 {
    let wanted = _mm_set1_epi16(tag.cast_signed());
    let eight = |low: u64, high: u64| {
        let tags = _mm_set_epi64x(high.cast_signed(), low.cast_signed());
        _mm_cmpeq_epi16(tags, wanted)
    };
    let sixteen = |[a, b, c, d]: [u64; 4]| {
        let bytes = _mm_packs_epi16(eight(a, b), eight(c, d));
        _mm_movemask_epi8(bytes).cast_unsigned()
    };
    let [a, b, c, d, e, f, g, h] = *words;
    sixteen([a, b, c, d]) | sixteen([e, f, g, h]) << 16
}

/// Four tags fill an ordinary register.
#[cfg(any(test, not(target_arch = "x86_64")))]
fn by_fours(words: &Words, tag: u16) -> u32 {
    /// The lowest bit of each tag.
    const LOW: u64 = 0x0001_0001_0001_0001;
    /// All bits of each tag but the highest.
    const ALL_BUT_HIGH: u64 = 0x7fff_7fff_7fff_7fff;
    let mut bits = 0;
    for (index, word) in words.iter().enumerate() {
        let different = word ^ (u64::from(tag) * LOW);
        // The highest bit of each tag becomes 0 where all of it is 0: nothing carries into the next one.
        let not_zero = ((different & ALL_BUT_HIGH) + ALL_BUT_HIGH) | different | ALL_BUT_HIGH;
        // The product moves the bits at 0, 16, 32 and 48 side by side.
        let four = (!not_zero >> 15).wrapping_mul(1 << 48 | 1 << 33 | 1 << 18 | 1 << 3) >> 48;
        bits |= ((four & 0xf) as u32) << (4 * index);
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tags that differ in one bit from each other or from zero, at every place.
    #[test]
    fn both_ways_find_the_same_tags() {
        let tags = [0, 1, 0x7fff, 0x8000, 0x8001, 0xfffe, 0xffff, 0x0100];
        for shift in 0..32 {
            let stored: [u16; 32] = std::array::from_fn(|place| tags[(place * 5 + shift) % tags.len()]);
            let words = std::array::from_fn(|word| {
                (0..4).fold(0, |all, place| {
                    all | u64::from(stored[word * 4 + place]) << (16 * place)
                })
            });
            for tag in tags {
                let wanted = (0..32).fold(0, |all, place| all | u32::from(stored[place] == tag) << place);
                assert_eq!(equal(&words, tag), wanted, "{tag:#x} among {stored:x?}");
                assert_eq!(by_fours(&words, tag), wanted, "{tag:#x} among {stored:x?}");
            }
        }
    }
}
