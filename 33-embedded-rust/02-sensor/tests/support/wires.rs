//! The two lines of an I2C bus, open drain, with a sensor that hangs in the middle of a byte.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::cell::{Cell, RefCell};
use std::convert::Infallible;

use embedded_hal::delay::DelayNs;
use embedded_hal::digital::{ErrorType, InputPin, OutputPin};

/// The lines, and what has become of them.
pub struct Wires {
    /// Rising edges of SCL that the sensor waits for before it lets SDA go.
    holds: Cell<u32>,
    /// Whether something holds SCL low for ever.
    short: bool,
    /// What we drive low: SCL, SDA.
    driven: [Cell<bool>; 2],
    /// Each change of the lines and each wait: `c` and `C` are SCL falling and rising, `d` and `D` SDA, `.` a half
    /// period or more.
    trace: RefCell<String>,
    /// What the lines showed last.
    shown: [Cell<bool>; 2],
}

impl Wires {
    /// A sensor that lets SDA go after `holds` clocks.
    pub fn new(holds: u32, short: bool) -> Self {
        Self {
            holds: Cell::new(holds),
            short,
            driven: [Cell::new(false), Cell::new(false)],
            trace: RefCell::default(),
            shown: [Cell::new(!short), Cell::new(holds == 0)],
        }
    }

    /// The pin of SCL.
    pub fn scl(&self) -> Line<'_> {
        Line { wires: self, line: 0 }
    }

    /// The pin of SDA.
    pub fn sda(&self) -> Line<'_> {
        Line { wires: self, line: 1 }
    }

    /// What the lines have shown.
    pub fn trace(&self) -> String {
        self.trace.borrow().clone()
    }

    /// Whether neither line is driven.
    pub fn are_let_go(&self) -> bool {
        self.driven.iter().all(|driven| !driven.get())
    }

    fn level(&self, line: usize) -> bool {
        let held = if line == 0 {
            self.short
        } else {
            self.holds.get() > 0
        };
        !held && !self.driven[line].get()
    }

    /// Writes down what a change of a pin makes of the lines.
    fn look(&self) {
        let rises = self.level(0) && !self.shown[0].get();
        self.note(0, ['c', 'C']);
        if rises {
            self.holds.set(self.holds.get().saturating_sub(1));
        }
        self.note(1, ['d', 'D']);
    }

    fn note(&self, line: usize, [falls, rises]: [char; 2]) {
        let level = self.level(line);
        if self.shown[line].replace(level) != level {
            self.trace.borrow_mut().push(if level { rises } else { falls });
        }
    }
}

/// One of the lines, as a pin.
pub struct Line<'a> {
    wires: &'a Wires,
    line: usize,
}

impl ErrorType for Line<'_> {
    type Error = Infallible;
}

impl OutputPin for Line<'_> {
    fn set_low(&mut self) -> Result<(), Infallible> {
        self.wires.driven[self.line].set(true);
        self.wires.look();
        Ok(())
    }

    fn set_high(&mut self) -> Result<(), Infallible> {
        self.wires.driven[self.line].set(false);
        self.wires.look();
        Ok(())
    }
}

impl InputPin for Line<'_> {
    fn is_high(&mut self) -> Result<bool, Infallible> {
        Ok(self.wires.level(self.line))
    }

    fn is_low(&mut self) -> Result<bool, Infallible> {
        Ok(!self.wires.level(self.line))
    }
}

/// Time that passes between two changes of the lines.
pub struct HalfPeriods<'a>(pub &'a Wires);

impl DelayNs for HalfPeriods<'_> {
    fn delay_ns(&mut self, ns: u32) {
        if ns >= 5_000 {
            self.0.trace.borrow_mut().push('.');
        }
    }
}
