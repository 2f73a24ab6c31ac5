//! A shell on a terminal: prompts, line editing with history and completion, and the loop around them.

use crate::shell::{Outcome, Shell};

/// Runs an interactive shell until it ends. `rustyline` has an `Editor` for the lines; a `Helper` tells it what `complete`
/// says.
pub(crate) fn run(shell: &mut Shell) -> Outcome {
    todo!("prompt, read, run, again, with status {}", shell.status)
}
