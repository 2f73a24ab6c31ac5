//! The board: an LM3S6965 with a light on PF0 and a button from PF1 to ground.
//!
//! ```text
//! 0x400FE108  RCGC2    system control: bit 5 clocks port F
//! 0x40025000  port F   see [`gpio`]
//! 0xE000E010  SysTick  see [`systick`]
//! ```
//!
//! Here, and only here, numbers become references to registers.

use crate::app::{App, TICK_HZ};
use crate::gpio::{self, Input, Output};
use crate::register::Register;
use crate::{clock, systick};

/// The core clock after reset, which this program leaves alone.
pub const CORE_CLOCK_HZ: u32 = 12_500_000;

/// Where the light is: pin 0 of port F.
pub const LED_PIN: u8 = 0;

/// Where the button is: pin 1 of port F.
pub const BUTTON_PIN: u8 = 1;

/// RCGC2: the clock of port F.
const RCGC2_GPIOF: u32 = 1 << 5;

/// The registers that this program uses.
struct Peripherals {
    rcgc2: &'static Register,
    port_f: &'static gpio::Registers,
    systick: &'static systick::Registers,
}

impl Peripherals {
    /// # Safety
    /// The processor is an LM3S6965, and nothing else in the program uses these registers.
    unsafe fn new() -> Self {
        // SAFETY: the data sheet puts registers of these layouts at these addresses, aligned and always mapped;
        // every bit pattern is a valid `u32`. The caller vouches for the rest.
        unsafe {
            Self {
                rcgc2: &*(0x400F_E108 as *const Register),
                port_f: &*(0x4002_5000 as *const gpio::Registers),
                systick: &*(0xE000_E010 as *const systick::Registers),
            }
        }
    }
}

/// Sets the board up and runs the application, for ever. `wait_for_interrupt` sleeps until the next interrupt.
///
/// To be called once, on the board, after reset.
pub fn run(wait_for_interrupt: impl Fn()) -> ! {
    // SAFETY: `run` is called on the board and never returns, so the registers are taken once.
    let board = unsafe { Peripherals::new() };
    board.rcgc2.modify(|gates| gates | RCGC2_GPIOF);
    // A port answers three cycles after its clock came on; the read back takes that long.
    board.rcgc2.read();
    let led = Output::new(board.port_f, LED_PIN);
    let button = Input::pulled_up(board.port_f, BUTTON_PIN);
    systick::start(board.systick, CORE_CLOCK_HZ / TICK_HZ);

    let Ok(mut app) = App::new(led, button, clock::now());
    loop {
        wait_for_interrupt();
        let Ok(()) = app.poll(clock::now());
    }
}
