//! The temperature sensor of the board, a TMP105 at I2C0 (data sheet SLLS648).
//!
//! ```text
//! pointer 0   temperature    2 bytes: bits 15:4 are sixteenths of a degree, signed
//! pointer 1   configuration  1 byte: bits 6:5 are the resolution, 3 for sixteenths
//! ```

use core::fmt;

use crate::i2c::{BusError, Controller};
use crate::register::Registers;

/// The address with pin A0 at ground.
const ADDRESS: u8 = 0x48;

/// Pointers.
const TEMPERATURE: u8 = 0;
const CONFIGURATION: u8 = 1;

/// Configuration: twelve bits.
const TWELVE_BITS: u8 = 3 << 5;

/// A temperature in sixteenths of a degree Celsius. It is printed with four decimals, which is exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Temperature {
    /// The count.
    pub sixteenths: i16,
}

impl fmt::Display for Temperature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.sixteenths < 0 { "-" } else { "" };
        let magnitude = self.sixteenths.unsigned_abs();
        // A sixteenth is 625 ten-thousandths.
        write!(f, "{sign}{}.{:04}", magnitude / 16, magnitude % 16 * 625)
    }
}

/// The sensor.
pub struct Sensor<R> {
    bus: Controller<R>,
    is_set_up: bool,
}

impl<R: Registers> Sensor<R> {
    /// A sensor at `bus` that is to be set up.
    pub fn new(bus: Controller<R>) -> Self {
        Self {
            bus,
            is_set_up: false,
        }
    }

    /// Reads the temperature, which takes less than a millisecond.
    ///
    /// # Errors
    /// When the sensor does not answer. It is set up again the next time: it may have been without power.
    pub fn read(&mut self) -> Result<Temperature, BusError> {
        let read = self.try_read();
        self.is_set_up = read.is_ok();
        read
    }

    fn try_read(&mut self) -> Result<Temperature, BusError> {
        if !self.is_set_up {
            self.bus.write(ADDRESS, &[CONFIGURATION, TWELVE_BITS])?;
        }
        self.bus.write(ADDRESS, &[TEMPERATURE])?;
        let mut bytes = [0; 2];
        self.bus.read(ADDRESS, &mut bytes)?;
        Ok(Temperature {
            sixteenths: i16::from_be_bytes(bytes) >> 4,
        })
    }
}
