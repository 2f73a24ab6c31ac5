//! Size classes: every small request is rounded up to one of 40 sizes.
//!
//! ```text
//! index   0   1   2  …   7     8    9   10   11    12   13   14   15   …  36  …  39
//! size   16  32  48  … 128   160  192  224  256   320  384  448  512  … 20K  … 32K
//!        steps of 16          four steps to each doubling
//! ```
//!
//! Up to 128 bytes a block is at most 15 bytes larger than the request; beyond, it is less than a quarter larger.

use std::alloc::Layout;

/// How many classes there are.
pub const CLASSES: usize = 40;

/// The largest size of a class; what needs more is a large block.
pub const SMALL_MAX: usize = 32 << 10;

/// The strictest alignment that a class has; what needs more is a large block.
pub const ALIGN_MAX: usize = 4096;

/// The distance between classes up to [`FINE_MAX`], and the alignment of every block.
const STEP: usize = 16;

/// The largest size up to which classes are [`STEP`] apart.
const FINE_MAX: usize = 128;

/// The class of every multiple of [`STEP`]. Looked up, since sizes that come in any order make a branch between small and
/// large ones a guess.
static INDICES: [u8; SMALL_MAX / STEP + 1] = {
    let mut indices = [0; SMALL_MAX / STEP + 1];
    let mut steps = 1;
    while steps < indices.len() {
        indices[steps] = index_of(steps * STEP);
        steps += 1;
    }
    indices
};

/// A size class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Class(u8);

impl Class {
    /// The smallest class whose blocks suit the layout; `None` where it takes a large block.
    #[inline]
    pub fn of(layout: Layout) -> Option<Self> {
        let align = layout.align();
        // A layout's size, rounded up to its alignment, does not overflow. Rounded, its class is a multiple of the
        // alignment: what is left to choose are the multiples of a power of two that is no smaller.
        let size = (layout.size() + (align - 1)) & !(align - 1);
        if size > SMALL_MAX || align > ALIGN_MAX {
            return None;
        }
        Some(Self(INDICES[size.div_ceil(STEP)]))
    }

    /// The class with this index; `None` from [`CLASSES`] on.
    pub const fn nth(index: usize) -> Option<Self> {
        if index < CLASSES {
            Some(Self(index as u8))
        } else {
            None
        }
    }

    /// Its place among the classes, smallest first.
    #[inline]
    pub const fn index(self) -> usize {
        // SAFETY: `of` and `nth` make no other classes. With this an array of all classes needs no check.
        unsafe { std::hint::assert_unchecked((self.0 as usize) < CLASSES) };
        self.0 as usize
    }

    /// Bytes of a block.
    pub const fn size(self) -> usize {
        let index = self.index();
        if index < FINE_MAX / STEP {
            return (index + 1) * STEP;
        }
        let (doubling, quarter) = ((index - FINE_MAX / STEP) / 4, (index - FINE_MAX / STEP) % 4);
        ((5 + quarter) * (FINE_MAX / 4)) << doubling
    }

    /// What the address of every block is a multiple of: the largest power of two that divides the size, at most
    /// [`ALIGN_MAX`].
    pub const fn align(self) -> usize {
        let power = 1 << self.size().trailing_zeros();
        if power < ALIGN_MAX { power } else { ALIGN_MAX }
    }
}

/// The index of the smallest class of `size` bytes or more, by arithmetic.
const fn index_of(size: usize) -> u8 {
    let index = if size <= FINE_MAX {
        size.div_ceil(STEP) - 1
    } else {
        // Of `size - 1` the highest bit says which doubling, and the two below it which quarter.
        let last = size - 1;
        let doubling = last.ilog2() as usize;
        let quarter = (last >> (doubling - 2)) & 3;
        FINE_MAX / STEP + (doubling - FINE_MAX.ilog2() as usize) * 4 + quarter
    };
    index as u8
}
