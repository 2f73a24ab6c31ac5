//! Processes: subshells, pipelines, commands in the background, command substitution, and waiting for all of them.

use nix::unistd::Pid;

use crate::ast::{AndOr, Command, List, Text};
use crate::shell::{Outcome, Shell};

impl Shell {
    /// This process becomes a subshell (XCU 2.13): no jobs, no job control, no traps that run anything.
    pub fn enter_subshell(&mut self) {
        todo!("become a subshell of {}", self.pid)
    }

    /// Ends this process as `outcome` says.
    pub fn leave(&mut self, outcome: Outcome) -> ! {
        todo!("end with {outcome:?}")
    }

    /// A child that runs `run` and ends.
    pub fn fork(&mut self, run: impl FnOnce(&mut Self) -> Outcome) -> Outcome<Pid> {
        todo!("fork, and have the child do {}", std::any::type_name_of_val(&run))
    }

    /// Runs commands with pipes between them; the status is that of the last.
    pub fn run_piped(&mut self, commands: &[Command], source: &[u8]) -> Outcome {
        todo!("run {commands:?}, {source:?}")
    }

    /// `and_or &`
    pub fn run_in_background(&mut self, and_or: &AndOr) -> Outcome {
        todo!("run {and_or:?} without waiting")
    }

    /// `$(list)`: what it prints, without the newlines at the end (XCU 2.6.3).
    pub fn substitute(&mut self, list: &List) -> Outcome<Text> {
        todo!("what {list:?} prints")
    }

    /// Waits for a child to end; its status (XCU 2.8.2).
    pub fn wait_for(&mut self, pid: Pid) -> i32 {
        todo!("wait for {pid}")
    }
}
