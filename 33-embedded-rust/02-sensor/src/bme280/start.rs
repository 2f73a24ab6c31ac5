//! The start: who is there, and what has the factory measured?
//!
//! ```text
//! read id   reset   wait 2 ms   read status until im_update is clear   read both calibrations   done
//! ```

use super::{Calibration, Fault};
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
