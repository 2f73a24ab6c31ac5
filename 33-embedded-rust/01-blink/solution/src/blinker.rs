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

use embedded_hal::digital::{OutputPin, PinState};

/// Blinks the light on an output pin. High is lit.
pub struct Blinker<P> {
    led: P,
    /// The level that was last written to the pin with success.
    lit: bool,
    /// What runs at the moment; absent while the light is to stay dark.
    blink: Option<Blink>,
}

/// A blink that runs.
#[derive(Clone, Copy)]
struct Blink {
    /// The tick of the newest edge that the pin shows, on the grid.
    edge: u32,
    /// Ticks between two edges.
    half_period: NonZeroU32,
}

impl<P: OutputPin> Blinker<P> {
    /// A blinker that stands still. The pin's level is unknown, so it is written: dark.
    ///
    /// # Errors
    /// What the pin reports.
    pub fn new(mut led: P) -> Result<Self, P::Error> {
        led.set_low()?;
        Ok(Self {
            led,
            lit: false,
            blink: None,
        })
    }

    /// Begins to blink: lit at `now`, and an edge every `half_period` ticks after it.
    ///
    /// # Errors
    /// What the pin reports; the blinker then does what it did before.
    pub fn start(&mut self, now: u32, half_period: NonZeroU32) -> Result<(), P::Error> {
        self.show(true)?;
        self.blink = Some(Blink {
            edge: now,
            half_period,
        });
        Ok(())
    }

    /// Ends blinking: dark at once.
    ///
    /// # Errors
    /// What the pin reports; the blinker then does what it did before.
    pub fn stop(&mut self) -> Result<(), P::Error> {
        self.show(false)?;
        self.blink = None;
        Ok(())
    }

    /// Gives the pin the level that belongs to the tick `now`, and writes it only if that is a new one.
    ///
    /// To be called with success at least once in 2^32 − `half_period` ticks, and as often as edges shall be on time.
    ///
    /// # Errors
    /// What the pin reports; the next poll then tries again.
    pub fn poll(&mut self, now: u32) -> Result<(), P::Error> {
        let Some(blink) = self.blink else { return Ok(()) };
        let edges = now.wrapping_sub(blink.edge) / blink.half_period;
        self.show(self.lit ^ (edges % 2 == 1))?;
        // No overflow: edges × half period is at most the difference that it came from.
        let edge = blink.edge.wrapping_add(edges * blink.half_period.get());
        self.blink = Some(Blink { edge, ..blink });
        Ok(())
    }

    /// Gives the pin back as it is.
    pub fn release(self) -> P {
        self.led
    }

    /// Writes the level if it is not there yet. `lit` changes only when the pin has taken it.
    fn show(&mut self, lit: bool) -> Result<(), P::Error> {
        if lit != self.lit {
            self.led.set_state(PinState::from(lit))?;
            self.lit = lit;
        }
        Ok(())
    }
}
