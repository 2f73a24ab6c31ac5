//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, ValueEnum};

use crate::view::{Order, SortKey};

/// Shows processors, memory, disks, networks and processes
#[derive(Debug, Clone, Parser)]
#[command(name = "system-monitor", version)]
pub struct Cli {
    /// Time between two readings, 0.05 to 3600
    #[arg(short, long, value_name = "SECONDS", default_value = "1", value_parser = delay)]
    pub delay: Duration,

    /// Print what happened during one delay, and end
    #[arg(long)]
    pub once: bool,

    /// How --once prints
    #[arg(long, value_enum, default_value_t, requires = "once")]
    pub format: Format,

    /// Sort processes
    #[arg(long, value_enum, default_value_t, value_name = "KEY")]
    pub sort: SortKey,

    /// Sort the other way round
    #[arg(long)]
    pub reverse: bool,

    /// Show children below their parents
    #[arg(long)]
    pub tree: bool,

    /// Show only processes whose name or command line contains TEXT
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub filter: String,

    /// Read this directory instead of /proc
    #[arg(long, value_name = "DIR", default_value = "/proc")]
    pub proc: PathBuf,

    /// Panic when this frame has been drawn, to see that the terminal survives it
    #[arg(long, value_name = "N", hide = true)]
    pub panic_at: Option<u64>,
}

/// How `--once` prints.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// As the screen shows it, 80 columns wide, with all processes.
    #[default]
    Text,
    /// One JSON object in one line.
    Json,
}

impl Cli {
    /// What is to be listed at first.
    pub fn order(&self) -> Order {
        Order {
            sort: self.sort,
            reversed: self.reverse,
            tree: self.tree,
            filter: self.filter.clone(),
        }
    }
}

fn delay(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if (0.05..=3600.0).contains(&seconds) {
        Ok(Duration::from_secs_f64(seconds))
    } else {
        Err("not from 0.05 to 3600".to_owned())
    }
}
