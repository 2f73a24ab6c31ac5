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

/// FR: the receive FIFO is empty.
const RXFE: u32 = 1 << 4;
/// FR: the send FIFO is full.
const TXFF: u32 = 1 << 5;
/// LCRH: eight bits, FIFOs on.
const EIGHT_BITS_FIFO: u32 = 0b11 << 5 | 1 << 4;
/// CTL: on, both ways.
const ENABLE: u32 = 1 << 0 | 1 << 8 | 1 << 9;
/// IM, ICR: bytes were received.
const RX: u32 = 1 << 4;
/// IM, ICR: there is room to send.
const TX: u32 = 1 << 5;
/// IM, ICR: received bytes wait, fewer than raise `RX`. Without it the end of a frame stays in the FIFO.
const RX_TIMEOUT: u32 = 1 << 6;

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
        // In 64ths, rounded to the nearest. 64 / 16 is 4.
        let divisor = (8 * clock_hz / baud).div_ceil(2);
        registers.ctl.write(0);
        registers.ibrd.write(divisor / 64);
        registers.fbrd.write(divisor % 64);
        // After the divisors, which the write to LCRH takes over.
        registers.lcrh.write(EIGHT_BITS_FIFO);
        registers.im.write(RX | RX_TIMEOUT);
        registers.ctl.write(ENABLE);
        Self { registers }
    }
}

impl Fifo for Pl011<'_> {
    fn read(&mut self) -> Option<u8> {
        (self.registers.fr.read() & RXFE == 0).then(|| self.registers.dr.read() as u8)
    }

    fn has_room(&mut self) -> bool {
        self.registers.fr.read() & TXFF == 0
    }

    fn write(&mut self, byte: u8) {
        self.registers.dr.write(u32::from(byte));
    }

    fn interrupt_on_room(&mut self, enabled: bool) {
        let wanted = if enabled {
            RX | RX_TIMEOUT | TX
        } else {
            RX | RX_TIMEOUT
        };
        self.registers.im.write(wanted);
    }
}
