//! The built-in commands: what they are called, and which of them are special (XCU 2.15, 1.7).
//!
//! A command gets its name and its arguments, prints into [`Shell::out`](crate::shell::Shell), and returns its status.
//! A special one's errors end a shell that is not interactive; its `Err` says so.

use crate::ast::Text;
use crate::shell::{Outcome, Shell};

/// A built-in command.
#[derive(Clone, Copy)]
pub(crate) struct Builtin {
    /// Gets the command's name and arguments, and returns its status.
    pub run: fn(&mut Shell, &[Text]) -> Outcome<i32>,
    /// One whose errors end the shell, and whose assignments stay.
    pub is_special: bool,
}

/// The command of a name. A file for each few commands that belong together is a good size.
pub(crate) fn find(name: &[u8]) -> Option<Builtin> {
    todo!("the built-in command {name:?}")
}
