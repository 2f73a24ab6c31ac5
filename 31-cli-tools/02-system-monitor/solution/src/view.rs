//! Which processes are shown, in which order: a pure function from a sample to rows.
//!
//! ```text
//! list                 tree
//!   42 worker            1 init
//!    7 shell             7 ├─ shell
//!    1 init             42 │  └─ worker
//!    9 logger            9 └─ logger
//! ```

use std::cmp::Ordering;

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
    let mut sorted: Vec<usize> = (0..processes.len()).collect();
    sorted.sort_unstable_by(|&a, &b| compare(processes, cpu_percent, order, a, b));
    let filter = order.filter.to_lowercase();
    let is_match = |index: usize| filter.is_empty() || matches(&processes[index], &filter);
    if order.tree {
        return tree(processes, &sorted, is_match);
    }
    let flat = |index| Row {
        index,
        depth: 0,
        rails: 0,
    };
    sorted
        .into_iter()
        .filter(|&index| is_match(index))
        .map(flat)
        .collect()
}

fn compare(processes: &[Process], cpu_percent: &[f64], order: &Order, a: usize, b: usize) -> Ordering {
    let (left, right) = (&processes[a], &processes[b]);
    let by_key = match order.sort {
        SortKey::Cpu => cpu_percent[b].total_cmp(&cpu_percent[a]),
        SortKey::Memory => right.resident_bytes.cmp(&left.resident_bytes),
        SortKey::Pid => Ordering::Equal,
        SortKey::Name => left.name.cmp(&right.name),
    };
    // The order is total, so that rows with equal keys do not change places at each refresh.
    let all = by_key.then(left.identity.cmp(&right.identity));
    if order.reversed { all.reverse() } else { all }
}

/// Whether the name or the command line contains `filter`, which is in lower case.
fn matches(process: &Process, filter: &str) -> bool {
    let contains = |text: &str| text.to_lowercase().contains(filter);
    contains(&process.name) || process.command_line().is_some_and(contains)
}

/// The rows as a tree: those that match, and their parents up to the root.
fn tree(processes: &[Process], sorted: &[usize], is_match: impl Fn(usize) -> bool) -> Vec<Row> {
    // Processes are sorted by PID.
    let index_of = |pid: i32| {
        processes
            .binary_search_by_key(&pid, |process| process.identity.pid)
            .ok()
    };
    let parents: Vec<Option<usize>> = processes
        .iter()
        .enumerate()
        .map(|(index, process)| index_of(process.ppid).filter(|&parent| parent != index))
        .collect();
    let mut is_kept = vec![false; processes.len()];
    for &index in sorted.iter().filter(|&&index| is_match(index)) {
        let mut next = Some(index);
        // Stops at parents that were marked before, and so in a circle too.
        while let Some(at) = next.filter(|&at| !is_kept[at]) {
            is_kept[at] = true;
            next = parents[at];
        }
    }
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); processes.len()];
    let mut roots = Vec::new();
    for &index in sorted.iter().filter(|&&index| is_kept[index]) {
        match parents[index] {
            Some(parent) => children[parent].push(index),
            None => roots.push(index),
        }
    }
    let mut planted = Planted {
        rows: Vec::with_capacity(sorted.len()),
        is_placed: vec![false; processes.len()],
        children,
    };
    for root in roots {
        planted.plant(root);
    }
    // Between the reads of two processes a PID may have been used again, so that parents make a circle, which no root
    // leads to.
    for &index in sorted.iter().filter(|&&index| is_kept[index]) {
        planted.plant(index);
    }
    planted.rows
}

/// A tree that grows row by row.
struct Planted {
    rows: Vec<Row>,
    is_placed: Vec<bool>,
    children: Vec<Vec<usize>>,
}

impl Planted {
    /// Adds `root` and all below it, depth first, without recursion: a chain of processes may be long.
    fn plant(&mut self, root: usize) {
        let mut stack = vec![Row {
            index: root,
            depth: 0,
            rails: 0,
        }];
        while let Some(row) = stack.pop() {
            if std::mem::replace(&mut self.is_placed[row.index], true) {
                continue;
            }
            self.rows.push(row);
            let below = std::mem::take(&mut self.children[row.index]);
            let depth = row.depth + 1;
            // The last one is drawn last, and has nothing behind it.
            for (place, &index) in below.iter().rev().enumerate() {
                let follows = u64::from(place > 0);
                let rail = 1_u64.checked_shl(depth as u32).unwrap_or(0);
                stack.push(Row {
                    index,
                    depth,
                    rails: row.rails | (rail * follows),
                });
            }
        }
    }
}
