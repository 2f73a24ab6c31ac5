//! The command line (XCU `sh`), and the end of a shell.
//!
//! ```text
//! shell [options] [file [argument …]]
//! shell [options] -c commands [name [argument …]]
//! shell [options] -s [argument …]
//! ```

use std::process::ExitCode;

/// Runs the shell of this process's arguments. The standard library ignores SIGPIPE, which its children would
/// inherit: take that back first.
pub fn main() -> ExitCode {
    todo!("run what the arguments say, then the trap on EXIT, and end with the status")
}
