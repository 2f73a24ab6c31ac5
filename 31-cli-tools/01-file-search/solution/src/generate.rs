//! Completions and the manual page, made from the same description as `--help`.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_complete::Shell;

use crate::cli::{Cli, Generate};

/// Writes what was asked for.
///
/// # Errors
/// What writing returns.
pub fn generate(what: Generate, out: &mut impl Write) -> io::Result<()> {
    let mut command = Cli::command();
    let shell = match what {
        Generate::CompleteBash => Shell::Bash,
        Generate::CompleteZsh => Shell::Zsh,
        Generate::CompleteFish => Shell::Fish,
        Generate::Man => return clap_mangen::Man::new(command).render(out),
    };
    // The generator panics when it cannot write, so it writes to memory.
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut command, "file-search", &mut text);
    out.write_all(&text)
}
