//! The exercise's own tests, held against the reference.
#![allow(
    clippy::duplicate_mod,
    reason = "both test files mount the same support modules"
)]

extern crate serial_protocol_solution as serial_protocol;

#[cfg(not(rust_analyzer))]
#[path = "../../hidden/hidden.rs"]
mod hidden;
#[cfg(not(rust_analyzer))]
#[path = "../../tests/open.rs"]
mod open;
