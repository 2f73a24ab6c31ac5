//! The exercise's own tests, held against the reference.

extern crate cache_friendly_solution as cache_friendly;

#[cfg(not(rust_analyzer))]
#[path = "../../hidden/hidden.rs"]
mod hidden;
#[cfg(not(rust_analyzer))]
#[path = "../../tests/open.rs"]
mod open;
