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

mod error;

use embedded_hal::i2c::{ErrorType, I2c, Operation};

pub use error::Error;

use crate::register::Registers;

/// The highest address: seven bits.
pub const ADDRESS_MAX: u8 = 0x7F;

/// How often the status is read before the bus is given up. A byte takes some 100 µs, a read of MCS a cycle or more.
pub const STATUS_READS_MAX: u32 = 10_000;

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

    /// Switches the controller off and on: it forgets what it was doing, and keeps its clock. For after a time-out,
    /// and after somebody else has moved the lines.
    pub fn restart(&mut self) {
        todo!("switch {:p} off and on", &self.registers)
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
