//! The BME280: temperature, pressure and humidity by SPI or I2C (data sheet BST-BME280-DS002).
//!
//! ```text
//! 0x88 … 0xA1  calibration, first part      0xF2  ctrl_hum   2:0 osrs_h
//! 0xD0         id: 0x60                     0xF3  status     3 measuring, 0 im_update
//! 0xE0         reset: write 0xB6            0xF4  ctrl_meas  7:5 osrs_t, 4:2 osrs_p, 1:0 mode
//! 0xE1 … 0xE7  calibration, second part     0xF7 … 0xFE  pressure, temperature, humidity
//! ```
//!
//! By SPI bit 7 of a register's address says read (1) or write (0): all addresses are above 0x80, so what is written
//! is the address without its highest bit.

mod calibration;
mod measure;
mod start;

pub use calibration::{Calibration, FineTemperature};
pub use measure::Measure;
pub use start::Start;

/// What the id register holds.
pub const CHIP_ID: u8 = 0x60;

/// How many conversions are averaged into one value, in the sensor. More is quieter, and slower.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oversampling {
    /// Not measured at all.
    Skip,
    /// One.
    X1,
    /// Two.
    X2,
    /// Four.
    X4,
    /// Eight.
    X8,
    /// Sixteen.
    X16,
}

/// What is measured, and how well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// osrs_t. Without the temperature nothing else can be compensated.
    pub temperature: Oversampling,
    /// osrs_p.
    pub pressure: Oversampling,
    /// osrs_h.
    pub humidity: Oversampling,
}

impl Settings {
    /// The longest that a measurement takes, in microseconds (data sheet, 9.1).
    pub fn measurement_us(self) -> u32 {
        todo!("what each quantity of {self:?} adds")
    }
}

/// What was measured; `None` for what was skipped, or could not be compensated without the temperature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measurement {
    /// Hundredths of a degree Celsius.
    pub centidegrees: Option<i32>,
    /// Pascals in Q24.8: 256 is one.
    pub pascals_q8: Option<u32>,
    /// Per cent of relative humidity in Q22.10: 1024 is one.
    pub percent_q10: Option<u32>,
}

/// What is wrong with the sensor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Another chip answers: its id.
    WrongChip(u8),
    /// It stays busy.
    Busy,
}
