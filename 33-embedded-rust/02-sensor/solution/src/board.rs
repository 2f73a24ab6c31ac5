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

use core::cell::RefCell;
use core::fmt::Write;

use embedded_hal::i2c::I2c;
use embedded_hal_bus::i2c::RefCellDevice;

use crate::app::{Channel, Report};
use crate::blocking::{Error, I2cSensor};
use crate::delay::Ticks;
use crate::gpio::{Drive, OpenDrain};
use crate::i2c::{Controller, Turnaround};
use crate::recovery::recover;
use crate::register::{Mmio, Registers};
use crate::retry::Retry;
use crate::temperature::Temperature;
use crate::tmp105::{Config, Faults, OneShot, Polarity, Resolution, Setup, Thermostat};
use crate::uart::Uart;
use crate::{clock, gpio, systick};

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

/// Pins of port B.
const SCL_PIN: u8 = 2;
const SDA_PIN: u8 = 3;

/// The peripherals that the board uses.
struct Peripherals {
    system: Mmio,
    port_a: Mmio,
    port_b: Mmio,
    uart: Mmio,
    i2c: Mmio,
    systick: Mmio,
}

/// Offsets in the system control.
const RCGC1: u32 = 0x104;
const RCGC2: u32 = 0x108;

impl Peripherals {
    /// # Safety
    /// The processor is an LM3S6965, and nothing else in the program uses these peripherals.
    unsafe fn new() -> Self {
        // SAFETY: the data sheet puts these peripherals at these addresses; the caller vouches for the rest.
        unsafe {
            Self {
                system: Mmio::new(0x400F_E000),
                port_a: Mmio::new(0x4000_4000),
                port_b: Mmio::new(0x4000_5000),
                uart: Mmio::new(0x4000_C000),
                i2c: Mmio::new(0x4002_0000),
                systick: Mmio::new(0xE000_E010),
            }
        }
    }
}

/// A sensor, what it has shown, and whether it has been set up.
struct Station<B, W> {
    address: u8,
    sensor: I2cSensor<B, Ticks<W>>,
    channel: Channel,
    is_set_up: bool,
}

impl<B: I2c, W: Fn()> Station<B, W> {
    /// Takes a sample; a report, when there are enough.
    fn sample(&mut self) -> Result<Option<Report>, B::Error> {
        let sampled = self.measure();
        match sampled {
            Ok(temperature) => Ok(self.channel.sample(temperature)),
            Err(Error::Bus(error)) => {
                // It may have been without power, and have forgotten everything.
                self.is_set_up = false;
                self.channel.miss();
                Err(error)
            }
        }
    }

    fn measure(&mut self) -> Result<Temperature, Error<B::Error, core::convert::Infallible>> {
        if !self.is_set_up {
            let [low, high] = LIMITS;
            self.sensor.run(Setup::new(low, high, CONFIG))?;
            self.is_set_up = true;
        }
        self.sensor.run(OneShot::new(CONFIG))
    }
}

/// Sets the board up and samples both sensors once a second, for ever. `wait_for_interrupt` sleeps until the next
/// interrupt.
///
/// To be called once, on the board, after reset.
pub fn run(wait_for_interrupt: impl Fn() + Copy) -> ! {
    // SAFETY: `run` is called on the board and never returns, so the peripherals are taken once.
    let board = unsafe { Peripherals::new() };
    board.system.write(RCGC1, 1 << 12 | 1 << 0);
    board.system.write(RCGC2, 1 << 1 | 1 << 0);
    // A peripheral answers three cycles after its clock came on; the read back takes that long.
    board.system.read(RCGC2);
    gpio::alternate(&board.port_a, 0b11, Drive::PushPull);
    gpio::alternate(&board.port_b, 1 << SCL_PIN | 1 << SDA_PIN, Drive::OpenDrain);
    systick::start(&board.systick, CORE_CLOCK_HZ / TICK_HZ);
    let delay = Ticks::new(wait_for_interrupt);
    let mut uart = Uart::new(board.uart, CORE_CLOCK_HZ, BAUD);
    // The emulated controller takes no START while it holds the bus; on the chip it would be `RepeatedStart`.
    let controller = Controller::new(board.i2c, CORE_CLOCK_HZ, SCL_HZ, Turnaround::StopStart);
    let bus = RefCell::new(controller);
    let mut stations = ADDRESSES.map(|address| Station {
        address,
        sensor: I2cSensor::new(RefCellDevice::new(&bus), delay, address, RETRY),
        channel: Channel::new(),
        is_set_up: false,
    });

    let mut due = clock::now();
    loop {
        for station in &mut stations {
            let address = station.address;
            // The UART cannot fail.
            let _ = match station.sample() {
                Ok(None) => Ok(()),
                Ok(Some(report)) => writeln!(uart, "{address:02x}: {report}"),
                Err(error) => {
                    let _ = write!(uart, "{address:02x}: {error}, ");
                    let said = free_the_bus(&board.port_b, delay, &mut uart);
                    // It has not seen what the pins did.
                    bus.borrow_mut().restart();
                    said
                }
            };
        }
        due = due.wrapping_add(PERIOD_TICKS);
        delay.sleep_until(due);
    }
}

/// Recovers the bus and says how that went.
fn free_the_bus(port_b: &Mmio, mut delay: Ticks<impl Fn()>, uart: &mut impl Write) -> core::fmt::Result {
    let mut scl = OpenDrain::take(port_b, SCL_PIN);
    let mut sda = OpenDrain::take(port_b, SDA_PIN);
    match recover(&mut scl, &mut sda, &mut delay) {
        Ok(clocks) => writeln!(uart, "bus free after {clocks}"),
        Err(_) => writeln!(uart, "bus stuck"),
    }
}
