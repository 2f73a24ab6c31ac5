//! Fan-out.

/// Runs the bench.
pub fn main() {}
