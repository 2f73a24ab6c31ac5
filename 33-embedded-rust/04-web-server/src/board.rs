//! The board: an LM3S6965 with its Ethernet controller, a TMP105 on I2C0, and a light.
//!
//! ```text
//! 0x400FE104  RCGC1     clock gates: bit 12 I2C0
//! 0x400FE108  RCGC2     clock gates: bits 30 and 28 the Ethernet's two halves, bit 5 port F, bit 1 port B
//! 0x400FE1E0  USER0, 1  the Ethernet address, three bytes each, the first in the lowest bits
//! 0x40005000  port B    PB2: SCL of I2C0, PB3: its SDA
//! 0x40020000  I2C0      see [`crate::i2c`]
//! 0x40025000  port F    PF0: the light, PF2 and PF3: the Ethernet's own
//! 0x40048000  Ethernet  see [`crate::ethernet`], interrupt 42
//! 0xE000E010  SysTick   see [`crate::systick`]
//! ```

use core::cell::UnsafeCell;

use cortex_m::interrupt::InterruptNumber;

use crate::clock::Clock;
use crate::ethernet::{self, Mac};
use crate::i2c::Controller;
use crate::led::Led;
use crate::register::{Mmio, Registers};
use crate::sensor::{Sensor, Temperature};
use crate::server::{Identity, NO_SOCKETS, Server, Sockets, Storage};
use crate::site::{Hardware, Site};
use crate::systick;

/// The core clock after reset, which this program leaves alone.
pub const CORE_CLOCK_HZ: u32 = 12_500_000;

/// Ticks in a second.
pub const TICK_HZ: u32 = 1_000;

/// Where QEMU's user network expects its first guest, and where its gateway is.
const IP: [u8; 4] = [10, 0, 2, 15];
const PREFIX: u8 = 24;
const GATEWAY: [u8; 4] = [10, 0, 2, 2];

/// Offsets in the system control.
const RCGC1: u32 = 0x104;
const RCGC2: u32 = 0x108;
const USER0: u32 = 0x1E0;
const USER1: u32 = 0x1E4;

/// Offsets in a port: alternate function, open drain, pull-up, digital function.
const AFSEL: u32 = 0x420;
const ODR: u32 = 0x50C;
const PUR: u32 = 0x510;
const DEN: u32 = 0x51C;

/// Pins of port B.
const I2C_PINS: u32 = 1 << 2 | 1 << 3;
/// Pins of port F, which show link and traffic.
const ETHERNET_PINS: u32 = 1 << 2 | 1 << 3;

/// Where the Ethernet controller is.
const ETHERNET: usize = 0x4004_8000;

/// Interrupts of the chip.
#[derive(Clone, Copy)]
enum Interrupt {
    Ethernet = 42,
}

// SAFETY: the number is the data sheet's, and there is no other.
unsafe impl InterruptNumber for Interrupt {
    fn number(self) -> u16 {
        self as u16
    }
}

/// The server's memory, not on the stack.
struct Memory<T>(UnsafeCell<T>);

// SAFETY: `run` alone uses it, once; no interrupt handler knows of it.
unsafe impl<T> Sync for Memory<T> {}

static STORAGE: Memory<Storage> = Memory(UnsafeCell::new(Storage::new()));
static SOCKETS: Memory<Sockets<'static>> = Memory(UnsafeCell::new(NO_SOCKETS));

/// The peripherals that the board uses.
struct Peripherals {
    system: Mmio,
    port_b: Mmio,
    port_f: Mmio,
    i2c: Mmio,
    ethernet: Mmio,
    systick: Mmio,
}

impl Peripherals {
    /// # Safety
    /// The processor is an LM3S6965, and nothing else in the program uses these peripherals, but for [`on_ethernet`].
    unsafe fn new() -> Self {
        // SAFETY: the data sheet puts these peripherals at these addresses; the caller vouches for the rest.
        unsafe {
            Self {
                system: Mmio::new(0x400F_E000),
                port_b: Mmio::new(0x4000_5000),
                port_f: Mmio::new(0x4002_5000),
                i2c: Mmio::new(0x4002_0000),
                ethernet: Mmio::new(ETHERNET),
                systick: Mmio::new(0xE000_E010),
            }
        }
    }
}

/// The sensor and the light.
struct Parts {
    sensor: Sensor<Mmio>,
    led: Led<Mmio>,
}

impl Hardware for Parts {
    fn temperature(&mut self) -> Option<Temperature> {
        self.sensor.read().ok()
    }

    fn is_led_on(&mut self) -> bool {
        self.led.is_on()
    }

    fn set_led(&mut self, on: bool) {
        self.led.set(on);
    }
}

/// Sets the board up and serves, for ever. `wait_for_interrupt` sleeps until the next interrupt.
///
/// To be called once, on the board, after reset.
pub fn run(wait_for_interrupt: impl Fn()) -> ! {
    // SAFETY: `run` is called on the board and never returns, so the peripherals are taken once. What the interrupt
    // handler writes, IM, this side writes only while the handler cannot run.
    let board = unsafe { Peripherals::new() };
    board.system.modify(RCGC1, |gates| gates | 1 << 12);
    board
        .system
        .modify(RCGC2, |gates| gates | 1 << 30 | 1 << 28 | 1 << 5 | 1 << 1);
    // A peripheral answers three cycles after its clock came on; the read back takes that long.
    board.system.read(RCGC2);
    for register in [ODR, PUR, AFSEL, DEN] {
        board.port_b.modify(register, |pins| pins | I2C_PINS);
    }
    for register in [AFSEL, DEN] {
        board.port_f.modify(register, |pins| pins | ETHERNET_PINS);
    }
    systick::start(&board.systick, CORE_CLOCK_HZ / TICK_HZ);

    let ethernet = ethernet_address(&board.system);
    let site = Site::new(Parts {
        sensor: Sensor::new(Controller::new(board.i2c)),
        led: Led::new(board.port_f),
    });
    let identity = Identity {
        ethernet,
        ip: IP,
        prefix: PREFIX,
        gateway: GATEWAY,
        // The chip has no source of randomness. The address differs from board to board, at least.
        seed: u64::from_le_bytes([
            ethernet[3],
            ethernet[4],
            ethernet[5],
            0x5A,
            0xC3,
            0x17,
            0x96,
            0xE1,
        ]),
    };
    // SAFETY: `run` is called once, so these are the only references that are ever made.
    let (storage, sockets) = unsafe { (&mut *STORAGE.0.get(), &mut *SOCKETS.0.get()) };
    let server = Server::new(
        storage,
        sockets,
        Mac::start(board.ethernet, ethernet),
        site,
        identity,
    );
    let clock = Clock::new();
    wait_for_interrupt();
    todo!(
        "enable interrupt {}; then poll {:p} when it is due by {clock:?}, and sleep in between",
        Interrupt::Ethernet.number(),
        &server
    )
}

/// The address that the maker has left in the chip.
fn ethernet_address(system: &Mmio) -> [u8; 6] {
    todo!(
        "the address in USER0, {:#x}, and USER1, {:#x}",
        system.read(USER0),
        system.read(USER1)
    )
}

/// Serves the Ethernet controller's interrupt, whose only task is to wake the processor.
pub fn on_ethernet() {
    // SAFETY: the data sheet puts the controller there. The handler writes IM alone, which the main loop writes only
    // while interrupts are masked.
    let ethernet = unsafe { Mmio::new(ETHERNET) };
    ethernet::mask(&ethernet);
}
