//! Two samples make rates. `/proc` counts since the start; what somebody wants to see is what happened in between.
//!
//! ```text
//! before ──── interval ────▶ after
//! counter 1000               counter 1500          500 / interval
//! counter 4294967000         counter 204           a counter of 32 bits has wrapped: 500
//! counter 1000               counter 10            it has begun anew: 0 for now
//! ```

use std::time::Duration;

use crate::parse::{CpuTimes, Cpus};
use crate::sample::{Process, Sample};

/// What happened between two samples. The parts are those of the later one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rates {
    /// The time between the two.
    pub interval: Duration,
    /// The processors.
    pub cpu: Option<CpuRates>,
    /// The disks, in the sample's order.
    pub disks: Option<Vec<DiskRate>>,
    /// The interfaces, in the sample's order.
    pub interfaces: Option<Vec<InterfaceRate>>,
    /// For each process of the sample, in its order: the time it ran, in percent of one core.
    pub processes: Vec<f64>,
}

/// How busy the processors were.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CpuRates {
    /// All cores together, 0 to 100.
    pub percent: f64,
    /// The number of each core, and its 0 to 100.
    pub cores: Vec<(u32, f64)>,
}

/// How much went to and from a disk.
#[derive(Debug, Clone, PartialEq)]
pub struct DiskRate {
    /// The disk.
    pub name: String,
    /// Read from it.
    pub read_bytes_per_s: f64,
    /// Written to it.
    pub written_bytes_per_s: f64,
    /// For how much of the time it had something to do, 0 to 100.
    pub busy_percent: f64,
}

/// How much passed an interface.
#[derive(Debug, Clone, PartialEq)]
pub struct InterfaceRate {
    /// The interface.
    pub name: String,
    /// What came in.
    pub received_bytes_per_s: f64,
    /// What went out.
    pub sent_bytes_per_s: f64,
}

/// By how much a counter grew. A kernel of 32 bits counts many things in 32 bits: a counter that fell is taken for one
/// that wrapped if that makes it grow by less than half of its range, and otherwise for one that began anew.
pub fn growth(before: u64, after: u64) -> u64 {
    const RANGE: u64 = 1 << 32;
    if after >= before {
        return after - before;
    }
    if before >= RANGE {
        return 0;
    }
    let wrapped = after + RANGE - before;
    if wrapped < RANGE / 2 { wrapped } else { 0 }
}

/// What happened between `before` and `after`. If no time has passed, or the clock went back, all rates are 0.
pub fn rates(before: &Sample, after: &Sample, ticks_per_s: u64) -> Rates {
    let interval = after.at.saturating_sub(before.at);
    let per_s = |growth: u64| {
        if interval.is_zero() {
            0.0
        } else {
            growth as f64 / interval.as_secs_f64()
        }
    };
    let cpu = after.cpus.as_ref().map(|after| {
        let before = before.cpus.as_ref().filter(|_| !interval.is_zero());
        cpu_rates(before, after)
    });
    let disks = after.disks.as_ref().map(|disks| {
        let old = before.disks.as_deref().unwrap_or_default();
        let rate = |disk: &crate::parse::Disk| {
            // A device that was not there has no rate yet.
            let old = old.iter().find(|old| old.name == disk.name).unwrap_or(disk);
            DiskRate {
                name: disk.name.clone(),
                read_bytes_per_s: per_s(growth(old.read_bytes, disk.read_bytes)),
                written_bytes_per_s: per_s(growth(old.written_bytes, disk.written_bytes)),
                busy_percent: (per_s(growth(old.busy_ms, disk.busy_ms)) / 10.0).min(100.0),
            }
        };
        disks.iter().map(rate).collect()
    });
    let interfaces = after.interfaces.as_ref().map(|interfaces| {
        let old = before.interfaces.as_deref().unwrap_or_default();
        let rate = |interface: &crate::parse::Interface| {
            let old = old.iter().find(|old| old.name == interface.name);
            let old = old.unwrap_or(interface);
            InterfaceRate {
                name: interface.name.clone(),
                received_bytes_per_s: per_s(growth(old.received_bytes, interface.received_bytes)),
                sent_bytes_per_s: per_s(growth(old.sent_bytes, interface.sent_bytes)),
            }
        };
        interfaces.iter().map(rate).collect()
    });
    let ran = ran_ticks(&before.processes, &after.processes);
    Rates {
        interval,
        cpu,
        disks,
        interfaces,
        processes: ran
            .map(|ticks| per_s(ticks) * 100.0 / ticks_per_s as f64)
            .collect(),
    }
}

/// For each process of `after`, how many ticks it ran. One that is new, by its PID or by its start, ran all of its
/// time in between. Both lists are sorted by PID, so that one walk over them is enough.
fn ran_ticks(before: &[Process], after: &[Process]) -> impl Iterator<Item = u64> {
    let mut before = before.iter().peekable();
    after.iter().map(move |process| {
        while before
            .next_if(|old| old.identity.pid < process.identity.pid)
            .is_some()
        {}
        let old = before.peek().filter(|old| old.identity == process.identity);
        process
            .cpu_ticks
            .saturating_sub(old.map_or(0, |old| old.cpu_ticks))
    })
}

fn cpu_rates(before: Option<&Cpus>, after: &Cpus) -> CpuRates {
    let Some(before) = before else {
        return CpuRates {
            percent: 0.0,
            cores: after.cores.iter().map(|core| (core.number, 0.0)).collect(),
        };
    };
    let cores = after.cores.iter().map(|core| {
        // By number: a core that is switched off leaves a hole.
        let old = before.cores.iter().find(|old| old.number == core.number);
        let percent = old.map_or(0.0, |old| busy_percent(&old.times, &core.times));
        (core.number, percent)
    });
    CpuRates {
        percent: busy_percent(&before.total, &after.total),
        cores: cores.collect(),
    }
}

/// The part of the ticks that were neither idle nor waiting. The ticks are the clock here: those of a core in a
/// virtual machine, or of one that sleeps, need not add up to the time that passed.
fn busy_percent(before: &CpuTimes, after: &CpuTimes) -> f64 {
    let (before, after) = (before.columns(), after.columns());
    // Some columns do go back a little (idle, iowait): nothing happened in them then.
    let grown: [u64; 8] = std::array::from_fn(|column| after[column].saturating_sub(before[column]));
    let total: u64 = grown.iter().sum();
    let [_, _, _, idle, iowait, ..] = grown;
    if total == 0 {
        return 0.0;
    }
    (total - idle - iowait) as f64 * 100.0 / total as f64
}
