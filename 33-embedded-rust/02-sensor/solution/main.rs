//! The program: on the board it hands the processor to the library, on the host it only says so.
//!
//! Nobody edits this file. The library is called in two places:
//!
//! - after reset, [`sensor_solution::board::run`], with the instruction that sleeps until an interrupt comes
//! - at every SysTick interrupt, [`sensor_solution::clock::tick`]
#![cfg_attr(target_os = "none", no_std, no_main)]

#[cfg(target_os = "none")]
mod firmware {
    use cortex_m_rt::{entry, exception};
    use panic_halt as _;

    #[entry]
    fn main() -> ! {
        sensor_solution::board::run(cortex_m::asm::wfi)
    }

    #[exception]
    fn SysTick() {
        sensor_solution::clock::tick();
    }
}

/// The host has no board: the firmware is built with `--target thumbv7m-none-eabi`.
#[cfg(not(target_os = "none"))]
fn main() {
    println!(
        "sensor runs on the board: cargo build -p sensor-solution --profile firmware --target thumbv7m-none-eabi"
    );
}
