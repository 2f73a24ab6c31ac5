//! The start: who is there, and what has the factory measured?
//!
//! ```text
//! read id   reset   wait 2 ms   read status until im_update is clear   read both calibrations   done
//! ```

use super::calibration::{FIRST_LEN, SECOND_LEN};
use super::ready::Ready;
use super::{CALIBRATION_FIRST, CALIBRATION_SECOND, CHIP_ID, Calibration, Fault, ID, RESET, block};
use crate::operation::{Frame, Operation, Step};

/// What the reset register wants.
const RESET_WORD: u8 = 0xB6;
/// How long a start takes (data sheet, 1.1).
const START_US: u32 = 2_000;
/// Status: the calibration is being copied.
const IM_UPDATE: u8 = 1 << 0;

/// Identifies the sensor, resets it and reads its calibration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start {
    progress: StartProgress,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StartProgress {
    New,
    Identify,
    Reset,
    Copying(Ready),
    First,
    Second([u8; FIRST_LEN]),
}

impl Start {
    /// To be run once after power-on, and after anything that may have reset the sensor.
    pub fn new() -> Self {
        Self {
            progress: StartProgress::New,
        }
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
        let (next, step) = match &mut self.progress {
            StartProgress::New => (StartProgress::Identify, Step::Read { register: ID, len: 1 }),
            StartProgress::Identify => match received {
                &[CHIP_ID] => (StartProgress::Reset, Step::Write(Frame::byte(RESET, RESET_WORD))),
                other => return Err(Fault::WrongChip(other.first().copied().unwrap_or(0))),
            },
            StartProgress::Reset => (
                StartProgress::Copying(Ready::new(IM_UPDATE)),
                Step::Wait { us: START_US },
            ),
            StartProgress::Copying(ready) => match ready.step(received)?.retyped() {
                Some(step) => return Ok(step),
                None => (
                    StartProgress::First,
                    Step::Read {
                        register: CALIBRATION_FIRST,
                        len: FIRST_LEN,
                    },
                ),
            },
            StartProgress::First => (
                StartProgress::Second(*block(received)),
                Step::Read {
                    register: CALIBRATION_SECOND,
                    len: SECOND_LEN,
                },
            ),
            StartProgress::Second(first) => {
                return Ok(Step::Done(Calibration::parse(first, block(received))));
            }
        };
        self.progress = next;
        Ok(step)
    }
}
