//! Mutants: how strong an exercise's tests are, as a number.
//!
//! A mutant is the reference with one small change, such as `<` for `<=`. Tests that are strong enough fail on it. Each
//! mutant is graded as any submission is, in the sandbox and with each test's own limits, so that what is measured is
//! the very judgement that a learner gets.
//!
//! - [`find`]: `cargo-mutants` makes the changes
//! - [`patch`]: a change is put into the reference's sources
//! - [`judge`]: the tests are run on each mutant, until one fails
//! - [`kept`]: what is known from an earlier run
//! - [`survivor`]: `mutants.toml`, which says why no test should see a mutant
//! - [`report`]: the numbers

pub mod find;
pub mod judge;
mod kept;
mod patch;
pub mod report;
pub mod survivor;

use serde::{Deserialize, Serialize};

/// One small change to the reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutant {
    /// The file, relative to the solution: `src/search.rs`.
    pub file: String,
    /// The line on which the change begins, from 1.
    pub line: usize,
    /// What is changed, without the place: `replace < with <= in f`.
    pub change: String,
    /// The change as a unified diff of the file.
    pub diff: String,
}

impl Mutant {
    /// The name that stays when lines move: `src/search.rs: replace < with <= in f`. Several mutants may share one.
    pub fn name(&self) -> String {
        format!("{}: {}", self.file, self.change)
    }
}

/// What became of a mutant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "fate")]
pub enum Fate {
    /// A test failed on it.
    Caught {
        /// The test's full name.
        test: String,
    },
    /// Every test passed on it.
    Missed,
    /// It does not compile, and says nothing about the tests.
    Unviable,
}
