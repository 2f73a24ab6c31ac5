//! The UART of the LM3S6965, an ARM PL011.
//!
//! ```text
//! 0x000  DR    data: a read takes a byte out of the receive FIFO, a write puts one into the send FIFO
//! 0x018  FR    bit 4: nothing received, bit 5: no room to send
//! 0x024  IBRD  0x028  FBRD  core clock / (16 × baud): whole part, and 64ths
//! 0x02C  LCRH  bits 6:5 = 3: eight bits a byte, bit 4: FIFOs of 16 bytes
//! 0x030  CTL   bit 0: on, bit 8: sends, bit 9: receives
//! 0x038  IM    bit 4: receive FIFO filled, bit 5: send FIFO emptied, bit 6: received bytes lie there and no more come
//! 0x044  ICR   a one clears that interrupt
//! ```

use crate::register::Register;
use crate::uart::Fifo;

/// The registers, in their places.
#[repr(C)]
pub struct Registers {
    /// UARTDR.
    pub dr: Register,
    _rsr: [Register; 5],
    /// UARTFR.
    pub fr: Register,
    _reserved: [Register; 2],
    /// UARTIBRD.
    pub ibrd: Register,
    /// UARTFBRD.
    pub fbrd: Register,
    /// UARTLCRH.
    pub lcrh: Register,
    /// UARTCTL.
    pub ctl: Register,
    _ifls: Register,
    /// UARTIM.
    pub im: Register,
    _status: [Register; 2],
    /// UARTICR.
    pub icr: Register,
}

impl Registers {
    /// A UART in ordinary memory, for tests.
    pub const fn new() -> Self {
        Self {
            dr: Register::new(0),
            _rsr: [const { Register::new(0) }; 5],
            fr: Register::new(0),
            _reserved: [const { Register::new(0) }; 2],
            ibrd: Register::new(0),
            fbrd: Register::new(0),
            lcrh: Register::new(0),
            ctl: Register::new(0),
            _ifls: Register::new(0),
            im: Register::new(0),
            _status: [const { Register::new(0) }; 2],
            icr: Register::new(0),
        }
    }
}

impl Default for Registers {
    fn default() -> Self {
        Self::new()
    }
}

/// A UART that is on.
pub struct Pl011<'a> {
    registers: &'a Registers,
}

impl<'a> Pl011<'a> {
    /// Turns it on: eight bits, no parity, one stop bit, FIFOs, interrupts for what is received.
    pub fn start(registers: &'a Registers, clock_hz: u32, baud: u32) -> Self {
        let uart = Self { registers };
        todo!(
            "set up {:p} for {baud} baud at {clock_hz} Hz, and turn it on",
            uart.registers
        )
    }
}

impl Fifo for Pl011<'_> {
    fn read(&mut self) -> Option<u8> {
        todo!("the oldest byte of {:p}, if there is one", self.registers)
    }

    fn has_room(&mut self) -> bool {
        todo!("is there room in {:p}?", self.registers)
    }

    fn write(&mut self, byte: u8) {
        todo!("send {byte:#04x} through {:p}", self.registers)
    }

    fn interrupt_on_room(&mut self, enabled: bool) {
        todo!(
            "IM of {:p}, with the interrupt for room {enabled}",
            self.registers
        )
    }
}
