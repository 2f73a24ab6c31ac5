//! UART0 of the LM3S6965 (an ARM PL011), to send text on.
//!
//! ```text
//! 0x000  DR      a byte written here is sent
//! 0x018  FR      5 TXFF: no room for another
//! 0x024  IBRD    the core clock over 16 times the baud rate: whole part
//! 0x028  FBRD    and sixty-fourths
//! 0x02C  LCRH    6:5 = 3: eight bits, 4: FIFOs on
//! 0x030  CTL     8 TXE, 0 UARTEN
//! ```

use core::fmt;

use crate::register::Registers;

const DR: u32 = 0x000;
const FR: u32 = 0x018;
const IBRD: u32 = 0x024;
const FBRD: u32 = 0x028;
const LCRH: u32 = 0x02C;
const CTL: u32 = 0x030;

/// FR: the FIFO is full.
const TXFF: u32 = 1 << 5;

/// Sends text.
pub struct Uart<R> {
    registers: R,
}

impl<R: Registers> Uart<R> {
    /// Eight bits, no parity, one stop bit, at `baud`.
    pub fn new(registers: R, core_clock_hz: u32, baud: u32) -> Self {
        // In sixty-fourths, rounded: clock * 64 / (16 * baud).
        let divisor = (core_clock_hz * 4 + baud / 2) / baud;
        registers.write(CTL, 0);
        registers.write(IBRD, divisor / 64);
        registers.write(FBRD, divisor % 64);
        registers.write(LCRH, 0b11 << 5 | 1 << 4);
        registers.write(CTL, 1 << 8 | 1 << 0);
        Self { registers }
    }
}

impl<R: Registers> fmt::Write for Uart<R> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            while self.registers.read(FR) & TXFF != 0 {}
            self.registers.write(DR, u32::from(byte));
        }
        Ok(())
    }
}
