//! Bench, to be written.

/// Runs the bench.
pub fn main() {}
