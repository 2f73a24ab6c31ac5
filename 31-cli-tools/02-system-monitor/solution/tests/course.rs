//! The exercise's own tests, held against the reference.

#![allow(clippy::duplicate_mod, reason = "both files mount tests/support")]

extern crate system_monitor_solution as system_monitor;

#[cfg(not(rust_analyzer))]
#[path = "../../hidden/hidden.rs"]
mod hidden;
#[cfg(not(rust_analyzer))]
#[path = "../../tests/open.rs"]
mod open;
