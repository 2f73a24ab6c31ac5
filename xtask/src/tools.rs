//! What the machine must have beside Rust, how to see whether it has it, and how to get it.

use std::collections::BTreeMap;

use crate::catalogue::Test;

/// Tools that the tests need and the machine lacks, with the reason a report gives.
pub fn missing_for<'a>(tests: impl Iterator<Item = &'a Test>) -> BTreeMap<String, String> {
    let _ = tests;
    BTreeMap::new()
}
