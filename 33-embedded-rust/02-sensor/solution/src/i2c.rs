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

/// The registers.
const MSA: u32 = 0x000;
const MCS: u32 = 0x004;
const MDR: u32 = 0x008;
const MTPR: u32 = 0x00C;
const MCR: u32 = 0x020;

/// MSA: this transfer receives.
const RECEIVE: u32 = 1 << 0;

/// MCS, written.
const RUN: u32 = 1 << 0;
const START: u32 = 1 << 1;
const STOP: u32 = 1 << 2;
const ACK: u32 = 1 << 3;

/// MCS, read.
const BUSY: u32 = 1 << 0;
const ERROR: u32 = 1 << 1;
const ADRACK: u32 = 1 << 2;
const DATACK: u32 = 1 << 3;
const ARBLST: u32 = 1 << 4;
const BUSBSY: u32 = 1 << 6;

/// MCR: the controller is on.
const MFE: u32 = 1 << 4;

/// Cycles of the core clock in a period of SCL, for each step of MTPR: six low and four high, two cycles each.
const CYCLES_PER_STEP: u32 = 20;
/// The largest MTPR.
const MTPR_MAX: u32 = 0x7F;

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
    turnaround: Turnaround,
}

impl<R: Registers> Controller<R> {
    /// Switches the controller on. SCL is as fast as it can be without being faster than `scl_hz`.
    ///
    /// # Panics
    /// When the timer cannot divide `core_clock_hz` as far as that.
    pub fn new(registers: R, core_clock_hz: u32, scl_hz: u32, turnaround: Turnaround) -> Self {
        let steps = core_clock_hz.div_ceil(CYCLES_PER_STEP * scl_hz).max(1);
        assert!(steps <= MTPR_MAX + 1, "MTPR has seven bits");
        registers.write(MTPR, steps - 1);
        let mut controller = Self {
            registers,
            turnaround,
        };
        controller.restart();
        controller
    }

    /// Switches the controller off and on: it forgets what it was doing, and keeps its clock. For after a time-out,
    /// and after somebody else has moved the lines.
    pub fn restart(&mut self) {
        self.registers.write(MCR, 0);
        self.registers.write(MCR, MFE);
    }

    /// Gives the registers back.
    pub fn release(self) -> R {
        self.registers
    }

    /// Moves all bytes; at an error the bus may be left without a STOP.
    fn transfer(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), Error> {
        self.wait_while(BUSY | BUSBSY)?;
        let count = operations.len();
        let mut begins = true;
        for at in 0..count {
            // A run of operations in one direction is one transfer: START before its first byte, and the last byte
            // is followed by a START or a STOP.
            let reads = is_read(&operations[at]);
            let ends = operations.get(at + 1).is_none_or(|next| is_read(next) != reads);
            let stops = at + 1 == count || (ends && self.turnaround == Turnaround::StopStart);
            if begins {
                let receive = if reads { RECEIVE } else { 0 };
                self.registers.write(MSA, u32::from(address) << 1 | receive);
            }
            let behind_last = if stops { STOP } else { 0 };
            let len = len(&operations[at]);
            for byte in 0..len {
                let last = byte + 1 == len;
                let start = if begins && byte == 0 { START } else { 0 };
                let behind = if last { behind_last } else { 0 };
                match &mut operations[at] {
                    Operation::Write(bytes) => {
                        self.registers.write(MDR, u32::from(bytes[byte]));
                        self.command(RUN | start | behind)?;
                    }
                    Operation::Read(buffer) => {
                        // The last byte is not acknowledged: that is how the sensor knows that it is the last.
                        let ack = if last && ends { 0 } else { ACK };
                        self.command(RUN | start | behind | ack)?;
                        buffer[byte] = self.registers.read(MDR).to_le_bytes()[0];
                    }
                }
            }
            begins = ends;
        }
        Ok(())
    }

    /// Has the controller do what `bits` say, to its end.
    fn command(&mut self, bits: u32) -> Result<(), Error> {
        self.registers.write(MCS, bits);
        let status = self.wait_while(BUSY)?;
        if status & ERROR == 0 {
            Ok(())
        } else if status & ARBLST != 0 {
            Err(Error::ArbitrationLost)
        } else if status & ADRACK != 0 {
            Err(Error::AddressNotAcknowledged)
        } else {
            debug_assert!(status & DATACK != 0, "the error has a reason");
            Err(Error::DataNotAcknowledged)
        }
    }

    /// Reads the status until none of `bits` is set.
    fn wait_while(&self, bits: u32) -> Result<u32, Error> {
        for _ in 0..STATUS_READS_MAX {
            let status = self.registers.read(MCS);
            // While BUSY is set all other bits are meaningless.
            if status & (BUSY | bits) == 0 {
                return Ok(status);
            }
        }
        Err(Error::TimedOut)
    }
}

impl<R> ErrorType for Controller<R> {
    type Error = Error;
}

impl<R: Registers> I2c for Controller<R> {
    fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), Error> {
        if address > ADDRESS_MAX || operations.iter().any(|operation| len(operation) == 0) {
            return Err(Error::Unsupported);
        }
        if operations.is_empty() {
            return Ok(());
        }
        let moved = self.transfer(address, operations);
        if let Err(Error::AddressNotAcknowledged | Error::DataNotAcknowledged) = moved {
            // Unless the byte was the last one, the bus is still ours. After a lost arbitration it never is, and
            // after a time-out nobody knows.
            if self.registers.read(MCS) & BUSBSY != 0 {
                self.registers.write(MCS, STOP);
                self.wait_while(BUSY)?;
            }
        }
        moved
    }
}

/// Whether the operation reads.
fn is_read(operation: &Operation<'_>) -> bool {
    matches!(operation, Operation::Read(_))
}

/// How many bytes it moves.
fn len(operation: &Operation<'_>) -> usize {
    match operation {
        Operation::Write(bytes) => bytes.len(),
        Operation::Read(buffer) => buffer.len(),
    }
}
