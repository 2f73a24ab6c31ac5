//! A GPIO port of the LM3S6965 (an ARM PL061 with additions): eight pins, as embedded-hal pins.
//!
//! ```text
//! offset         register   one bit a pin
//! 0x000 - 0x3FC  DATA       256 addresses; address bits 9:2 are the mask of the pins that an access concerns
//! 0x400          DIR        1: output
//! 0x404 - 0x41C  IS … ICR   interrupts, not used here
//! 0x420          AFSEL      1: the pin belongs to another peripheral
//! 0x500 - 0x50C  DR2R … ODR drive strength, open drain
//! 0x510          PUR        1: weak pull-up
//! 0x514, 0x518   PDR, SLR   weak pull-down, slew rate
//! 0x51C          DEN        1: digital function
//! ```
//!
//! The mask in the address makes every pin its own register: a pin is set without reading the others first, so
//! there is no read-modify-write that an interrupt could fall into.

use core::convert::Infallible;

use embedded_hal::digital::{ErrorType, InputPin, OutputPin};

use crate::register::Register;

/// Pins of a port.
pub const PINS: u8 = 8;

/// The registers of one port, in their places.
#[repr(C)]
pub struct Registers {
    /// DATA: the levels of the pins whose bits are set in the index, which is the mask.
    pub data: [Register; 256],
    /// GPIODIR: 1 makes the pin an output.
    pub dir: Register,
    /// GPIOIS, IBE, IEV, IM, RIS, MIS, ICR: the interrupts of the port.
    pub interrupt: [Register; 7],
    /// GPIOAFSEL: 1 gives the pin to its alternate function.
    pub afsel: Register,
    _reserved: [Register; 55],
    /// GPIODR2R, DR4R, DR8R, ODR: how an output drives its pin.
    pub drive: [Register; 4],
    /// GPIOPUR: 1 pulls the pin up through a weak resistor.
    pub pur: Register,
    /// GPIOPDR: 1 pulls it down.
    pub pdr: Register,
    /// GPIOSLR: 1 limits the slew rate of an output with 8 mA drive.
    pub slr: Register,
    /// GPIODEN: 1 connects the pin's digital function; 0 leaves it floating.
    pub den: Register,
}

impl Registers {
    /// A port in ordinary memory with every bit clear, for tests.
    pub const fn new() -> Self {
        Self {
            data: [const { Register::new(0) }; 256],
            dir: Register::new(0),
            interrupt: [const { Register::new(0) }; 7],
            afsel: Register::new(0),
            _reserved: [const { Register::new(0) }; 55],
            drive: [const { Register::new(0) }; 4],
            pur: Register::new(0),
            pdr: Register::new(0),
            slr: Register::new(0),
            den: Register::new(0),
        }
    }

    /// The register through which exactly the pin with bit `mask` is read and written.
    fn level(&self, mask: u32) -> &Register {
        &self.data[mask as usize]
    }
}

impl Default for Registers {
    fn default() -> Self {
        Self::new()
    }
}

/// A pin that drives its level.
pub struct Output<'a> {
    port: &'a Registers,
    /// The pin's bit: one bit of the low eight.
    mask: u32,
}

/// A pin that is read, pulled up where nothing drives it.
pub struct Input<'a> {
    port: &'a Registers,
    /// The pin's bit: one bit of the low eight.
    mask: u32,
}

impl<'a> Output<'a> {
    /// Makes pin number `pin` a digital output, low. The other pins stay as they are.
    ///
    /// # Panics
    /// When the port has no such pin.
    pub fn new(port: &'a Registers, pin: u8) -> Self {
        let mask = bit(pin);
        port.afsel.modify(|bits| bits & !mask);
        port.dir.modify(|bits| bits | mask);
        port.den.modify(|bits| bits | mask);
        // After DIR: the port ignores what is written for an input.
        port.level(mask).write(0);
        Self { port, mask }
    }
}

impl<'a> Input<'a> {
    /// Makes pin number `pin` a digital input with its pull-up on. The other pins stay as they are.
    ///
    /// # Panics
    /// When the port has no such pin.
    pub fn pulled_up(port: &'a Registers, pin: u8) -> Self {
        let mask = bit(pin);
        port.afsel.modify(|bits| bits & !mask);
        port.dir.modify(|bits| bits & !mask);
        port.pur.modify(|bits| bits | mask);
        port.den.modify(|bits| bits | mask);
        Self { port, mask }
    }
}

/// The bit of pin number `pin`.
fn bit(pin: u8) -> u32 {
    assert!(pin < PINS, "a port has eight pins");
    1 << pin
}

impl ErrorType for Output<'_> {
    type Error = Infallible;
}

impl OutputPin for Output<'_> {
    fn set_low(&mut self) -> Result<(), Infallible> {
        self.port.level(self.mask).write(0);
        Ok(())
    }

    fn set_high(&mut self) -> Result<(), Infallible> {
        self.port.level(self.mask).write(self.mask);
        Ok(())
    }
}

impl ErrorType for Input<'_> {
    type Error = Infallible;
}

impl InputPin for Input<'_> {
    fn is_high(&mut self) -> Result<bool, Infallible> {
        Ok(self.port.level(self.mask).read() != 0)
    }

    fn is_low(&mut self) -> Result<bool, Infallible> {
        self.is_high().map(|high| !high)
    }
}
