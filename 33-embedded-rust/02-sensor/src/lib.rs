//! Temperature, pressure and humidity over I2C and SPI: drivers, and firmware that uses them.
//!
//! ```text
//!   what to say (no bus, no clock)      how to say it                       the board
//!   operation   one step at a time      blocking     embedded-hal           i2c       the controller
//!    ├ tmp105   registers, one-shot     nonblocking  embedded-hal-async     recovery  a bus that hangs
//!    └ bme280   calibration, formulas   retry        how often, after what  gpio uart delay clock systick
//!   temperature  sixteenths, printed    app          samples become lines   board     joins them
//!   filter       mean, exponential
//! ```
#![no_std]

pub mod operation;
pub mod temperature;

pub mod tmp105;

pub mod bme280;

pub mod filter;
pub mod retry;

pub mod blocking;
pub mod nonblocking;

pub mod i2c;
pub mod recovery;
pub mod register;

pub mod clock;
pub mod delay;
pub mod gpio;
pub mod systick;
pub mod uart;

pub mod app;
pub mod board;
