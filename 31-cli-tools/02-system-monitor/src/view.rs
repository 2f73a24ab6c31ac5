//! Which processes are shown, in which order: a pure function from a sample to rows.
//!
//! ```text
//! list                 tree
//!   42 worker            1 init
//!    7 shell             7 ├─ shell
//!    1 init             42 │  └─ worker
//!    9 logger            9 └─ logger
//! ```

use crate::sample::Process;

/// By what processes are sorted. CPU and memory have the largest first, the others the smallest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum SortKey {
    /// The time it ran of late.
    #[default]
    Cpu,
    /// What of it is in memory.
    Memory,
    /// The PID.
    Pid,
    /// The name, in the order of the bytes.
    Name,
}

/// What is wanted of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Order {
    /// By what it is sorted.
    pub sort: SortKey,
    /// The other way round.
    pub reversed: bool,
    /// Children below their parents.
    pub tree: bool,
    /// Only processes whose name or command line contains this, in either case.
    pub filter: String,
}

/// A line of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Which process of the sample.
    pub index: usize,
    /// How many parents stand above it in the tree.
    pub depth: usize,
    /// Bit *n* is set if something follows in the branch at depth *n* (to the 64th): the line there goes on. That of
    /// the row's own depth, counted from 1, makes `├─` of `└─`.
    pub rails: u64,
}

/// Arranges `processes`, whose CPU rates are `cpu_percent`, as `order` says. Each stands in it at most once.
pub fn rows(processes: &[Process], cpu_percent: &[f64], order: &Order) -> Vec<Row> {
    todo!(
        "arrange {} processes with {cpu_percent:?} as {order:?}",
        processes.len()
    )
}
