//! The application: each press of the button changes how the light blinks.
//!
//! ```text
//!        press          press         press
//! Slow ────────▶ Fast ────────▶ Off ────────▶ Slow
//! 1 Hz           5 Hz           dark
//! ```

use core::num::NonZeroU32;

use embedded_hal::digital::{InputPin, OutputPin};

use crate::blinker::Blinker;
use crate::debounce::{Debouncer, Event};

/// Ticks in a second: the logic counts milliseconds.
pub const TICK_HZ: u32 = 1_000;

/// Ticks for which the button must hold still.
pub const DEBOUNCE_TICKS: u32 = 20;

/// What the light does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// One blink a second: an edge every 500 ms.
    Slow,
    /// Five blinks a second: an edge every 100 ms.
    Fast,
    /// Dark.
    Off,
}

impl Mode {
    /// The mode that a press leads to.
    pub fn next(self) -> Self {
        match self {
            Self::Slow => Self::Fast,
            Self::Fast => Self::Off,
            Self::Off => Self::Slow,
        }
    }

    /// Ticks between two edges; none in the dark.
    pub fn half_period(self) -> Option<NonZeroU32> {
        const SLOW: NonZeroU32 = NonZeroU32::new(TICK_HZ / 2).expect("a constant above zero");
        const FAST: NonZeroU32 = NonZeroU32::new(TICK_HZ / 10).expect("a constant above zero");
        match self {
            Self::Slow => Some(SLOW),
            Self::Fast => Some(FAST),
            Self::Off => None,
        }
    }
}

/// Which pin failed, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error<L, B> {
    /// The light's pin.
    Led(L),
    /// The button's pin.
    Button(B),
}

/// The light, the button, and the mode between them.
pub struct App<L, B> {
    blinker: Blinker<L>,
    debouncer: Debouncer<B>,
    mode: Mode,
}

impl<L: OutputPin, B: InputPin> App<L, B> {
    /// Begins with [`Mode::Slow`], lit at tick `now`.
    ///
    /// # Errors
    /// What a pin reports.
    pub fn new(led: L, button: B, now: u32) -> Result<Self, Error<L::Error, B::Error>> {
        let blinker = Blinker::new(led).map_err(Error::Led)?;
        let debouncer = Debouncer::new(button, DEBOUNCE_TICKS);
        let mut app = Self {
            blinker,
            debouncer,
            mode: Mode::Slow,
        };
        app.enter(Mode::Slow, now).map_err(Error::Led)?;
        Ok(app)
    }

    /// Does what is due at tick `now`. To be called once a tick.
    ///
    /// # Errors
    /// What a pin reports. If it is the button, the light is left alone in this poll; if it is the light and the
    /// button was just pressed, that press is lost.
    pub fn poll(&mut self, now: u32) -> Result<(), Error<L::Error, B::Error>> {
        match self.debouncer.poll(now).map_err(Error::Button)? {
            Some(Event::Pressed) => self.enter(self.mode.next(), now).map_err(Error::Led),
            Some(Event::Released) | None => self.blinker.poll(now).map_err(Error::Led),
        }
    }

    /// What the light does at present.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Gives the pins back.
    pub fn release(self) -> (L, B) {
        (self.blinker.release(), self.debouncer.release())
    }

    fn enter(&mut self, mode: Mode, now: u32) -> Result<(), L::Error> {
        match mode.half_period() {
            Some(half_period) => self.blinker.start(now, half_period)?,
            None => self.blinker.stop()?,
        }
        self.mode = mode;
        Ok(())
    }
}
