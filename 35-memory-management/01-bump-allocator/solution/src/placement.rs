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
    debug_assert!(
        start <= cursor,
        "the cursor {cursor:#x} is below the start {start:#x}"
    );
    // Compared by what is left: `cursor - size` could pass zero.
    if layout.size() > cursor - start {
        return None;
    }
    let address = (cursor - layout.size()) & !(layout.align() - 1);
    (address >= start).then_some(address)
}

/// As [`down`], for a `start` that is a multiple of the alignment, or has no room above it: rounding down ends
/// there at the latest, and is not compared with it.
#[inline(always)]
pub(crate) fn down_to_aligned(start: usize, cursor: usize, layout: Layout) -> Option<usize> {
    debug_assert!(
        start.is_multiple_of(layout.align()) || start == cursor,
        "the start {start:#x}, {layout:?}"
    );
    if layout.size() > cursor - start {
        return None;
    }
    let address = (cursor - layout.size()) & !(layout.align() - 1);
    debug_assert!(start <= address && address <= cursor);
    Some(address)
}

/// The lowest address for a block of `layout` that begins at `cursor` or above and does not end above `end`.
#[inline(always)]
pub fn up(cursor: usize, end: usize, layout: Layout) -> Option<usize> {
    let mask = layout.align() - 1;
    let address = cursor.checked_add(mask)? & !mask;
    (address.checked_add(layout.size())? <= end).then_some(address)
}
