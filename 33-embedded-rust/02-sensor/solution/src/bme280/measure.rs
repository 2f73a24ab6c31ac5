//! One measurement in forced mode.
//!
//! ```text
//! write ctrl_hum   write ctrl_meas   wait   read status until measuring is clear   read the data at once   done
//! ```
//!
//! The data are read at once because the sensor shadows them during a burst: two reads could come from two
//! measurements.

use super::ready::Ready;
use super::{
    CTRL_HUM, CTRL_MEAS, Calibration, DATA, Fault, Measurement, SKIPPED, SKIPPED_HUMIDITY, Settings, block,
};
use crate::operation::{Frame, Operation, Step};

/// Status: a measurement runs.
const MEASURING: u8 = 1 << 3;
/// ctrl_meas: measure once, then sleep.
const FORCED: u8 = 0b01;

/// Measures once and sleeps again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    calibration: Calibration,
    settings: Settings,
    progress: MeasureProgress,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MeasureProgress {
    New,
    Humidity,
    Begun,
    Measuring(Ready),
    Data,
}

impl Measure {
    /// `calibration` is what [`Start`](super::Start) has read.
    pub fn new(calibration: Calibration, settings: Settings) -> Self {
        Self {
            calibration,
            settings,
            progress: MeasureProgress::New,
        }
    }

    fn compensate(&self, data: &[u8; 8]) -> Measurement {
        let twenty = |at: usize| u32::from_be_bytes([0, data[at], data[at + 1], data[at + 2]]) >> 4;
        let measured = |raw: u32| (raw != SKIPPED).then_some(raw);
        let humidity = u16::from_be_bytes([data[6], data[7]]);
        let fine = measured(twenty(3)).map(|raw| self.calibration.temperature(raw));
        Measurement {
            centidegrees: fine.map(|fine| fine.centidegrees()),
            pascals_q8: fine.and_then(|fine| self.calibration.pressure(measured(twenty(0))?, fine)),
            percent_q10: fine
                .filter(|_| humidity != SKIPPED_HUMIDITY)
                .map(|fine| self.calibration.humidity(humidity, fine)),
        }
    }
}

impl Operation for Measure {
    type Output = Measurement;
    type Fault = Fault;

    fn step(&mut self, received: &[u8]) -> Result<Step<Measurement>, Fault> {
        let settings = self.settings;
        let (next, step) = match &mut self.progress {
            // In this order: ctrl_hum takes effect with the write to ctrl_meas.
            MeasureProgress::New => (
                MeasureProgress::Humidity,
                Step::Write(Frame::byte(CTRL_HUM, settings.humidity.bits())),
            ),
            MeasureProgress::Humidity => {
                let oversampling = settings.temperature.bits() << 5 | settings.pressure.bits() << 2;
                (
                    MeasureProgress::Begun,
                    Step::Write(Frame::byte(CTRL_MEAS, oversampling | FORCED)),
                )
            }
            MeasureProgress::Begun => (
                MeasureProgress::Measuring(Ready::new(MEASURING)),
                Step::Wait {
                    us: settings.measurement_us(),
                },
            ),
            MeasureProgress::Measuring(ready) => match ready.step(received)?.retyped() {
                Some(step) => return Ok(step),
                None => (
                    MeasureProgress::Data,
                    Step::Read {
                        register: DATA,
                        len: 8,
                    },
                ),
            },
            MeasureProgress::Data => return Ok(Step::Done(self.compensate(block(received)))),
        };
        self.progress = next;
        Ok(step)
    }
}
