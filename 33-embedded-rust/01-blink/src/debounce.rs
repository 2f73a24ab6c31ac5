//! A button without its bounces.
//!
//! A contact that closes or opens bounces: for some milliseconds its level goes to and fro. A new level counts
//! once every sample of a whole window has shown it:
//!
//! ```text
//! pin    ‾‾‾‾|_|‾|__|‾|_______________________________|‾|_|‾‾‾‾‾‾‾‾‾‾‾‾‾‾
//!                     ├─ window ─┤                        ├─ window ─┤
//! event                          Pressed                             Released
//! ```

use embedded_hal::digital::InputPin;

/// What became of the button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// It was released and is now pressed.
    Pressed,
    /// It was pressed and is now released.
    Released,
}

/// Watches a button that pulls its pin low while it is pressed.
pub struct Debouncer<P> {
    button: P,
}

impl<P: InputPin> Debouncer<P> {
    /// Watches `button`, which counts as released until a window has shown it pressed.
    pub fn new(button: P, window: u32) -> Self {
        let debouncer = Self { button };
        todo!(
            "{window} ticks: what must {} bytes know besides?",
            size_of_val(&debouncer)
        )
    }

    /// Samples the pin once, at tick `now`; the event, if the button has just changed.
    ///
    /// To be called with success at least once in 2^32 − `window` ticks, and as often as events shall be on time.
    ///
    /// # Errors
    /// What the pin reports; the poll then counts as none.
    pub fn poll(&mut self, now: u32) -> Result<Option<Event>, P::Error> {
        todo!("sample the button at {now}")
    }

    /// Whether the button counts as pressed.
    pub fn is_pressed(&self) -> bool {
        todo!("the state that the events so far have led to")
    }

    /// Gives the pin back.
    pub fn release(self) -> P {
        self.button
    }
}
