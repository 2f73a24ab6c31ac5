//! The program: on the board the device's end of the line, on the host the other end.
//!
//! Nobody edits this file. On the board the library is called in three places:
//!
//! - after reset, [`serial_protocol_solution::board::run`], with the instruction that sleeps until an interrupt comes
//! - at every SysTick interrupt, [`serial_protocol_solution::clock::tick`]
//! - at every interrupt of UART0, [`serial_protocol_solution::board::on_uart`]
#![cfg_attr(target_os = "none", no_std, no_main)]

#[cfg(target_os = "none")]
mod firmware {
    use cortex_m_rt::{entry, exception};
    use panic_halt as _;

    #[entry]
    fn main() -> ! {
        serial_protocol_solution::board::run(cortex_m::asm::wfi)
    }

    #[exception]
    fn SysTick() {
        serial_protocol_solution::clock::tick();
    }

    /// Every interrupt that has no handler of its own. The program enables one, UART0's.
    #[exception]
    unsafe fn DefaultHandler(_number: i16) {
        serial_protocol_solution::board::on_uart();
    }
}

#[cfg(not(target_os = "none"))]
fn main() -> std::process::ExitCode {
    serial_protocol_solution::cli::main()
}
