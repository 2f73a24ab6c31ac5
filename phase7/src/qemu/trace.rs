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

/// A change of a pin's level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// Emulated time since reset, in whole periods of the ruler, rounded down.
    pub at_us: u64,
    /// The new level.
    pub high: bool,
}

/// What a log says of one pin.
pub struct Pin<'a> {
    /// The port's path in the object tree.
    pub port: &'a str,
    /// Its line of the port.
    pub line: u8,
}

/// The trace events that [`edges`] reads, for QEMU's `-d`.
pub const EVENTS: &str = "trace:pl061_set_output,trace:nvic_set_irq_level";

/// The edges of `pin`. The ruler raises the exception `ruler` every `ruler_us` microseconds from reset on.
pub fn edges(log: &str, pin: &Pin, ruler: u32, ruler_us: u64) -> Vec<Edge> {
    // Level 0 is what the timer shows while the machine is reset; a tick raises the line, raised or not.
    let tick = format!("nvic_set_irq_level NVIC external irq {ruler} level set to 1");
    let output = format!("pl061_set_output {} setting output {} to ", pin.port, pin.line);
    let mut ticks = 0;
    let mut edges = Vec::new();
    for line in log.lines() {
        if line == tick {
            ticks += 1;
        } else if let Some(level) = line.strip_prefix(&output) {
            edges.push(Edge {
                at_us: ticks * ruler_us,
                high: level == "1",
            });
        }
    }
    edges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_lie_between_the_ticks_of_the_ruler() {
        let log = "\
            nvic_set_irq_level NVIC external irq 51 level set to 0\n\
            pl061_set_output /machine/unattached/device[13] setting output 0 to 1\n\
            nvic_set_irq_level NVIC external irq 51 level set to 1\n\
            nvic_set_irq_level NVIC external irq 34 level set to 1\n\
            pl061_set_output /machine/unattached/device[13] setting output 1 to 0\n\
            pl061_set_output /machine/unattached/device[1] setting output 0 to 0\n\
            nvic_set_irq_level NVIC external irq 51 level set to 1\n\
            pl061_set_output /machine/unattached/device[13] setting output 0 to 0\n";
        let pin = Pin {
            port: "/machine/unattached/device[13]",
            line: 0,
        };
        let expected = [
            Edge { at_us: 0, high: true },
            Edge {
                at_us: 200,
                high: false,
            },
        ];
        assert_eq!(edges(log, &pin, 51, 100), expected);
    }

    #[test]
    fn an_empty_log_has_no_edges() {
        assert_eq!(edges("", &Pin { port: "/p", line: 0 }, 51, 100), []);
    }
}
