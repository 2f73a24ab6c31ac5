//! The exercise's own tests, held against the reference.

#![allow(clippy::duplicate_mod, reason = "both files mount tests/support")]

extern crate profile_and_optimize_solution as profile_and_optimize;

#[cfg(not(rust_analyzer))]
#[path = "../../hidden/hidden.rs"]
mod hidden;
#[cfg(not(rust_analyzer))]
#[path = "../../tests/open.rs"]
mod open;
