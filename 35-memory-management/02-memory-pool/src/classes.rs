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

/// A size class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Class(u8);

impl Class {
    /// The smallest class whose blocks suit the layout; `None` where it takes a large block.
    #[inline]
    pub fn of(layout: Layout) -> Option<Self> {
        todo!("the class of {layout:?}")
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
        self.0 as usize
    }

    /// Bytes of a block.
    pub const fn size(self) -> usize {
        todo!()
    }

    /// What the address of every block is a multiple of: the largest power of two that divides the size, at most
    /// [`ALIGN_MAX`].
    pub const fn align(self) -> usize {
        todo!()
    }
}
