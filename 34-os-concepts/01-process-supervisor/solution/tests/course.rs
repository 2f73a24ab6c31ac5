//! The exercise's own tests, held against the reference.

extern crate process_supervisor_solution as process_supervisor;

#[cfg(not(rust_analyzer))]
#[path = "../../hidden/hidden.rs"]
mod hidden;
#[cfg(not(rust_analyzer))]
#[path = "../../tests/open.rs"]
mod open;
