//! Frees an I2C bus whose data line hangs (NXP UM10204, 3.1.16).
//!
//! A sensor that loses count, because the controller was reset in the middle of a byte, holds SDA low and waits for
//! clocks. So it gets clocks, until it lets go: nine are enough for a byte and its acknowledge. A STOP then ends
//! whatever it thought it was doing.
//!
//! ```text
//! SCL  ‾‾‾|_|‾|_|‾|_|‾  …  ‾|__|‾‾‾‾‾     each level for half a period
//! SDA  _________________|‾‾‾‾‾|__|‾‾‾     the sensor lets go, then START's opposite: SDA rises while SCL is high
//! ```
//!
//! Both lines are open drain: low is driven, high is let go, and what is let go may still be low.

use embedded_hal::delay::DelayNs;
use embedded_hal::digital::{InputPin, OutputPin};

/// A byte and its acknowledge.
pub const CLOCKS_MAX: u8 = 9;

/// Half a period of 100 kHz, in nanoseconds.
pub const HALF_PERIOD_NS: u32 = 5_000;

/// Why the bus is not free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error<C, D> {
    /// SCL stays low though nobody here drives it: a short circuit, or a sensor that stretches without an end.
    ClockStuck,
    /// SDA stays low after nine clocks.
    DataStuck,
    /// The pin of SCL failed.
    Clock(C),
    /// The pin of SDA failed.
    Data(D),
}

/// Clocks until SDA is high, at most nine times, and sends a STOP. How many clocks it took.
///
/// Both lines are let go at the end, in every case but that a pin fails.
///
/// # Errors
/// When a line stays low, and what a pin reports.
pub fn recover<C: InputPin + OutputPin, D: InputPin + OutputPin>(
    scl: &mut C,
    sda: &mut D,
    delay: &mut impl DelayNs,
) -> Result<u8, Error<C::Error, D::Error>> {
    sda.set_high().map_err(Error::Data)?;
    scl.set_high().map_err(Error::Clock)?;
    delay.delay_ns(HALF_PERIOD_NS);
    todo!("up to {CLOCKS_MAX} clocks while SDA is low, then a STOP")
}
