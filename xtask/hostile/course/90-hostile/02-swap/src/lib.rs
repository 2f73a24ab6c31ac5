//! Exchanges values.

/// Exchanges what `left` and `right` lead to.
pub fn swap(left: &mut u64, right: &mut u64) {
    todo!("exchange {left} and {right}")
}
