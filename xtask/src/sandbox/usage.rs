//! What a confined command and everything that it started use.

use std::collections::HashMap;

use nix::unistd::Pid;

/// What a process and its descendants have and have had.
#[derive(Debug, Clone, Copy, Default)]
pub struct Usage {
    /// Bytes that they hold and do not share with a file: anonymous memory, and shared memory, which counts for each
    /// process that maps it.
    pub resident_bytes: u64,
    /// Processor time of those that live and those that they have waited for, in the kernel's ticks of 10 ms.
    pub ticks: u64,
}

/// What `root` and its descendants use.
pub fn usage(root: Pid) -> Usage {
    let mut waiting = vec![root];
    let mut table = None;
    let mut usage = Usage::default();
    while let Some(process) = waiting.pop() {
        usage.resident_bytes += own_bytes(process);
        usage.ticks += own_ticks(process).unwrap_or_default();
        waiting.extend(match children_listed(process) {
            Some(children) => children,
            None => {
                let table = table.get_or_insert_with(children_of_all);
                table.remove(&process.as_raw()).unwrap_or_default()
            }
        });
    }
    usage
}

/// The children of a process.
pub fn children(parent: Pid) -> Vec<Pid> {
    children_listed(parent)
        .or_else(|| children_of_all().remove(&parent.as_raw()))
        .unwrap_or_default()
}

/// Anonymous and shared memory of one process, 0 when it is gone.
fn own_bytes(process: Pid) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let kilobytes = |line: &str| -> Option<u64> {
        let rest = line
            .strip_prefix("RssAnon:")
            .or_else(|| line.strip_prefix("RssShmem:"))?;
        rest.trim().strip_suffix("kB")?.trim().parse().ok()
    };
    status.lines().filter_map(kilobytes).sum::<u64>() * 1024
}

/// What the kernel lists as children of a process's threads, where it was built to (`CONFIG_PROC_CHILDREN`).
fn children_listed(process: Pid) -> Option<Vec<Pid>> {
    let mut children = Vec::new();
    for thread in std::fs::read_dir(format!("/proc/{process}/task")).ok()?.flatten() {
        let list = std::fs::read_to_string(thread.path().join("children")).ok()?;
        children.extend(
            list.split_whitespace()
                .filter_map(|id| id.parse().ok())
                .map(Pid::from_raw),
        );
    }
    Some(children)
}

/// The children of every process, from the parent that each names.
fn children_of_all() -> HashMap<i32, Vec<Pid>> {
    let mut table: HashMap<i32, Vec<Pid>> = HashMap::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        if let Some(parent) = parent(id) {
            table.entry(parent).or_default().push(Pid::from_raw(id));
        }
    }
    table
}

/// The parent of a process.
fn parent(id: i32) -> Option<i32> {
    stat(id)?.split_whitespace().nth(1)?.parse().ok()
}

/// Processor time of one process and of the children that it has waited for: fields 14 to 17 of proc_pid_stat(5).
fn own_ticks(process: Pid) -> Option<u64> {
    let stat = stat(process.as_raw())?;
    let times = stat.split_whitespace().skip(11).take(4);
    times.map(|ticks| ticks.parse::<u64>().ok()).sum()
}

/// What the kernel says of a process from its third field on, its state. Its name may hold anything, so what follows
/// the last parenthesis is read.
fn stat(id: i32) -> Option<String> {
    let stat = std::fs::read(format!("/proc/{id}/stat")).ok()?;
    let end = stat.iter().rposition(|byte| *byte == b')')?;
    Some(String::from_utf8_lossy(&stat[end + 1..]).into_owned())
}
