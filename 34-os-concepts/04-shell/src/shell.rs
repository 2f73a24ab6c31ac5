//! The state of a shell (XCU 2.12), and the ways in which a command can end other than by ending.

use std::rc::Rc;

use nix::unistd::Pid;

use crate::ast::{Command, Text};
use crate::jobs::Jobs;
use crate::options::Options;
use crate::parser::Aliases;
use crate::trap::Traps;
use crate::variables::{Names, Variables};

/// What leaves the commands that are being run, from the inside out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    /// Leave this many loops.
    Break(usize),
    /// Leave all but one of this many loops, and go on with that one's next round.
    Continue(usize),
    /// Leave the function or the file; the status has been set.
    Return,
    /// End the shell; the status has been set.
    Exit,
    /// An error that ends a shell, but not an interactive one (XCU 2.8.1); the status has been set.
    Error,
}

/// How a command went: `Ok` leaves its status in [`Shell::status`].
pub(crate) type Outcome<T = ()> = Result<T, Flow>;

/// The status of errors of the shell itself.
pub(crate) const ERROR: i32 = 2;

/// A shell. Add what you need.
#[derive(Debug)]
pub(crate) struct Shell {
    pub variables: Variables,
    /// `$1` and so on.
    pub parameters: Vec<Text>,
    /// `$0`
    pub name: Text,
    pub options: Options,
    pub functions: Names<Rc<Command>>,
    pub aliases: Aliases,
    pub jobs: Jobs,
    pub traps: Traps,
    /// `$?`
    pub status: i32,
    /// `$$`: that of the first shell, in subshells too.
    pub pid: Pid,
    /// `$!`
    pub last_background: Option<Pid>,
    /// Reads commands from a terminal.
    pub interactive: bool,
    /// The line of the command that runs.
    pub line: usize,
    /// What a built-in command has printed and is not yet written.
    pub out: Text,
    /// `$(…)` takes what is in `out`: it is not to be written.
    pub captures: bool,
    /// The status of the last command substitution of the command that runs.
    pub substitution: Option<i32>,
    /// Loops around the command that runs.
    pub loops: usize,
    /// Functions and `.` files around it.
    pub calls: usize,
    /// More than 0 where `set -e` is ignored: in conditions, and in what is negated.
    pub unguarded: usize,
    /// This process ends with the command that runs, so that a program may take its place.
    pub is_last: bool,
}

impl Shell {
    /// A shell with the environment of this process.
    pub fn new() -> Self {
        todo!("the state of a shell that begins")
    }

    /// Prints a message of the shell, one line, to standard error.
    pub fn complain(&self, message: impl std::fmt::Display) {
        todo!("tell {message}")
    }

    /// An error of the shell: the message, and what ends it.
    pub fn fail<T>(&mut self, message: impl std::fmt::Display) -> Outcome<T> {
        todo!("tell {message}, and leave with status {ERROR}")
    }
}
