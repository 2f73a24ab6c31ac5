//! A temperature in sixteenths of a degree Celsius, which is what a 12-bit sensor counts.
//!
//! ```text
//! register    bit 15 (sign) … bit 4    | 3 2 1 0      0x1900 =  25.0000
//!             twelve bits, 1/16 degree | always 0     0xFFC0 =  -0.2500
//! ```
//!
//! 1/16 is 0.0625: four decimals print every value exactly, and no float is needed.

use core::fmt;

/// Sixteenths of a degree Celsius.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Temperature {
    /// 16 is one degree; the sensor has -2048 to 2047.
    pub sixteenths: i16,
}

impl Temperature {
    /// The lowest that the register can hold: -128 degrees.
    pub const MIN: Self = Self { sixteenths: -2048 };
    /// The highest: 127.9375 degrees.
    pub const MAX: Self = Self { sixteenths: 2047 };

    /// Whole degrees.
    pub const fn degrees(degrees: i8) -> Self {
        Self {
            sixteenths: degrees as i16 * 16,
        }
    }

    /// From a register's two bytes, the high one first. The low four bits do not count.
    pub fn from_register(bytes: [u8; 2]) -> Self {
        todo!("twelve bits with a sign, out of {bytes:02x?}")
    }

    /// As a register holds it; what it cannot hold becomes the nearest that it can.
    pub fn to_register(self) -> u16 {
        todo!("{} sixteenths as a register holds them", self.sixteenths)
    }
}

impl fmt::Display for Temperature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        todo!("{} sixteenths, to {:p}", self.sixteenths, f)
    }
}
