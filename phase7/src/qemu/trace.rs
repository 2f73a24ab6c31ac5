//! The log of the machine's trace events, read as a logic analyser shows it: edges of pins with emulated times.
//!
//! QEMU writes each event from the thread that causes it, so the log has them in the order in which they happened.
//! It has no emulated times. A ruler puts them in: a timer of the board, which the firmware does not know of, ticks
//! with a known period, and each tick is a line between the edges:
//!
//! ```text
//! nvic_set_irq_level NVIC external irq 51 level set to 1                            tick
//! pl061_set_output /machine/unattached/device[13] setting output 0 to 1             edge, in the slot of that tick
//! nvic_set_irq_level NVIC external irq 51 level set to 1                            tick
//! ```

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::i2c::{Transfer, Transfers};

/// The trace events that [`Trace`] reads, for QEMU's `-d`.
pub const EVENTS: &str = "trace:pl061_set_output,trace:nvic_set_irq_level";

/// A change of a pin's level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// Emulated time since reset, in whole periods of the ruler, rounded down.
    pub at_us: u64,
    /// The new level.
    pub high: bool,
}

/// What the log has said so far.
pub struct Trace {
    log: File,
    /// The line of a tick.
    tick: String,
    /// Microseconds between two ticks.
    period_us: u64,
    /// Ticks so far.
    ticks: u64,
    /// The edges so far, each with its port's path in the object tree and its line of the port.
    edges: Vec<(String, u8, Edge)>,
    transfers: Transfers,
}

impl Trace {
    /// Reads the log at `path`. The ruler raises `exception` every `period_us` microseconds from reset on.
    ///
    /// # Errors
    /// When there is no such log.
    pub fn open(path: &Path, exception: u32, period_us: u64) -> io::Result<Self> {
        // Level 0 is what the timer shows while the machine is reset; a tick raises the line, raised or not.
        let tick = format!("nvic_set_irq_level NVIC external irq {exception} level set to 1");
        let log = File::open(path)?;
        Ok(Self {
            log,
            tick,
            period_us,
            ticks: 0,
            edges: Vec::new(),
            transfers: Transfers::default(),
        })
    }

    /// Reads what was written since the last time. To be called while the machine stands still: the log then ends
    /// with a whole line.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn catch_up(&mut self) -> io::Result<()> {
        let mut text = String::new();
        self.log.read_to_string(&mut text)?;
        for line in text.lines() {
            if line == self.tick {
                self.ticks += 1;
            } else if let Some((port, pin, high)) = parse_output(line) {
                let at_us = self.time_us();
                self.edges.push((port.to_owned(), pin, Edge { at_us, high }));
            } else {
                self.transfers.line(line);
            }
        }
        Ok(())
    }

    /// Emulated time since reset, in whole periods of the ruler, rounded down.
    pub fn time_us(&self) -> u64 {
        self.ticks * self.period_us
    }

    /// The edges of one pin, oldest first.
    pub fn edges(&self, port: &str, pin: u8) -> Vec<Edge> {
        let of_pin = self
            .edges
            .iter()
            .filter(|(at, line, _)| at == port && *line == pin);
        of_pin.map(|&(_, _, edge)| edge).collect()
    }

    /// What has gone over the I2C bus, oldest first.
    pub fn transfers(&self) -> &[Transfer] {
        self.transfers.all()
    }
}

/// The port, the pin and the new level, if the line reports one.
fn parse_output(line: &str) -> Option<(&str, u8, bool)> {
    let (port, rest) = line
        .strip_prefix("pl061_set_output ")?
        .split_once(" setting output ")?;
    let (pin, level) = rest.split_once(" to ")?;
    Some((port, pin.parse().ok()?, level == "1"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Scratch;

    const BEFORE: &str = "\
        nvic_set_irq_level NVIC external irq 51 level set to 0\n\
        pl061_set_output /machine/unattached/device[13] setting output 0 to 1\n\
        nvic_set_irq_level NVIC external irq 51 level set to 1\n";
    const BEHIND: &str = "\
        nvic_set_irq_level NVIC external irq 34 level set to 1\n\
        pl061_set_output /machine/unattached/device[13] setting output 1 to 0\n\
        pl061_set_output /machine/unattached/device[1] setting output 0 to 0\n\
        nvic_set_irq_level NVIC external irq 51 level set to 1\n\
        pl061_set_output /machine/unattached/device[13] setting output 0 to 0\n";

    #[test]
    fn edges_lie_between_the_ticks_of_the_ruler() {
        let scratch = Scratch::new();
        let path = scratch.write("log", BEFORE);
        let mut trace = Trace::open(&path, 51, 100).expect("it was just written");
        trace.catch_up().expect("it is readable");
        assert_eq!(trace.time_us(), 100);
        scratch.write("log", format!("{BEFORE}{BEHIND}"));
        trace.catch_up().expect("it is readable");
        assert_eq!(trace.time_us(), 200);
        let expected = [(0, true), (200, false)].map(|(at_us, high)| Edge { at_us, high });
        assert_eq!(trace.edges("/machine/unattached/device[13]", 0), expected);
    }

    #[test]
    fn lines_that_report_no_output_are_left_aside() {
        assert_eq!(
            parse_output("pl061_set_output /p setting output 7 to 1"),
            Some(("/p", 7, true))
        );
        assert_eq!(parse_output("pl061_set_output /p setting output x to 1"), None);
        assert_eq!(parse_output("qemu: warning"), None);
    }
}
