//! The program: on the board it hands the processor to the library, on the host it only says so.
//!
//! Nobody edits this file. The library is called in three places:
//!
//! - after reset, [`web_server::board::run`], with the instruction that sleeps until an interrupt comes
//! - at every SysTick interrupt, [`web_server::clock::tick`]
//! - at every interrupt of the Ethernet controller, [`web_server::board::on_ethernet`]
#![cfg_attr(target_os = "none", no_std, no_main)]

#[cfg(target_os = "none")]
mod firmware {
    use cortex_m_rt::{entry, exception};
    use panic_halt as _;

    #[entry]
    fn main() -> ! {
        web_server::board::run(cortex_m::asm::wfi)
    }

    #[exception]
    fn SysTick() {
        web_server::clock::tick();
    }

    /// Every interrupt that has no handler of its own. The program enables one, the Ethernet controller's.
    #[exception]
    unsafe fn DefaultHandler(_number: i16) {
        web_server::board::on_ethernet();
    }
}

/// The host has no board: the firmware is built with `--target thumbv7m-none-eabi`.
#[cfg(not(target_os = "none"))]
fn main() {
    println!(
        "web-server runs on the board: cargo build -p web-server --profile firmware --target thumbv7m-none-eabi"
    );
}
