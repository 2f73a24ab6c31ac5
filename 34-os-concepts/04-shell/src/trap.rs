//! Traps (XCU 2.11, 2.12, `trap`): what a signal does to the shell, and what is run at its end.
//!
//! A handler only notes that its signal came. The action runs between two commands, where the shell is whole.

use std::collections::BTreeMap;

use crate::ast::Text;
use crate::shell::{Outcome, Shell};

/// What a trap does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    /// Nothing.
    Ignore,
    /// Runs this text.
    Run(Text),
}

/// The traps that are set, by signal; 0 is the shell's end. Add what you need.
#[derive(Debug, Default)]
pub(crate) struct Traps {
    actions: BTreeMap<i32, Action>,
}

impl Shell {
    /// Runs the traps of the signals that have come.
    pub fn run_traps(&mut self) -> Outcome {
        todo!("run the traps of {:?}", self.traps)
    }

    /// Runs the trap on the shell's end, once; its own `exit` sets the status.
    pub fn run_exit_trap(&mut self) {
        todo!("run the trap on EXIT of {:?}", self.traps)
    }
}
