//! The exercise's own tests, held against the reference.
#![allow(
    clippy::duplicate_mod,
    reason = "both test files mount the support that they share"
)]

extern crate shell_solution as shell;

#[cfg(not(rust_analyzer))]
#[path = "../../hidden/hidden.rs"]
mod hidden;
#[cfg(not(rust_analyzer))]
#[path = "../../tests/open.rs"]
mod open;
