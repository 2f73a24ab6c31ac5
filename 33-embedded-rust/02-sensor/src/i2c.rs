//! The I2C controller of the LM3S6965, as an embedded-hal bus (data sheet, chapter Inter-Integrated Circuit).
//!
//! ```text
//! 0x000  MSA   7:1 address, 0 receive
//! 0x004  MCS   written  3 ACK       2 STOP    1 START   0 RUN
//!              read     6 BUSBSY    5 IDLE    4 ARBLST  3 DATACK   2 ADRACK   1 ERROR   0 BUSY
//! 0x008  MDR   7:0 the byte
//! 0x00C  MTPR  6:0 a period of SCL is 20 × (MTPR + 1) cycles
//! 0x020  MCR   4 the controller is on
//! ```
//!
//! One write to MCS moves one byte. Its bits say what goes before the byte (START) and behind it (STOP), and whether
//! a byte that was received is acknowledged (ACK). Then BUSY is set until all of that has happened; the other bits
//! of the status hold only while BUSY is clear.

use core::fmt;

use embedded_hal::i2c::{self, ErrorKind, ErrorType, I2c, Operation};

use crate::register::Registers;

/// How often the status is read before the bus is given up. A byte takes some 100 µs, a read of MCS a cycle or more.
pub const STATUS_READS_MAX: u32 = 10_000;

/// Why a transaction failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error {
    /// Nobody answers at this address.
    AddressNotAcknowledged,
    /// The sensor did not take a byte.
    DataNotAcknowledged,
    /// Another controller was faster.
    ArbitrationLost,
    /// The bus or the controller stayed busy.
    TimedOut,
    /// The controller cannot do it: an address above 0x7F, or an operation without bytes.
    Unsupported,
}

impl i2c::Error for Error {
    fn kind(&self) -> ErrorKind {
        todo!("{self:?} in embedded-hal's words")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AddressNotAcknowledged => "address not acknowledged",
            Self::DataNotAcknowledged => "data not acknowledged",
            Self::ArbitrationLost => "arbitration lost",
            Self::TimedOut => "timed out",
            Self::Unsupported => "unsupported",
        })
    }
}

impl core::error::Error for Error {}

/// How a transaction goes from writing to reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turnaround {
    /// By a START without a STOP before it, as embedded-hal wants it: nobody else can take the bus in between.
    RepeatedStart,
    /// By a STOP and a START, for an emulator or a chip that does not know better.
    StopStart,
}

/// The controller.
pub struct Controller<R> {
    registers: R,
}

impl<R: Registers> Controller<R> {
    /// Switches the controller on. SCL is as fast as it can be without being faster than `scl_hz`.
    ///
    /// # Panics
    /// When the timer cannot divide `core_clock_hz` as far as that.
    pub fn new(registers: R, core_clock_hz: u32, scl_hz: u32, turnaround: Turnaround) -> Self {
        todo!(
            "switch {:p} on: {scl_hz} Hz at most, of {core_clock_hz} Hz; {turnaround:?}",
            &registers
        )
    }

    /// Gives the registers back.
    pub fn release(self) -> R {
        self.registers
    }
}

impl<R> ErrorType for Controller<R> {
    type Error = Error;
}

impl<R: Registers> I2c for Controller<R> {
    fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), Error> {
        todo!(
            "{} operations with {address:#04x}, {STATUS_READS_MAX} reads of the status at most",
            operations.len()
        )
    }
}
