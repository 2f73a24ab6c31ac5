//! placeholder
/// x
pub fn main() {}
