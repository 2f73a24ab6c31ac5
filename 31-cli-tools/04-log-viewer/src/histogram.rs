//! Events over time, by level, in memory that does not grow.
//!
//! A bin is as wide as it has to be for all events to lie in [`BINS_MAX`] bins. An event that lies too far off doubles
//! the width, again and again if need be, and each doubling adds bins up in pairs. So the first event needs no idea of
//! when the last one will be.

use crate::level::Level;

/// No more bins are held.
pub const BINS_MAX: i64 = 512;

/// Events by level; the last is for those without one.
pub type Counts = [u64; 8];

/// Counts of events in bins of equal width.
#[derive(Debug, Clone, Default)]
pub struct Histogram {}

/// A stretch of time and its events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bin {
    /// Where it begins.
    pub start_us: i64,
    /// How many events it has.
    pub counts: Counts,
}

impl Histogram {
    /// Counts an event.
    pub fn add(&mut self, time_us: i64, level: Option<Level>) {
        todo!("count {level:?} at {time_us}")
    }

    /// The events in at most `count` bins of equal width, from the first event to the last, empty ones too.
    pub fn bins(&self, count: usize) -> Vec<Bin> {
        todo!("at most {count} bins")
    }

    /// How many bins are held.
    pub fn len(&self) -> usize {
        todo!("the number of bins")
    }

    /// Whether no event was counted.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
