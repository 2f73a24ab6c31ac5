//! Pins for tests on the host, beside those of embedded-hal-mock.

use std::cell::Cell;
use std::convert::Infallible;

use blink::debounce::{Debouncer, Event};
use embedded_hal::digital::{ErrorType, InputPin, OutputPin};
use embedded_hal_mock::eh1::digital::{Mock, State, Transaction};

/// An output pin that must be written exactly these levels, in this order: 1 is high.
pub fn expect_writes(levels: &[u8]) -> Mock {
    let state = |&level: &u8| if level == 1 { State::High } else { State::Low };
    Mock::new(
        &levels
            .iter()
            .map(|level| Transaction::set(state(level)))
            .collect::<Vec<_>>(),
    )
}

/// A pin whose level the test sets and sees.
pub struct Wire<'a>(pub &'a Cell<bool>);

impl ErrorType for Wire<'_> {
    type Error = Infallible;
}

impl InputPin for Wire<'_> {
    fn is_high(&mut self) -> Result<bool, Infallible> {
        Ok(self.0.get())
    }

    fn is_low(&mut self) -> Result<bool, Infallible> {
        Ok(!self.0.get())
    }
}

impl OutputPin for Wire<'_> {
    fn set_low(&mut self) -> Result<(), Infallible> {
        self.0.set(false);
        Ok(())
    }

    fn set_high(&mut self) -> Result<(), Infallible> {
        self.0.set(true);
        Ok(())
    }
}

/// Polls a debouncer once a tick from tick `from` on, one sample a character of `levels`: `_` is low. The events,
/// with their ticks counted from `from`.
pub fn debounce(window: u32, from: u32, levels: &str) -> Vec<(u32, Event)> {
    let level = Cell::new(true);
    let mut debouncer = Debouncer::new(Wire(&level), window);
    let mut events = Vec::new();
    for (tick, sample) in (0..).zip(levels.chars()) {
        level.set(sample != '_');
        let Ok(event) = debouncer.poll(from.wrapping_add(tick));
        events.extend(event.map(|event| (tick, event)));
    }
    events
}
