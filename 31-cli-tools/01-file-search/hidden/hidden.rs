//! The hidden tests: the edges that the rules of the brief name.

#[path = "../tests/support/mod.rs"]
mod support;

mod lines;
mod printed;
mod program;
mod sources;

/// The path of the program, for the tests that start it in their own way.
const PROGRAM: &str = env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME")));
