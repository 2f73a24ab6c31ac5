//! One measurement in forced mode.
//!
//! ```text
//! write ctrl_hum   write ctrl_meas   wait   read status until measuring is clear   read the data at once   done
//! ```
//!
//! The data are read at once because the sensor shadows them during a burst: two reads could come from two
//! measurements.

use super::{Calibration, Fault, Measurement, Settings};
use crate::operation::{Operation, Step};

/// Measures once and sleeps again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {}

impl Measure {
    /// `calibration` is what [`Start`](super::Start) has read.
    pub fn new(calibration: Calibration, settings: Settings) -> Self {
        todo!("what must a measurement know of {calibration:?} and {settings:?}, and how far is it?")
    }
}

impl Operation for Measure {
    type Output = Measurement;
    type Fault = Fault;

    fn step(&mut self, received: &[u8]) -> Result<Step<Measurement>, Fault> {
        todo!("what comes next, after {received:?}?")
    }
}
