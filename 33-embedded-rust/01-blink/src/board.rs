//! The board: an LM3S6965 with a light on PF0 and a button from PF1 to ground.
//!
//! ```text
//! 0x400FE108  RCGC2    system control: bit 5 clocks port F
//! 0x40025000  port F   see [`crate::gpio`]
//! 0xE000E010  SysTick  see [`crate::systick`]
//! ```
//!
//! Here, and only here, numbers become references to registers.

use crate::app::TICK_HZ;

/// The core clock after reset, which this program leaves alone.
pub const CORE_CLOCK_HZ: u32 = 12_500_000;

/// Where the light is: pin 0 of port F.
pub const LED_PIN: u8 = 0;

/// Where the button is: pin 1 of port F.
pub const BUTTON_PIN: u8 = 1;

/// Sets the board up and runs the application, for ever. `wait_for_interrupt` sleeps until the next interrupt.
///
/// To be called once, on the board, after reset.
pub fn run(wait_for_interrupt: impl Fn()) -> ! {
    wait_for_interrupt();
    todo!(
        "clock port F, set up the pins and {TICK_HZ} ticks of {CORE_CLOCK_HZ} Hz, then poll and sleep in turn"
    )
}
