//! Samples become lines: the mean of two, and an exponential filter over the means.
//!
//! ```text
//! sample 0  sample 1            sample 2  sample 3
//!           48: 23.5000 23.5000           48: 24.0000 23.6250        mean, then filtered
//! ```

use core::fmt;

use crate::filter::{Exponential, Mean};
use crate::temperature::Temperature;

/// Samples of a mean.
pub const SAMPLES: u16 = 2;

/// The shift of the filter over the means.
pub const FILTER_SHIFT: u32 = 2;

/// What one sensor has shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Channel {
    mean: Mean,
    filter: Exponential,
}

/// What there is to say after enough samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Report {
    /// The mean of the last samples.
    pub mean: Temperature,
    /// The filter over all means so far.
    pub filtered: Temperature,
}

impl Channel {
    /// A sensor that has shown nothing.
    pub fn new() -> Self {
        Self {
            mean: Mean::new(),
            filter: Exponential::new(FILTER_SHIFT),
        }
    }

    /// Takes a sample; each [`SAMPLES`]th gives a report.
    pub fn sample(&mut self, temperature: Temperature) -> Option<Report> {
        self.mean.push(temperature.sixteenths);
        if self.mean.count() < SAMPLES {
            return None;
        }
        let sixteenths = core::mem::take(&mut self.mean).value()?;
        let filtered = self.filter.push(i32::from(sixteenths));
        Some(Report {
            mean: Temperature { sixteenths },
            filtered: Temperature {
                sixteenths: i16::try_from(filtered).expect("a filter stays between its samples"),
            },
        })
    }

    /// A sample is missing: the mean begins anew, the filter goes on.
    pub fn miss(&mut self) {
        self.mean = Mean::new();
    }
}

impl Default for Channel {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.mean, self.filtered)
    }
}
