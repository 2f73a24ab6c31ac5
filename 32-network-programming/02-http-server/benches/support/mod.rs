//! The peers of the bench, and the CPU time of a server.

pub mod nginx;
pub mod plain_hyper;

use std::fs;

/// Nanoseconds that the processes of a group have run for, all threads together, from `schedstat`.
pub fn cpu_ns(group: i32) -> u64 {
    let processes = fs::read_dir("/proc").expect("/proc is mounted").flatten();
    let in_group = processes.filter(|entry| {
        let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        // The name, in parentheses, may hold anything: fields are counted behind it.
        let fields = stat.rsplit_once(") ").map_or("", |(_, fields)| fields);
        fields.split(' ').nth(2) == Some(group.to_string().as_str())
    });
    let tasks = in_group.flat_map(|entry| {
        let tasks = fs::read_dir(entry.path().join("task"));
        tasks.into_iter().flatten().flatten()
    });
    let times = tasks.filter_map(|task| {
        let schedstat = fs::read_to_string(task.path().join("schedstat")).ok()?;
        schedstat.split(' ').next()?.parse::<u64>().ok()
    });
    times.sum()
}
