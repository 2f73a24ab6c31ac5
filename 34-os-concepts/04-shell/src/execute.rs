//! Running the syntax tree: lists, pipelines and compound commands (XCU 2.9.2 to 2.9.5).

use crate::ast::{AndOr, Command, List, Text};
use crate::parser::Input;
use crate::shell::{Outcome, Shell};

impl Shell {
    /// Parses and runs a text.
    pub fn run_text(&mut self, text: Text) -> Outcome {
        todo!("run {text:?}")
    }

    /// Parses and runs what an input gives, command by command. `is_last`: the shell ends with it.
    pub fn run_input(&mut self, input: &mut dyn Input, is_last: bool) -> Outcome {
        todo!("run what comes from {:p}, is_last: {is_last}", input)
    }

    /// Runs a list; the status is that of its last command.
    pub fn run_list(&mut self, list: &List) -> Outcome {
        todo!("run {list:?}")
    }

    /// Runs pipelines up to the first that decides.
    pub fn run_and_or(&mut self, and_or: &AndOr) -> Outcome {
        todo!("run {and_or:?}")
    }

    /// Runs one command in this shell; `source` is its text, for `jobs`.
    pub fn run_command(&mut self, command: &Command, source: &[u8]) -> Outcome {
        todo!("run {command:?}, {source:?}")
    }
}
