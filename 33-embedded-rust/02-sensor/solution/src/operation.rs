//! What a driver wants from its bus, one step at a time, without a bus: the sans-I/O core of every driver here.
//!
//! ```text
//!            step(received)
//!   shell ───────────────────▶ operation      the shell owns bus and delay, and waits or awaits
//!         ◀───────────────────                the operation owns the protocol, and never waits
//!           Write  Read  Wait  Done
//! ```
//!
//! A shell calls [`Operation::step`], does what the step says, and calls again, until it is told [`Step::Done`]. The
//! same operation runs under four shells: I2C and SPI, [blocking](crate::blocking) and
//! [async](crate::nonblocking).

/// The longest read of an operation, in bytes.
pub const READ_MAX: usize = 32;

/// Something that a sensor does in a few transactions.
pub trait Operation {
    /// What it leads to.
    type Output;
    /// What can be wrong with the sensor, as opposed to the bus.
    type Fault;

    /// The next step. `received` is what the step before has read; empty after any step but [`Step::Read`].
    ///
    /// Not called again after [`Step::Done`] or a fault.
    ///
    /// # Errors
    /// What is wrong with the sensor, in the operation's opinion of what it has read.
    fn step(&mut self, received: &[u8]) -> Result<Step<Self::Output>, Self::Fault>;
}

/// What a shell is to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<T> {
    /// Write to a register.
    Write(Frame),
    /// Read `len` bytes, at most [`READ_MAX`], beginning at `register`.
    Read {
        /// The first register.
        register: u8,
        /// How many bytes.
        len: usize,
    },
    /// Let at least this time pass.
    Wait {
        /// Microseconds.
        us: u32,
    },
    /// It is done.
    Done(T),
}

impl<T> Step<T> {
    /// The same step of an operation with another output; none when it is done. For an operation that is made of
    /// smaller ones.
    pub fn retyped<U>(self) -> Option<Step<U>> {
        match self {
            Self::Write(frame) => Some(Step::Write(frame)),
            Self::Read { register, len } => Some(Step::Read { register, len }),
            Self::Wait { us } => Some(Step::Wait { us }),
            Self::Done(_) => None,
        }
    }
}

/// A register's address and one or two bytes for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    bytes: [u8; 3],
    /// 2 or 3.
    len: u8,
}

impl Frame {
    /// One byte for `register`.
    pub const fn byte(register: u8, value: u8) -> Self {
        Self {
            bytes: [register, value, 0],
            len: 2,
        }
    }

    /// Two bytes for `register`, the high one first.
    pub const fn word(register: u8, value: u16) -> Self {
        let [high, low] = value.to_be_bytes();
        Self {
            bytes: [register, high, low],
            len: 3,
        }
    }

    /// The bytes, the register's address first.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }

    /// The register's address and the bytes for it.
    pub fn split(&self) -> (u8, &[u8]) {
        (self.bytes[0], &self.bytes()[1..])
    }
}
