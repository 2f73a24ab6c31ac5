//! The state of a shell (XCU 2.12), and the ways in which a command can end other than by ending.

use std::collections::BTreeMap;
use std::rc::Rc;

use nix::unistd::Pid;

use crate::ast::{Command, Text};
use crate::jobs::Jobs;
use crate::kernel;
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

/// A shell.
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
    /// Where commands have been found, and for which `PATH`.
    pub found: BTreeMap<Text, Text>,
    pub found_for: u64,
    /// The byte in the argument at which `getopts` goes on.
    pub option_offset: usize,
    /// Where the stack was when the shell began.
    stack_base: usize,
    stack_max: usize,
}

/// What is left of the stack for system calls and the deepest functions.
const STACK_RESERVE: usize = 1 << 20;

impl Shell {
    /// A shell with the environment of this process.
    pub fn new() -> Self {
        let limit = nix::sys::resource::getrlimit(nix::sys::resource::Resource::RLIMIT_STACK);
        let limit = limit.map_or(8 << 20, |(soft, _)| soft.min(64 << 20));
        let limit = usize::try_from(limit).expect("64 MiB fit");
        Self {
            variables: Variables::from_environment(),
            parameters: Vec::new(),
            name: b"shell".to_vec(),
            options: Options::default(),
            functions: Names::default(),
            aliases: Aliases::default(),
            jobs: Jobs::default(),
            traps: Traps::default(),
            status: 0,
            pid: nix::unistd::getpid(),
            last_background: None,
            interactive: false,
            line: 1,
            out: Text::new(),
            captures: false,
            substitution: None,
            loops: 0,
            calls: 0,
            unguarded: 0,
            is_last: false,
            found: BTreeMap::new(),
            found_for: 0,
            option_offset: 0,
            stack_base: stack_position(),
            stack_max: limit.saturating_sub(STACK_RESERVE),
        }
    }

    /// Prints a message of the shell, one line, to standard error.
    #[cold]
    pub fn complain(&self, message: impl std::fmt::Display) {
        let text = if self.interactive {
            format!("shell: {message}\n")
        } else {
            format!("shell: line {}: {message}\n", self.line)
        };
        // There is nobody to tell when standard error cannot be written.
        let _ = kernel::write_all(2, text.as_bytes());
    }

    /// An error of the shell: the message, and what ends it.
    #[cold]
    pub fn fail<T>(&mut self, message: impl std::fmt::Display) -> Outcome<T> {
        self.complain(message);
        self.status = ERROR;
        Err(Flow::Error)
    }

    /// Sets a variable; a read-only one is an error.
    pub fn set_variable(&mut self, name: &[u8], value: Text) -> Outcome {
        if self.options.all_export {
            self.variables.entry(name).exported = true;
        }
        match self.variables.set(name, value) {
            Ok(()) => Ok(()),
            Err(_) => self.fail(format_args!("{}: is read only", lossy(name))),
        }
    }

    /// Sees to it that there is stack left for another level of commands.
    pub fn check_depth(&mut self) -> Outcome {
        if self.stack_base.abs_diff(stack_position()) < self.stack_max {
            return Ok(());
        }
        self.fail("commands are nested too deep")
    }

    /// Writes what built-in commands have printed.
    pub fn flush(&mut self) -> nix::Result<()> {
        if self.captures || self.out.is_empty() {
            return Ok(());
        }
        let result = kernel::write_all(1, &self.out);
        self.out.clear();
        result
    }
}

/// About where the stack ends now.
#[inline(never)]
fn stack_position() -> usize {
    let here = 0_u8;
    std::ptr::from_ref(std::hint::black_box(&here)).addr()
}

/// Bytes for a message.
pub(crate) fn lossy(text: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(text)
}
