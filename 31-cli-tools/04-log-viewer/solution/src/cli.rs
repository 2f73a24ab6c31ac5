//! The command line.

use std::path::PathBuf;

use clap::Parser;

use crate::level::Level;
use crate::output::Style;

/// View, filter, merge and follow logs of any size.
#[derive(Debug, Clone, Parser)]
#[command(name = "log-viewer", version)]
pub struct Cli {
    /// Files to read, compressed or not; - is standard input
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// Print to standard output, as a filter does; so also when that is no terminal
    #[arg(long)]
    pub no_tui: bool,

    /// Show records for which this holds: level>=warn and status=500 and not msg~"time.?out"
    #[arg(short = 'e', long, value_name = "FILTER")]
    pub filter: Option<String>,

    /// Show records of this level or a more urgent one
    #[arg(short, long, value_name = "LEVEL", value_parser = level)]
    pub level: Option<Level>,

    /// Show records from this time on: 2026-11-20T22:01, or -90m (s, m, h, d)
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub since: Option<String>,

    /// Show records before this time
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub until: Option<String>,

    /// Show records whose text has a match of this regular expression
    #[arg(short, long, value_name = "REGEX")]
    pub grep: Option<String>,

    /// Go on as files grow and are rotated (the viewer always does)
    #[arg(short, long)]
    pub follow: bool,

    /// Milliseconds between two looks at files that are followed
    #[arg(long, value_name = "MS", default_value_t = 200, value_parser = clap::value_parser!(u64).range(1..=60_000))]
    pub interval: u64,

    /// How records are printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Style,

    /// Print the name of the file before each line
    #[arg(short = 'H', long)]
    pub with_filename: bool,

    /// Print how many records there are over time, in at most so many rows, instead of the records
    #[arg(long, value_name = "ROWS", num_args = 0..=1, default_missing_value = "20", conflicts_with = "follow")]
    pub histogram: Option<usize>,

    /// The zone of times that have none, as UTC, +02:00 or Europe/Paris [default: the system's]
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true)]
    pub zone: Option<String>,

    /// What time it is, for times without a year and so long ago [default: the clock's]
    #[arg(long, value_name = "TIME")]
    pub now: Option<String>,

    /// Bytes that a compressed file or a pipe may take on the disk while it is viewed
    #[arg(long, value_name = "BYTES", default_value_t = 4 << 30)]
    pub spill_max: u64,
}

fn level(name: &str) -> Result<Level, String> {
    let names = || format!("there are {}", Level::ALL.map(Level::name).join(", "));
    Level::from_name(name.as_bytes()).ok_or_else(names)
}
