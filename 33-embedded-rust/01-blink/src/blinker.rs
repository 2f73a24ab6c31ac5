//! A light that blinks on a grid of ticks.
//!
//! ```text
//! start(t0, h)    t0+h      t0+2h     t0+3h
//!   ┌─────────────┐         ┌─────────┐
//!   │     lit     │  dark   │   lit   │  dark …
//! ```
//!
//! Every edge is computed from the edge before it, never from the moment in which somebody looked: a poll that
//! comes late makes one edge late, and none of the later ones.

use core::num::NonZeroU32;

use embedded_hal::digital::OutputPin;

/// Blinks the light on an output pin. High is lit.
pub struct Blinker<P> {
    led: P,
}

impl<P: OutputPin> Blinker<P> {
    /// A blinker that stands still. The pin's level is unknown, so it is written: dark.
    ///
    /// # Errors
    /// What the pin reports.
    pub fn new(mut led: P) -> Result<Self, P::Error> {
        led.set_low()?;
        let blinker = Self { led };
        todo!(
            "what else does a blinker of {} bytes need to know?",
            size_of_val(&blinker)
        )
    }

    /// Begins to blink: lit at `now`, and an edge every `half_period` ticks after it.
    ///
    /// # Errors
    /// What the pin reports; the blinker then does what it did before.
    pub fn start(&mut self, now: u32, half_period: NonZeroU32) -> Result<(), P::Error> {
        todo!("light the LED at {now}; the next edge is due {half_period} ticks after it")
    }

    /// Ends blinking: dark at once.
    ///
    /// # Errors
    /// What the pin reports; the blinker then does what it did before.
    pub fn stop(&mut self) -> Result<(), P::Error> {
        todo!("darken the LED and stop")
    }

    /// Gives the pin the level that belongs to the tick `now`, and writes it only if that is a new one.
    ///
    /// To be called with success at least once in 2^32 − `half_period` ticks, and as often as edges shall be on time.
    ///
    /// # Errors
    /// What the pin reports; the next poll then tries again.
    pub fn poll(&mut self, now: u32) -> Result<(), P::Error> {
        todo!("how many edges came after the last one, up to {now}?")
    }

    /// Gives the pin back as it is.
    pub fn release(self) -> P {
        self.led
    }
}
