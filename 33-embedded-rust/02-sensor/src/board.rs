//! The board: an LM3S6965 with two TMP105 on I2C0 and a terminal on UART0.
//!
//! ```text
//! 0x400FE104  RCGC1    clock gates: bit 12 I2C0, bit 0 UART0
//! 0x400FE108  RCGC2    clock gates: bit 1 port B, bit 0 port A
//! 0x40004000  port A   PA0, PA1: UART0
//! 0x40005000  port B   PB2: SCL of I2C0, PB3: its SDA
//! 0x4000C000  UART0    see [`crate::uart`]
//! 0x40020000  I2C0     see [`crate::i2c`]
//! 0xE000E010  SysTick  see [`crate::systick`]
//! ```

use crate::retry::Retry;
use crate::temperature::Temperature;
use crate::tmp105::{Config, Faults, Polarity, Resolution, Thermostat};

/// The core clock after reset, which this program leaves alone.
pub const CORE_CLOCK_HZ: u32 = 12_500_000;

/// Ticks in a second.
pub const TICK_HZ: u32 = 1_000;

/// The clock of the bus, at most.
pub const SCL_HZ: u32 = 100_000;

/// The speed of the terminal.
pub const BAUD: u32 = 115_200;

/// The sensors' addresses.
pub const ADDRESSES: [u8; 2] = [0x48, 0x49];

/// Ticks from sample to sample.
pub const PERIOD_TICKS: u32 = 1_000;

/// A transaction is tried three times, after 2 and 4 ms.
pub const RETRY: Retry = Retry {
    attempts: 3,
    pause_us: 2_000,
};

/// The limits of the thermostat.
pub const LIMITS: [Temperature; 2] = [Temperature::degrees(25), Temperature::degrees(30)];

/// The sensors sleep until they are asked, and measure as finely as they can.
pub const CONFIG: Config = Config {
    shutdown: true,
    thermostat: Thermostat::Comparator,
    polarity: Polarity::ActiveLow,
    faults: Faults::One,
    resolution: Resolution::Sixteenth,
};

/// Sets the board up and samples both sensors once a second, for ever. `wait_for_interrupt` sleeps until the next
/// interrupt.
///
/// To be called once, on the board, after reset.
pub fn run(wait_for_interrupt: impl Fn() + Copy) -> ! {
    wait_for_interrupt();
    todo!(
        "clocks and pins, SysTick, UART and bus; then a sample of {ADDRESSES:02x?} every {PERIOD_TICKS} ticks"
    )
}
