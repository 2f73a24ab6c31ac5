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

/// The registers' pointers.
const TEMPERATURE: u8 = 0x00;
const CONFIGURATION: u8 = 0x01;
const T_LOW: u8 = 0x02;
const T_HIGH: u8 = 0x03;

/// Configuration: the bits.
const SD: u8 = 1 << 0;
const TM: u8 = 1 << 1;
const POL: u8 = 1 << 2;
const FAULT_SHIFT: u32 = 3;
const RESOLUTION_SHIFT: u32 = 5;
const OS: u8 = 1 << 7;

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
    /// R1 and R0.
    fn bits(self) -> u8 {
        self as u8
    }

    /// The longest that a conversion takes, in microseconds.
    pub fn conversion_us(self) -> u32 {
        37_500 << self.bits()
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
        let shutdown = if self.shutdown { SD } else { 0 };
        let thermostat = match self.thermostat {
            Thermostat::Comparator => 0,
            Thermostat::Interrupt => TM,
        };
        let polarity = match self.polarity {
            Polarity::ActiveLow => 0,
            Polarity::ActiveHigh => POL,
        };
        shutdown
            | thermostat
            | polarity
            | (self.faults as u8) << FAULT_SHIFT
            | self.resolution.bits() << RESOLUTION_SHIFT
    }

    /// What the register's value means; OS does not count.
    pub fn decode(value: u8) -> Self {
        Self {
            shutdown: value & SD != 0,
            thermostat: if value & TM == 0 {
                Thermostat::Comparator
            } else {
                Thermostat::Interrupt
            },
            polarity: if value & POL == 0 {
                Polarity::ActiveLow
            } else {
                Polarity::ActiveHigh
            },
            faults: match value >> FAULT_SHIFT & 0b11 {
                0 => Faults::One,
                1 => Faults::Two,
                2 => Faults::Four,
                _ => Faults::Six,
            },
            resolution: match value >> RESOLUTION_SHIFT & 0b11 {
                0 => Resolution::Half,
                1 => Resolution::Quarter,
                2 => Resolution::Eighth,
                _ => Resolution::Sixteenth,
            },
        }
    }
}
