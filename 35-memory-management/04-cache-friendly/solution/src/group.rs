//! Sixteen control bytes compared at once.
//!
//! ```text
//! 0ttt tttt   the slot is full; t is the tag, seven bits of the key's hash
//! 1000 0000   DELETED: the slot was full once, a search goes on behind it
//! 1111 1111   EMPTY: the slot never was, a search ends at its group
//! ```
//!
//! - [`Control`]: the bytes of a group, which begin at a multiple of 16 and so never cross a line
//! - [`Mask`]: which of the sixteen, as bits
//! - [`Group`]: the questions; [`Portable`] answers them with arithmetic on `u64`, [`Sse2`] with instructions
//! - [`Native`]: the faster one of this machine

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::{__m128i, _mm_cmpeq_epi8, _mm_load_si128, _mm_movemask_epi8, _mm_set1_epi8};

/// Slots of a group.
pub const WIDTH: usize = 16;

/// The control byte of a slot that was never full since the table was made.
pub const EMPTY: u8 = 0b1111_1111;

/// The control byte of a slot whose entry was removed while searches may have to pass it.
pub const DELETED: u8 = 0b1000_0000;

/// The control bytes of a group.
#[repr(C, align(16))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Control(pub [u8; WIDTH]);

/// Slots of a group, the lowest bit for the first. As an iterator it yields their indices, lowest first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mask(pub u16);

/// Sixteen control bytes, loaded.
pub trait Group: Copy {
    /// Loads the bytes.
    fn load(control: &Control) -> Self;

    /// Slots whose byte is `byte`: exactly those.
    fn matching(self, byte: u8) -> Mask;

    /// Slots whose byte is 128 or more: EMPTY or DELETED.
    fn free(self) -> Mask;

    /// Slots that are EMPTY.
    #[inline]
    fn empty(self) -> Mask {
        self.matching(EMPTY)
    }

    /// Slots that are full.
    #[inline]
    fn full(self) -> Mask {
        Mask(!self.free().0)
    }
}

/// A group as two numbers of eight bytes each, for any processor.
#[derive(Debug, Clone, Copy)]
pub struct Portable([u64; 2]);

/// A group in a register of SSE2, which every x86-64 has.
#[cfg(target_arch = "x86_64")]
#[derive(Debug, Clone, Copy)]
pub struct Sse2(__m128i);

/// The fastest group of this processor.
#[cfg(target_arch = "x86_64")]
pub type Native = Sse2;
/// The fastest group of this processor.
#[cfg(not(target_arch = "x86_64"))]
pub type Native = Portable;

impl Control {
    /// A group without entries.
    pub const EMPTY: Self = Self([EMPTY; WIDTH]);
}

impl Mask {
    /// Whether there is a slot.
    #[inline]
    pub fn any(self) -> bool {
        self.0 != 0
    }

    /// The lowest slot.
    #[inline]
    pub fn first(self) -> Option<usize> {
        self.any().then_some(self.0.trailing_zeros() as usize)
    }
}

impl Iterator for Mask {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        let first = self.first()?;
        self.0 &= self.0 - 1;
        Some(first)
    }
}

/// The highest bit of each byte.
const HIGH: u64 = 0x8080_8080_8080_8080;

impl Portable {
    /// The highest bits of eight bytes, the first byte's lowest. The other bits of `bytes` are zero.
    #[inline]
    fn gather(bytes: u64) -> u16 {
        // Bit 8i is multiplied to bit 56 + i: the factors 2^(56 - 7i) keep the products from meeting.
        ((bytes >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) as u16
    }

    #[inline]
    fn mask(self, bits: impl Fn(u64) -> u64) -> Mask {
        let [low, high] = self.0.map(|half| Self::gather(bits(half)));
        Mask(low | high << 8)
    }
}

impl Group for Portable {
    #[inline]
    fn load(control: &Control) -> Self {
        let (halves, _) = control.0.as_chunks::<8>();
        // Little-endian on every machine, so that the first byte is the lowest.
        Self([u64::from_le_bytes(halves[0]), u64::from_le_bytes(halves[1])])
    }

    #[inline]
    fn matching(self, byte: u8) -> Mask {
        let pattern = u64::from_ne_bytes([byte; 8]);
        self.mask(|half| {
            let zero_where_equal = half ^ pattern;
            // Adding 127 to the lower seven bits carries into the eighth unless they are zero, and never further.
            let carried = (zero_where_equal & !HIGH) + !HIGH;
            !(carried | zero_where_equal) & HIGH
        })
    }

    #[inline]
    fn free(self) -> Mask {
        self.mask(|half| half & HIGH)
    }
}

#[cfg(target_arch = "x86_64")]
impl Group for Sse2 {
    #[inline]
    fn load(control: &Control) -> Self {
        let bytes = std::ptr::from_ref(control).cast();
        // SAFETY: every x86-64 has SSE2. A `Control` is sixteen readable bytes, and its type is aligned to sixteen.
        Self(unsafe { _mm_load_si128(bytes) })
    }

    #[inline]
    fn matching(self, byte: u8) -> Mask {
        // SAFETY: every x86-64 has SSE2, and these work on registers alone.
        let bits = unsafe { _mm_movemask_epi8(_mm_cmpeq_epi8(self.0, _mm_set1_epi8(byte.cast_signed()))) };
        Mask(bits as u16)
    }

    #[inline]
    fn free(self) -> Mask {
        // SAFETY: every x86-64 has SSE2, and this works on a register alone.
        let bits = unsafe { _mm_movemask_epi8(self.0) };
        Mask(bits as u16)
    }
}
