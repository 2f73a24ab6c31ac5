//! Shells that wait: an operation over [`I2c`] or [`SpiDevice`], on a processor that has nothing else to do.

use embedded_hal::delay::DelayNs;
use embedded_hal::i2c::I2c;
use embedded_hal::spi::SpiDevice;

use crate::operation::{Operation, READ_MAX};
use crate::retry::Retry;

/// Why an operation did not come to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error<B, F> {
    /// The bus did not do what it was told, as often as it was told.
    Bus(B),
    /// The sensor is not what it should be.
    Sensor(F),
}

/// A sensor at an address of an I2C bus.
pub struct I2cSensor<I2C, D> {
    i2c: I2C,
    delay: D,
    address: u8,
    retry: Retry,
}

impl<I2C: I2c, D: DelayNs> I2cSensor<I2C, D> {
    /// The sensor at `address`; each transaction is tried as `retry` says.
    pub fn new(i2c: I2C, delay: D, address: u8, retry: Retry) -> Self {
        Self {
            i2c,
            delay,
            address,
            retry,
        }
    }

    /// Runs `operation` to its end.
    ///
    /// # Errors
    /// What the bus reports when no attempt is left, and what the operation finds wrong with the sensor.
    pub fn run<O: Operation>(&mut self, operation: O) -> Result<O::Output, Error<I2C::Error, O::Fault>> {
        todo!(
            "step {:p} to its end, with up to {READ_MAX} bytes a read, at {:#04x}, {:?}",
            &operation,
            self.address,
            self.retry
        )
    }

    /// Gives bus and delay back.
    pub fn release(self) -> (I2C, D) {
        (self.i2c, self.delay)
    }
}

/// A sensor on an SPI bus. Nothing is tried again: SPI has no acknowledge that could be missing.
pub struct SpiSensor<SPI, D> {
    spi: SPI,
    delay: D,
}

impl<SPI: SpiDevice, D: DelayNs> SpiSensor<SPI, D> {
    /// The sensor that `spi` selects.
    pub fn new(spi: SPI, delay: D) -> Self {
        Self { spi, delay }
    }

    /// Runs `operation` to its end.
    ///
    /// # Errors
    /// What the bus reports, and what the operation finds wrong with the sensor.
    pub fn run<O: Operation>(&mut self, operation: O) -> Result<O::Output, Error<SPI::Error, O::Fault>> {
        todo!(
            "step {:p} to its end, with up to {READ_MAX} bytes a read",
            &operation
        )
    }

    /// Gives bus and delay back.
    pub fn release(self) -> (SPI, D) {
        (self.spi, self.delay)
    }
}
