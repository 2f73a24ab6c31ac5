//! What the sensor is asked to do.
//!
//! ```text
//! Setup     write T_LOW   write T_HIGH   write configuration   done
//! Read      read temperature                                   done: the temperature
//! OneShot   write configuration with OS and SD   wait   read   done: the temperature
//! ```

use core::convert::Infallible;

use super::{CONFIGURATION, Config, OS, T_HIGH, T_LOW, TEMPERATURE};
use crate::operation::{Frame, Operation, Step};
use crate::temperature::Temperature;

/// What it takes to read the temperature register.
const READ_TEMPERATURE: Step<Temperature> = Step::Read {
    register: TEMPERATURE,
    len: 2,
};

/// Writes the limits, then the configuration, so that the thermostat never works with old limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setup {
    low: Temperature,
    high: Temperature,
    config: Config,
    /// Steps done so far.
    steps: u8,
}

impl Setup {
    /// Limits of the thermostat, and everything else.
    ///
    /// # Panics
    /// When `low` is above `high`.
    pub fn new(low: Temperature, high: Temperature, config: Config) -> Self {
        assert!(low.sixteenths <= high.sixteenths, "T_LOW is not above T_HIGH");
        Self {
            low,
            high,
            config,
            steps: 0,
        }
    }
}

impl Operation for Setup {
    type Output = ();
    type Fault = Infallible;

    fn step(&mut self, _received: &[u8]) -> Result<Step<()>, Infallible> {
        let step = match self.steps {
            0 => Step::Write(Frame::word(T_LOW, self.low.to_register())),
            1 => Step::Write(Frame::word(T_HIGH, self.high.to_register())),
            2 => Step::Write(Frame::byte(CONFIGURATION, self.config.encode())),
            _ => return Ok(Step::Done(())),
        };
        self.steps += 1;
        Ok(step)
    }
}

/// Reads the latest conversion.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Read;

impl Operation for Read {
    type Output = Temperature;
    type Fault = Infallible;

    fn step(&mut self, received: &[u8]) -> Result<Step<Temperature>, Infallible> {
        Ok(match received.first_chunk() {
            None => READ_TEMPERATURE,
            Some(&bytes) => Step::Done(Temperature::from_register(bytes)),
        })
    }
}

/// Wakes the sensor for one conversion and reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OneShot {
    config: Config,
    progress: Progress,
}

/// How far a [`OneShot`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// Nothing has been done.
    New,
    /// The conversion has begun.
    Begun,
    /// It has had its time.
    Over(Read),
}

impl OneShot {
    /// One conversion with the settings of `config`. The sensor is in shutdown before and after, whatever
    /// `config.shutdown` says.
    pub fn new(config: Config) -> Self {
        Self {
            config: Config {
                shutdown: true,
                ..config
            },
            progress: Progress::New,
        }
    }
}

impl Operation for OneShot {
    type Output = Temperature;
    type Fault = Infallible;

    fn step(&mut self, received: &[u8]) -> Result<Step<Temperature>, Infallible> {
        match &mut self.progress {
            Progress::New => {
                self.progress = Progress::Begun;
                Ok(Step::Write(Frame::byte(CONFIGURATION, self.config.encode() | OS)))
            }
            Progress::Begun => {
                self.progress = Progress::Over(Read);
                Ok(Step::Wait {
                    us: self.config.resolution.conversion_us(),
                })
            }
            Progress::Over(read) => read.step(received),
        }
    }
}
