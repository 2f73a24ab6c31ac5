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

use super::calibration::{FIRST_LEN, SECOND_LEN};
use super::{
    CALIBRATION_FIRST, CALIBRATION_SECOND, CHIP_ID, CTRL_HUM, CTRL_MEAS, Calibration, DATA, Fault, ID,
    Measurement, RESET, SKIPPED, SKIPPED_HUMIDITY, STATUS, Settings,
};
use crate::operation::{Frame, Operation, Step};

/// What the reset register wants.
const RESET_WORD: u8 = 0xB6;
/// How long a start takes (data sheet, 1.1).
const START_US: u32 = 2_000;
/// Status: a measurement runs.
const MEASURING: u8 = 1 << 3;
/// Status: the calibration is being copied.
const IM_UPDATE: u8 = 1 << 0;
/// How often the status is read before the sensor is given up, and the time between two reads.
const STATUS_READS: u8 = 10;
const STATUS_PAUSE_US: u32 = 1_000;
/// ctrl_meas: measure once, then sleep.
const FORCED: u8 = 0b01;

/// Reads the status until a bit is clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ready {
    bit: u8,
    reads: u8,
    /// Whether a read is due, and not a pause.
    read_next: bool,
}

impl Ready {
    fn new(bit: u8) -> Self {
        Self {
            bit,
            reads: 0,
            read_next: true,
        }
    }
}

impl Operation for Ready {
    type Output = ();
    type Fault = Fault;

    fn step(&mut self, received: &[u8]) -> Result<Step<()>, Fault> {
        match received {
            [status] if status & self.bit == 0 => return Ok(Step::Done(())),
            [_] if self.reads == STATUS_READS => return Err(Fault::Busy),
            _ => {}
        }
        let read = self.read_next;
        self.read_next = !read;
        if !read {
            return Ok(Step::Wait { us: STATUS_PAUSE_US });
        }
        self.reads += 1;
        Ok(Step::Read {
            register: STATUS,
            len: 1,
        })
    }
}

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
    /// `calibration` is what [`Start`] has read.
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

/// What a step of N bytes has read.
fn block<const N: usize>(received: &[u8]) -> &[u8; N] {
    received
        .first_chunk()
        .expect("a shell reads as many bytes as the step says")
}
