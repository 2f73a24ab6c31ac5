//! Two samples make rates. `/proc` counts since the start; what somebody wants to see is what happened in between.
//!
//! ```text
//! before ──── interval ────▶ after
//! counter 1000               counter 1500          500 / interval
//! counter 4294967000         counter 204           a counter of 32 bits has wrapped: 500
//! counter 1000               counter 10            it has begun anew: 0 for now
//! ```

use std::time::Duration;

use crate::sample::Sample;

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
    todo!("from {before} to {after}")
}

/// What happened between `before` and `after`. If no time has passed, or the clock went back, all rates are 0.
pub fn rates(before: &Sample, after: &Sample, ticks_per_s: u64) -> Rates {
    todo!("what happened from {before:?} to {after:?}, with {ticks_per_s} ticks a second")
}
