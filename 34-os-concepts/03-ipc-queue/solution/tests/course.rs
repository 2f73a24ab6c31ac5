//! The exercise's own tests, held against the reference.
#![allow(
    clippy::duplicate_mod,
    reason = "both test files mount the support that they share"
)]

extern crate ipc_queue_solution as ipc_queue;

#[cfg(not(rust_analyzer))]
#[path = "../../hidden/hidden.rs"]
mod hidden;
#[cfg(not(rust_analyzer))]
#[path = "../../tests/open.rs"]
mod open;
