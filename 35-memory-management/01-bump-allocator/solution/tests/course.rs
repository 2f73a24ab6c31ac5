//! The exercise's own tests, held against the reference.

extern crate bump_allocator_solution as bump_allocator;

#[cfg(not(rust_analyzer))]
#[path = "../../hidden/hidden.rs"]
mod hidden;
#[cfg(not(rust_analyzer))]
#[path = "../../tests/open.rs"]
mod open;
