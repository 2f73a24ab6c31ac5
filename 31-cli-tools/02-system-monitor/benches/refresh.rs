//! To be written.
/// Runs.
pub fn main() {}
