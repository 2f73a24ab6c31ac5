//! Where the next block goes. Nothing here touches memory: addresses are numbers, so that every edge can be
//! tried, the end of the address space among them.
//!
//! ```text
//! down:  start ........ address [ block ] padding cursor      the padding lies above the block
//! up:    cursor padding address [ block ] ........... end      the padding lies below the block
//! ```
//!
//! Going down takes one subtraction and one mask. Going up takes an addition before the mask and another one
//! after it, and both can overflow; in exchange the last block can grow without moving.

use std::alloc::Layout;

/// The highest address for a block of `layout` that ends at `cursor` or below and does not begin below `start`.
///
/// `start` is not greater than `cursor`.
#[inline(always)]
pub fn down(start: usize, cursor: usize, layout: Layout) -> Option<usize> {
    todo!("a block of {layout:?} between {start:#x} and {cursor:#x}, from above")
}

/// The lowest address for a block of `layout` that begins at `cursor` or above and does not end above `end`.
#[inline(always)]
pub fn up(cursor: usize, end: usize, layout: Layout) -> Option<usize> {
    todo!("a block of {layout:?} between {cursor:#x} and {end:#x}, from below")
}
