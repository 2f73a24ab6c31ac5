//! The hidden tests: the edges that the rules of the brief name.

#[path = "../tests/support/mod.rs"]
mod support;
