//! A pin of a GPIO port of the LM3S6965, as the open-drain line that I2C wants.
//!
//! ```text
//! offset         register   one bit a pin
//! 0x000 - 0x3FC  DATA       address bits 9:2 are the mask of the pins that an access concerns
//! 0x400          DIR        1: output
//! 0x420          AFSEL      1: the pin belongs to another peripheral
//! 0x50C          ODR        1: an output drives low only
//! 0x510          PUR        1: weak pull-up
//! 0x51C          DEN        1: digital function
//! ```

use core::convert::Infallible;

use embedded_hal::digital::{ErrorType, InputPin, OutputPin};

use crate::register::Registers;

const DIR: u32 = 0x400;
const AFSEL: u32 = 0x420;
const ODR: u32 = 0x50C;
const PUR: u32 = 0x510;
const DEN: u32 = 0x51C;

/// Gives the pins in `mask` to their alternate function, and says how they drive. Other pins stay as they are.
pub fn alternate(port: &impl Registers, mask: u32, drive: Drive) {
    let open_drain = |bits| {
        if drive == Drive::OpenDrain {
            bits | mask
        } else {
            bits & !mask
        }
    };
    port.modify(ODR, open_drain);
    port.modify(PUR, open_drain);
    port.modify(AFSEL, |bits| bits | mask);
    port.modify(DEN, |bits| bits | mask);
}

/// How an output drives its pin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drive {
    /// High and low.
    PushPull,
    /// Low only, pulled up.
    OpenDrain,
}

/// An open-drain line, taken from its alternate function for as long as this lives.
pub struct OpenDrain<'a, R: Registers> {
    port: &'a R,
    /// The pin's bit.
    mask: u32,
}

impl<'a, R: Registers> OpenDrain<'a, R> {
    /// Takes pin number `pin` of a port, set up by [`alternate`]. The line is let go.
    ///
    /// # Panics
    /// When the port has no such pin.
    pub fn take(port: &'a R, pin: u8) -> Self {
        assert!(pin < 8, "a port has eight pins");
        let mask = 1 << pin;
        port.modify(DIR, |bits| bits & !mask);
        port.modify(AFSEL, |bits| bits & !mask);
        Self { port, mask }
    }

    /// The pin's own DATA address.
    fn level(&self) -> u32 {
        self.mask << 2
    }
}

impl<R: Registers> Drop for OpenDrain<'_, R> {
    fn drop(&mut self) {
        self.port.modify(AFSEL, |bits| bits | self.mask);
    }
}

impl<R: Registers> ErrorType for OpenDrain<'_, R> {
    type Error = Infallible;
}

impl<R: Registers> OutputPin for OpenDrain<'_, R> {
    /// Drives the line low.
    fn set_low(&mut self) -> Result<(), Infallible> {
        // An input's DATA cannot be written. With ODR the pin drives nothing until the second write.
        self.port.modify(DIR, |bits| bits | self.mask);
        self.port.write(self.level(), 0);
        Ok(())
    }

    /// Lets the line go: others may still hold it low.
    fn set_high(&mut self) -> Result<(), Infallible> {
        self.port.write(self.level(), self.mask);
        // An output reads what was written; an input reads the line.
        self.port.modify(DIR, |bits| bits & !self.mask);
        Ok(())
    }
}

impl<R: Registers> InputPin for OpenDrain<'_, R> {
    fn is_high(&mut self) -> Result<bool, Infallible> {
        Ok(self.port.read(self.level()) != 0)
    }

    fn is_low(&mut self) -> Result<bool, Infallible> {
        self.is_high().map(|high| !high)
    }
}
