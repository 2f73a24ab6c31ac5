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
mod ready;
mod start;

pub use calibration::{Calibration, FineTemperature};
pub use measure::Measure;
pub use start::Start;

/// The registers.
const CALIBRATION_FIRST: u8 = 0x88;
const ID: u8 = 0xD0;
const RESET: u8 = 0xE0;
const CALIBRATION_SECOND: u8 = 0xE1;
const CTRL_HUM: u8 = 0xF2;
const STATUS: u8 = 0xF3;
const CTRL_MEAS: u8 = 0xF4;
const DATA: u8 = 0xF7;

/// What the id register holds.
pub const CHIP_ID: u8 = 0x60;

/// What a quantity reads that was not measured: 20 bits, and 16 for the humidity.
const SKIPPED: u32 = 0x80000;
const SKIPPED_HUMIDITY: u16 = 0x8000;

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

impl Oversampling {
    /// osrs_t, osrs_p, osrs_h.
    fn bits(self) -> u8 {
        self as u8
    }

    /// How many conversions.
    fn conversions(self) -> u32 {
        match self {
            Self::Skip => 0,
            more => 1 << (more.bits() - 1),
        }
    }
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
        fn quantity(oversampling: Oversampling) -> u32 {
            match oversampling.conversions() {
                0 => 0,
                conversions => 2_300 * conversions + 575,
            }
        }
        1_250 + 2_300 * self.temperature.conversions() + quantity(self.pressure) + quantity(self.humidity)
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

/// What a step of N bytes has read.
fn block<const N: usize>(received: &[u8]) -> &[u8; N] {
    received
        .first_chunk()
        .expect("a shell reads as many bytes as the step says")
}
