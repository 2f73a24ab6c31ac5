//! What the sensor is asked to do.
//!
//! ```text
//! Start     read id   reset   wait 2 ms   read status until im_update is clear   read both calibrations   done
//! Measure   write ctrl_hum   write ctrl_meas: forced   wait   read status until measuring is clear
//!           read the eight bytes of data at once   done
//! ```
//!
//! The data are read at once because the sensor shadows them during a burst: two reads could come from two
//! measurements.

use super::{Calibration, Fault, Measurement, Settings};
use crate::operation::{Operation, Step};

/// Identifies the sensor, resets it and reads its calibration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start {}

impl Start {
    /// To be run once after power-on, and after anything that may have reset the sensor.
    pub fn new() -> Self {
        todo!("how far is a start that has not begun?")
    }
}

impl Default for Start {
    fn default() -> Self {
        Self::new()
    }
}

impl Operation for Start {
    type Output = Calibration;
    type Fault = Fault;

    fn step(&mut self, received: &[u8]) -> Result<Step<Calibration>, Fault> {
        todo!("what comes next, after {received:?}?")
    }
}

/// Measures once and sleeps again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {}

impl Measure {
    /// `calibration` is what [`Start`] has read.
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
