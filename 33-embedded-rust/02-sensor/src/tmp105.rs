//! The TMP105: temperature by I2C, 9 to 12 bits, with a thermostat output (data sheet SLLS648).
//!
//! ```text
//! pointer  register        bytes
//! 0x00     temperature     2, read only: see [`crate::temperature`]
//! 0x01     configuration   1
//! 0x02     T_LOW           2, as a temperature
//! 0x03     T_HIGH          2, as a temperature
//!
//! configuration   7    6 5     4 3    2     1    0
//!                 OS   R1 R0   F1 F0  POL   TM   SD
//! ```
//!
//! In shutdown (SD) the sensor sleeps; a one written to OS makes it convert once. OS reads as zero.

mod operations;

pub use operations::{OneShot, Read, Setup};

/// The address with pin A0 at ground; the other one is 0x49.
pub const ADDRESS: u8 = 0x48;

/// How finely it measures. Finer takes longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// 9 bits: half degrees.
    Half,
    /// 10 bits: quarters.
    Quarter,
    /// 11 bits: eighths.
    Eighth,
    /// 12 bits: sixteenths.
    Sixteenth,
}

impl Resolution {
    /// The longest that a conversion takes, in microseconds.
    pub fn conversion_us(self) -> u32 {
        todo!("{self:?}: 37.5 ms at 9 bits, and twice as much for each bit more")
    }
}

/// When the ALERT pin changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thermostat {
    /// Active from T_HIGH on until below T_LOW.
    Comparator,
    /// Active at T_HIGH and at T_LOW in turn, until the next read.
    Interrupt,
}

/// The level of an active ALERT pin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Polarity {
    /// Active is low.
    ActiveLow,
    /// Active is high.
    ActiveHigh,
}

/// How many conversions in a row must be past a limit before ALERT changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Faults {
    /// One.
    One,
    /// Two.
    Two,
    /// Four.
    Four,
    /// Six.
    Six,
}

/// The configuration register, without OS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Config {
    /// SD: converts only when asked to.
    pub shutdown: bool,
    /// TM.
    pub thermostat: Thermostat,
    /// POL.
    pub polarity: Polarity,
    /// F1 and F0.
    pub faults: Faults,
    /// R1 and R0.
    pub resolution: Resolution,
}

impl Config {
    /// What the sensor begins with: every bit zero.
    pub const RESET: Self = Self {
        shutdown: false,
        thermostat: Thermostat::Comparator,
        polarity: Polarity::ActiveLow,
        faults: Faults::One,
        resolution: Resolution::Half,
    };

    /// The register's value, OS zero.
    pub fn encode(self) -> u8 {
        todo!("each field of {self:?} at its bits")
    }

    /// What the register's value means; OS does not count.
    pub fn decode(value: u8) -> Self {
        todo!("each field from its bits of {value:#010b}")
    }
}
