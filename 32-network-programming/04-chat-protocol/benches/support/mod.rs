//! The load of the bench.

pub mod load;
pub mod speech;
