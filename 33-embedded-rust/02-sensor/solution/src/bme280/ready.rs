//! Waits for the sensor: reads the status until a bit is clear, but not for ever. A part of the larger operations.

use super::{Fault, STATUS};
use crate::operation::{Operation, Step};

/// How often the status is read before the sensor is given up, and the time between two reads.
const STATUS_READS: u8 = 10;
const STATUS_PAUSE_US: u32 = 1_000;

/// Reads the status until a bit is clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ready {
    bit: u8,
    reads: u8,
    /// Whether a read is due, and not a pause.
    read_next: bool,
}

impl Ready {
    pub(super) fn new(bit: u8) -> Self {
        Self {
            bit,
            reads: 0,
            read_next: true,
        }
    }
}

impl Operation for Ready {
    type Output = ();
    type Fault = Fault;

    fn step(&mut self, received: &[u8]) -> Result<Step<()>, Fault> {
        match received {
            [status] if status & self.bit == 0 => return Ok(Step::Done(())),
            [_] if self.reads == STATUS_READS => return Err(Fault::Busy),
            _ => {}
        }
        let read = self.read_next;
        self.read_next = !read;
        if !read {
            return Ok(Step::Wait { us: STATUS_PAUSE_US });
        }
        self.reads += 1;
        Ok(Step::Read {
            register: STATUS,
            len: 1,
        })
    }
}
