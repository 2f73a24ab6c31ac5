//! The command line as it was written: a beginning, for you to complete.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser};

/// Searches files for lines that match a pattern.
#[derive(Debug, Clone, Parser)]
#[command(name = "file-search", version)]
pub struct Cli {
    /// A regular expression; with -e, one more PATH
    pub pattern: Option<OsString>,

    /// Files and directories to search; `-` is standard input
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Everything that a configuration may set as well.
    #[command(flatten)]
    pub flags: Flags,
}

/// The flags that may stand in a configuration. An absent flag is `None`, `false` or empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct Flags {
    /// Print the number of each line
    #[arg(short = 'n', long)]
    pub line_number: bool,
}
