//! Events over time, by level, in memory that does not grow.
//!
//! A bin is as wide as it has to be for all events to lie in [`BINS_MAX`] bins. An event that lies too far off doubles
//! the width, again and again if need be, and each doubling adds bins up in pairs. So the first event needs no idea of
//! when the last one will be.

use std::collections::BTreeMap;

use crate::level::Level;

/// No more bins are held.
pub const BINS_MAX: i64 = 512;

/// The width before any doubling.
const FIRST_WIDTH_US: i64 = 1000;

/// Events by level; the last is for those without one.
pub type Counts = [u64; 8];

/// Counts of events in bins of equal width.
#[derive(Debug, Clone)]
pub struct Histogram {
    width_us: i64,
    /// The bins that are not empty, by their time divided by the width.
    bins: BTreeMap<i64, Counts>,
    /// The bin of the last event: the next one is mostly in it too, and asks no map.
    latest: Option<(i64, Counts)>,
}

/// A stretch of time and its events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bin {
    /// Where it begins.
    pub start_us: i64,
    /// How many events it has.
    pub counts: Counts,
}

impl Default for Histogram {
    fn default() -> Self {
        Self {
            width_us: FIRST_WIDTH_US,
            bins: BTreeMap::new(),
            latest: None,
        }
    }
}

impl Histogram {
    /// Counts an event.
    pub fn add(&mut self, time_us: i64, level: Option<Level>) {
        let index = level.map_or(7, |level| level as usize);
        let bin = time_us.div_euclid(self.width_us);
        if let Some((latest, counts)) = &mut self.latest
            && *latest == bin
        {
            counts[index] += 1;
            return;
        }
        // This may widen the bins.
        self.settle();
        let mut counts = Counts::default();
        counts[index] = 1;
        self.latest = Some((time_us.div_euclid(self.width_us), counts));
    }

    /// Adds all events of another histogram.
    pub fn merge(&mut self, other: &Self) {
        self.settle();
        let mut other = other.clone();
        other.settle();
        while other.width_us < self.width_us {
            other.double();
        }
        while self.width_us < other.width_us {
            self.double();
        }
        for (bin, counts) in other.bins {
            add_counts(self.bins.entry(bin).or_default(), &counts);
        }
        self.fit();
    }

    /// The events in at most `count` bins of equal width, from the first event to the last, empty ones too.
    pub fn bins(&self, count: usize) -> Vec<Bin> {
        let mut all = self.clone();
        all.settle();
        let (Some((first, _)), Some((last, _))) = (all.bins.first_key_value(), all.bins.last_key_value())
        else {
            return Vec::new();
        };
        let (first, length) = (*first, last - first + 1);
        // So many of the fine bins in one of those that are asked for; rounded up, so that they suffice.
        let step = (length as u64).div_ceil(count.max(1) as u64) as i64;
        let mut bins: Vec<Bin> = (0..(length as u64).div_ceil(step as u64) as i64)
            .map(|index| Bin {
                start_us: (first + index * step).saturating_mul(all.width_us),
                counts: Counts::default(),
            })
            .collect();
        for (bin, counts) in &all.bins {
            add_counts(&mut bins[((bin - first) / step) as usize].counts, counts);
        }
        bins
    }

    /// How many bins are held.
    pub fn len(&self) -> usize {
        self.bins.len() + usize::from(self.latest.is_some())
    }

    /// Whether no event was counted.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Moves the latest bin into the map.
    fn settle(&mut self) {
        if let Some((bin, counts)) = self.latest.take() {
            add_counts(self.bins.entry(bin).or_default(), &counts);
            self.fit();
        }
    }

    /// Doubles until all bins are within the limit.
    fn fit(&mut self) {
        while let (Some((first, _)), Some((last, _))) =
            (self.bins.first_key_value(), self.bins.last_key_value())
            && last.saturating_sub(*first) >= BINS_MAX
        {
            self.double();
        }
    }

    fn double(&mut self) {
        self.width_us = self.width_us.saturating_mul(2);
        for (bin, counts) in std::mem::take(&mut self.bins) {
            add_counts(self.bins.entry(bin.div_euclid(2)).or_default(), &counts);
        }
    }
}

fn add_counts(to: &mut Counts, from: &Counts) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += from;
    }
}
