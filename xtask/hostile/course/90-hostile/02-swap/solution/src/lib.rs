//! Exchanges values: the honest answer, with the places where an attack is put.
// Items.

/// Exchanges what `left` and `right` lead to.
#[allow(unreachable_code)]
pub fn swap(left: &mut u64, right: &mut u64) {
    // Statements.
    // SAFETY: both are exclusive references, so they are valid, aligned and do not overlap.
    unsafe { core::ptr::swap_nonoverlapping(left, right, 1) }
}
