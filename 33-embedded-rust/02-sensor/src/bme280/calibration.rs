//! The factory's calibration, and the formulas that turn raw readings into quantities (data sheet, 4.2).
//!
//! ```text
//! 0x88  T1 T2 T3           16 bits each, low byte first; T1 and P1 unsigned
//! 0x8E  P1 … P9
//! 0xA1  H1                 8 bits (0xA0 is reserved)
//! 0xE1  H2                 16 bits
//! 0xE3  H3                 8 bits
//! 0xE4  H4 bits 11:4       0xE5  bits 3:0 are H4's, bits 7:4 H5's       0xE6  H5 bits 11:4
//! 0xE7  H6                 8 bits, signed
//! ```
//!
//! All arithmetic is in integers. Products that the calibration of a real sensor cannot make overflow are computed
//! in 64 bits or wrap, so that a broken one leads to nonsense and not to a panic.

/// Bytes of the first part, at 0x88.
pub const FIRST_LEN: usize = 26;
/// Bytes of the second part, at 0xE1.
pub const SECOND_LEN: usize = 7;

/// The coefficients, named as in the data sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calibration {}

/// A temperature as finely as the formulas for pressure and humidity want it: `t_fine`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FineTemperature(pub i32);

impl FineTemperature {
    /// Hundredths of a degree Celsius.
    pub fn centidegrees(self) -> i32 {
        todo!("{} in hundredths of a degree", self.0)
    }
}

impl Calibration {
    /// From the two blocks of registers, as they lie in the sensor.
    pub fn parse(first: &[u8; FIRST_LEN], second: &[u8; SECOND_LEN]) -> Self {
        todo!("the coefficients in {first:?} and {second:?}")
    }

    /// The temperature from its 20 raw bits.
    pub fn temperature(&self, raw: u32) -> FineTemperature {
        todo!("t_fine of {raw}")
    }

    /// The pressure from its 20 raw bits, in Q24.8 pascals; none when the calibration divides by zero.
    pub fn pressure(&self, raw: u32, fine: FineTemperature) -> Option<u32> {
        todo!("the pressure of {raw} at {fine:?}")
    }

    /// The relative humidity from its 16 raw bits, in Q22.10 per cent, 0 to 100.
    pub fn humidity(&self, raw: u16, fine: FineTemperature) -> u32 {
        todo!("the humidity of {raw} at {fine:?}")
    }
}
