//! The built-in commands: what they are called, and which of them are special (XCU 2.15, 1.7).
//!
//! A command gets its name and its arguments, prints into [`Shell::out`](crate::shell::Shell), and returns its status.
//! A special one's errors end a shell that is not interactive; its `Err` says so.

mod alias;
mod condition;
mod control;
mod directory;
mod environment;
mod job;
mod limits;
mod lookup;
mod options;
mod print;
mod read;

pub(crate) use directory::initial_directory;
pub(crate) use options::set_options;

use crate::ast::Text;
use crate::shell::{Outcome, Shell};

/// A built-in command.
#[derive(Clone, Copy)]
pub(crate) struct Builtin {
    pub run: fn(&mut Shell, &[Text]) -> Outcome<i32>,
    /// One whose errors end the shell, and whose assignments stay.
    pub is_special: bool,
}

/// The command of a name.
pub(crate) fn find(name: &[u8]) -> Option<Builtin> {
    let special = |run| {
        Some(Builtin {
            run,
            is_special: true,
        })
    };
    let regular = |run| {
        Some(Builtin {
            run,
            is_special: false,
        })
    };
    match name {
        b":" => special(|_, _| Ok(0)),
        b"." => special(control::dot),
        b"break" => special(control::break_loops),
        b"continue" => special(control::continue_loops),
        b"eval" => special(control::eval),
        b"exec" => special(control::exec),
        b"exit" => special(control::exit),
        b"return" => special(control::return_from),
        b"export" => special(environment::export),
        b"readonly" => special(environment::readonly),
        b"unset" => special(environment::unset),
        b"set" => special(options::set),
        b"shift" => special(options::shift),
        b"times" => special(limits::times),
        b"trap" => special(control::trap),
        b"true" => regular(|_, _| Ok(0)),
        b"false" => regular(|_, _| Ok(1)),
        b"[" | b"test" => regular(condition::test),
        b"echo" => regular(print::echo),
        b"printf" => regular(print::printf),
        b"read" => regular(read::read),
        b"cd" => regular(directory::cd),
        b"pwd" => regular(directory::pwd),
        b"alias" => regular(alias::alias),
        b"unalias" => regular(alias::unalias),
        b"command" => regular(lookup::command),
        b"type" => regular(lookup::type_of),
        b"hash" => regular(lookup::hash),
        b"getopts" => regular(options::getopts),
        b"umask" => regular(limits::umask),
        b"ulimit" => regular(limits::ulimit),
        b"kill" => regular(job::kill),
        b"wait" => regular(job::wait),
        b"jobs" => regular(job::jobs),
        b"fg" => regular(job::fg),
        b"bg" => regular(job::bg),
        _ => None,
    }
}

/// All names, for completion.
pub(crate) const NAMES: [&str; 36] = [
    ".", ":", "[", "alias", "bg", "break", "cd", "command", "continue", "echo", "eval", "exec", "exit",
    "export", "false", "fg", "getopts", "hash", "jobs", "kill", "printf", "pwd", "read", "readonly",
    "return", "set", "shift", "test", "times", "trap", "true", "type", "ulimit", "umask", "unalias", "unset",
];

/// Arguments behind the options of a command that has none: `--` ends them.
pub(crate) fn operands(fields: &[Text]) -> &[Text] {
    match fields {
        [_, dashes, rest @ ..] if dashes == b"--" => rest,
        [_, rest @ ..] => rest,
        [] => &[],
    }
}

/// A number that is not negative.
pub(crate) fn count(text: &[u8]) -> Option<usize> {
    if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// Text in single quotes that the shell reads as it was.
pub(crate) fn quoted(text: &[u8]) -> Text {
    let mut out = vec![b'\''];
    for &byte in text {
        match byte {
            b'\'' => out.extend(b"'\\''"),
            _ => out.push(byte),
        }
    }
    out.push(b'\'');
    out
}
