//! The runner and the grader.

fn main() {}
