//! Greets.

use std::process::ExitCode;

/// The program.
pub fn main() -> ExitCode {
    todo!("greet")
}
