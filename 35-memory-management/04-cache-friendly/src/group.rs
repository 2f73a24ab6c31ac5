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
use std::arch::x86_64::__m128i;

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
        todo!("whether {:#b} has a bit", self.0)
    }

    /// The lowest slot.
    #[inline]
    pub fn first(self) -> Option<usize> {
        todo!("the lowest bit of {:#b}", self.0)
    }
}

impl Iterator for Mask {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        todo!("the lowest bit of {:#b}, which is then gone", self.0)
    }
}

impl Group for Portable {
    #[inline]
    fn load(control: &Control) -> Self {
        todo!("two numbers out of {control:?}")
    }

    #[inline]
    fn matching(self, byte: u8) -> Mask {
        todo!("the bytes of {:?} that are {byte:#x}", self.0)
    }

    #[inline]
    fn free(self) -> Mask {
        todo!("the bytes of {:?} with their highest bit", self.0)
    }
}

#[cfg(target_arch = "x86_64")]
impl Group for Sse2 {
    #[inline]
    fn load(control: &Control) -> Self {
        todo!("a register with {control:?}")
    }

    #[inline]
    fn matching(self, byte: u8) -> Mask {
        todo!("the bytes of {:?} that are {byte:#x}", self.0)
    }

    #[inline]
    fn free(self) -> Mask {
        todo!("the bytes of {:?} with their highest bit", self.0)
    }
}
