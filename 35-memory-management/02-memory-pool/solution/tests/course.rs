//! The exercise's own tests, held against the reference.

extern crate memory_pool_solution as memory_pool;

#[cfg(not(rust_analyzer))]
#[path = "../../hidden/hidden.rs"]
mod hidden;
#[cfg(not(rust_analyzer))]
#[path = "../../tests/open.rs"]
mod open;
