//! What the sensor is asked to do.
//!
//! ```text
//! Setup     write T_LOW   write T_HIGH   write configuration   done
//! Read      read temperature                                   done: the temperature
//! OneShot   write configuration with OS and SD   wait   read   done: the temperature
//! ```

use core::convert::Infallible;

use super::Config;
use crate::operation::{Operation, Step};
use crate::temperature::Temperature;

/// Writes the limits, then the configuration, so that the thermostat never works with old limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setup {}

impl Setup {
    /// Limits of the thermostat, and everything else.
    ///
    /// # Panics
    /// When `low` is above `high`.
    pub fn new(low: Temperature, high: Temperature, config: Config) -> Self {
        assert!(low.sixteenths <= high.sixteenths, "T_LOW is not above T_HIGH");
        todo!("what must a setup know of {low}, {high} and {config:?}, and how far is it?")
    }
}

impl Operation for Setup {
    type Output = ();
    type Fault = Infallible;

    fn step(&mut self, received: &[u8]) -> Result<Step<()>, Infallible> {
        todo!("the next of three writes, or done; {received:?} is empty")
    }
}

/// Reads the latest conversion.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Read;

impl Operation for Read {
    type Output = Temperature;
    type Fault = Infallible;

    fn step(&mut self, received: &[u8]) -> Result<Step<Temperature>, Infallible> {
        todo!("read, or take {received:?} for the answer")
    }
}

/// Wakes the sensor for one conversion and reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OneShot {}

impl OneShot {
    /// One conversion with the settings of `config`. The sensor is in shutdown before and after, whatever
    /// `config.shutdown` says.
    pub fn new(config: Config) -> Self {
        todo!("what must a one-shot know of {config:?}, and how far is it?")
    }
}

impl Operation for OneShot {
    type Output = Temperature;
    type Fault = Infallible;

    fn step(&mut self, received: &[u8]) -> Result<Step<Temperature>, Infallible> {
        todo!("write, wait, read, and take {received:?} for the answer")
    }
}
