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
        // An arithmetic shift: the sign comes along.
        Self {
            sixteenths: i16::from_be_bytes(bytes) >> 4,
        }
    }

    /// As a register holds it; what it cannot hold becomes the nearest that it can.
    pub fn to_register(self) -> u16 {
        let held = self.clamp(Self::MIN, Self::MAX).sixteenths;
        (held << 4).cast_unsigned()
    }
}

impl fmt::Display for Temperature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The sign apart: it belongs to -0.0625 too, whose whole part is a zero without one.
        let sign = if self.sixteenths < 0 { "-" } else { "" };
        let magnitude = self.sixteenths.unsigned_abs();
        write!(f, "{sign}{}.{:04}", magnitude / 16, magnitude % 16 * 625)
    }
}
