//! The I2C controller of the LM3S6965, as far as a sensor needs it (data sheet, chapter Inter-Integrated Circuit).
//!
//! ```text
//! 0x000  MSA   7:1 address, 0 receive
//! 0x004  MCS   written  3 ACK    2 STOP     1 START   0 RUN
//!              read     6 BUSBSY 1 ERROR    0 BUSY
//! 0x008  MDR   7:0 the byte
//! 0x00C  MTPR  6:0 a period of SCL is 20 × (MTPR + 1) cycles
//! 0x020  MCR   4 the controller is on
//! ```
//!
//! One write to MCS moves one byte; BUSY is set until it is done. [The sensor exercise](../02-sensor) writes this driver
//! properly, with every error told apart.

use crate::register::Registers;

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
const BUSBSY: u32 = 1 << 6;

/// MCR: the controller is on.
const MFE: u32 = 1 << 4;

/// MTPR for a clock of 12.5 MHz: 20 × 7 cycles are 11.2 µs, so SCL has 89 kHz.
const TIMER_PERIOD: u32 = 6;

/// How often the status is read before the bus is given up: some 5 ms. A byte takes 100 µs.
const STATUS_READS_MAX: u32 = 10_000;

/// The sensor did not answer, or the bus is stuck.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BusError;

/// The controller, on.
pub struct Controller<R> {
    registers: R,
}

impl<R: Registers> Controller<R> {
    /// Switches it on, for a core clock of 12.5 MHz.
    pub fn new(registers: R) -> Self {
        registers.write(MTPR, TIMER_PERIOD);
        registers.write(MCR, MFE);
        Self { registers }
    }

    /// Writes `bytes` to the sensor at `address`.
    ///
    /// # Errors
    /// When it does not answer or does not take them.
    pub fn write(&mut self, address: u8, bytes: &[u8]) -> Result<(), BusError> {
        self.registers.write(MSA, u32::from(address) << 1);
        for (at, &byte) in bytes.iter().enumerate() {
            self.registers.write(MDR, u32::from(byte));
            self.command(ends(at, bytes.len()))?;
        }
        Ok(())
    }

    /// Reads from the sensor at `address` until `bytes` are full.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn read(&mut self, address: u8, bytes: &mut [u8]) -> Result<(), BusError> {
        self.registers.write(MSA, u32::from(address) << 1 | RECEIVE);
        let count = bytes.len();
        for (at, byte) in bytes.iter_mut().enumerate() {
            // The last byte is not acknowledged: that is how the sensor knows that it is the last.
            let ack = if at + 1 == count { 0 } else { ACK };
            self.command(ends(at, count) | ack)?;
            *byte = self.registers.read(MDR).to_le_bytes()[0];
        }
        Ok(())
    }

    /// Has the controller do what `bits` say, to its end.
    fn command(&mut self, bits: u32) -> Result<(), BusError> {
        self.registers.write(MCS, RUN | bits);
        let status = self.wait()?;
        if status & ERROR == 0 {
            return Ok(());
        }
        if self.registers.read(MCS) & BUSBSY != 0 {
            self.registers.write(MCS, STOP);
            self.wait()?;
        }
        Err(BusError)
    }

    /// The status, once the controller has finished.
    fn wait(&self) -> Result<u32, BusError> {
        (0..STATUS_READS_MAX)
            .map(|_| self.registers.read(MCS))
            .find(|status| status & BUSY == 0)
            .ok_or(BusError)
    }
}

/// What goes before and behind byte `at` of `count`.
fn ends(at: usize, count: usize) -> u32 {
    let start = if at == 0 { START } else { 0 };
    let stop = if at + 1 == count { STOP } else { 0 };
    start | stop
}
