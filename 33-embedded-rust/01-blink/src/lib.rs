//! A blinker and a debounced button on a Cortex-M3, from the registers up.
//!
//! Two halves that meet in [`board`]:
//!
//! | logic: time and pins come in as arguments, runs anywhere | hardware: registers at addresses, runs on the board |
//! |---|---|
//! | [`blinker`]: a light on a grid of ticks | [`register`]: one volatile 32-bit register |
//! | [`debounce`]: a button without its bounces | [`gpio`]: eight pins of a port, as embedded-hal pins |
//! | [`app`]: a press of the button changes the light | [`systick`]: the timer behind the ticks |
//! | | [`clock`]: the ticks, counted |
#![no_std]

pub mod app;
pub mod blinker;
pub mod board;
pub mod clock;
pub mod debounce;
pub mod gpio;
pub mod register;
pub mod systick;
