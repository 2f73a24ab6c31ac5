//! Simple commands (XCU 2.9.1): words to fields, then redirections, then assignments, then what the name stands for.

use crate::ast::{Simple, Text};
use crate::shell::{Outcome, Shell};

/// There is no such program, or none that can be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    /// Status 127.
    NotFound,
    /// Status 126.
    NotExecutable,
}

impl Shell {
    /// Runs a simple command; `source` is its text, for `jobs`.
    pub fn run_simple(&mut self, simple: &Simple, source: &[u8]) -> Outcome {
        todo!("run {simple:?}, {source:?}")
    }

    /// Replaces this process by a program; whatever comes back ends it.
    pub fn execute(&mut self, fields: &[Text], overrides: &[(Text, Text)]) -> Outcome {
        todo!("execute {fields:?} with {overrides:?} in its environment")
    }

    /// The path of a program: a name with a slash is one, any other is looked for along `PATH`.
    pub fn find_program(&mut self, name: &[u8]) -> Result<Text, Missing> {
        todo!("find {name:?}")
    }
}
