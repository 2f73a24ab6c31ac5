//! The light of the board, at pin 0 of port F.
//!
//! ```text
//! offset         register   one bit a pin
//! 0x000 - 0x3FC  DATA       address bits 9:2 are the mask of the pins that an access concerns
//! 0x400          DIR        1: output
//! 0x51C          DEN        1: digital function
//! ```

use crate::register::Registers;

const DIR: u32 = 0x400;
const DEN: u32 = 0x51C;

/// The pin's bit.
const PIN: u32 = 1 << 0;
/// DATA, for this pin alone: nobody else's pin is read or written.
const DATA: u32 = PIN << 2;

/// The light. A high pin lights it.
pub struct Led<R> {
    port: R,
}

impl<R: Registers> Led<R> {
    /// Takes the pin as an output, dark.
    pub fn new(port: R) -> Self {
        port.write(DATA, 0);
        port.modify(DIR, |pins| pins | PIN);
        port.modify(DEN, |pins| pins | PIN);
        Self { port }
    }

    /// Whether it is lit.
    pub fn is_on(&self) -> bool {
        self.port.read(DATA) != 0
    }

    /// Lights it, or puts it out.
    pub fn set(&mut self, on: bool) {
        self.port.write(DATA, if on { PIN } else { 0 });
    }
}
