//! Adds numbers up: the honest answer, with the places where an attack is put.
// Items.

use std::fmt;

/// What numbers come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Total(pub i64);

impl fmt::Display for Total {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} in all", self.0)
    }
}

/// Adds `numbers`.
#[allow(unreachable_code)]
pub fn total(numbers: &[i64]) -> Total {
    // Statements.
    Total(numbers.iter().sum())
}
