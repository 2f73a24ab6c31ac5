//! The exercise's own tests, held against the reference.
#![allow(
    clippy::duplicate_mod,
    reason = "both test files mount the same support modules"
)]

extern crate web_server_solution as web_server;

#[cfg(not(rust_analyzer))]
#[path = "../../hidden/hidden.rs"]
mod hidden;
#[cfg(not(rust_analyzer))]
#[path = "../../tests/open.rs"]
mod open;
