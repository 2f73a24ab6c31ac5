//! The board: an LM3S6965 with the line at UART0.
//!
//! ```text
//! 0x400FE104  RCGC1    system control: bit 0 clocks UART0
//! 0x400FE108  RCGC2    bit 0 clocks port A, whose pins 0 and 1 are UART0's
//! 0x40004000  port A   AFSEL +0x420, DEN +0x51C
//! 0x4000C000  UART0    see [`pl011`], interrupt 5
//! 0x20007800  flash    34 KiB of RAM that stand in for it, see [`crate::flash`]
//! ```
//!
//! Here, and only here, numbers become references. Once the program runs, no interrupt is ever masked: what the handlers
//! and the main loop share are two queues and two words, each written by one side alone. At the start `singleton!` and
//! `Peripherals::take` mask them, for as long as it takes to set a flag.

use core::cell::UnsafeCell;
use core::sync::atomic::AtomicU32;

use cortex_m::interrupt::InterruptNumber;
use cortex_m::peripheral::syst::SystClkSource;

use crate::flash::{FLASH_SIZE, RamFlash};
use crate::frame::WIRE_MAX;
use crate::node::Node;
use crate::pl011::{self, Pl011};
use crate::register::Register;
use crate::uart::Handler;

/// The core clock after reset.
pub const CORE_CLOCK_HZ: u32 = 12_500_000;

/// The speed of the line: a byte, with its start and stop bit, takes 87 µs.
pub const BAUD: u32 = 115_200;

/// Ticks in a second.
pub const TICK_HZ: u32 = 1_000;

/// Places in each queue, one of which stays empty: 22 ms of the line, and a whole frame.
const QUEUE: usize = 256;

/// Pins 0 and 1 of port A.
const UART_PINS: u32 = 0b11;

/// Interrupts of the chip.
#[derive(Clone, Copy)]
enum Interrupt {
    Uart0 = 5,
}

// SAFETY: the number is the data sheet's, and there is no other.
unsafe impl InterruptNumber for Interrupt {
    fn number(self) -> u16 {
        self as u16
    }
}

/// What only the interrupt handler uses.
struct InterruptState(UnsafeCell<Option<Handler<'static, Pl011<'static>>>>);

// SAFETY: `run` fills it before it lets the interrupt come, and does not touch it again. After that `on_uart` alone
// does, and an interrupt does not interrupt itself.
unsafe impl Sync for InterruptState {}

static HANDLER: InterruptState = InterruptState(UnsafeCell::new(None));
static OVERFLOWED: AtomicU32 = AtomicU32::new(0);

/// The registers and the memory that this program uses.
struct Peripherals {
    rcgc1: &'static Register,
    rcgc2: &'static Register,
    port_a_afsel: &'static Register,
    port_a_den: &'static Register,
    uart: &'static pl011::Registers,
    flash: &'static mut [u8; FLASH_SIZE],
}

impl Peripherals {
    /// # Safety
    /// The processor is an LM3S6965, nothing else in the program uses these addresses, and this is called once.
    unsafe fn take() -> Self {
        // SAFETY: the data sheet puts registers of these layouts at these addresses, aligned and always mapped;
        // memory.x leaves the upper 34 KiB of RAM out of what the linker gives away; every bit pattern is valid.
        // The caller vouches for the rest.
        unsafe {
            Self {
                rcgc1: &*(0x400F_E104 as *const Register),
                rcgc2: &*(0x400F_E108 as *const Register),
                port_a_afsel: &*(0x4000_4420 as *const Register),
                port_a_den: &*(0x4000_451C as *const Register),
                uart: &*(0x4000_C000 as *const pl011::Registers),
                flash: &mut *(0x2000_7800 as *mut [u8; FLASH_SIZE]),
            }
        }
    }
}

/// Sets the board up and runs the device, until it starts anew. `wait_for_interrupt` sleeps until the next interrupt.
///
/// To be called once, on the board, after reset.
pub fn run(wait_for_interrupt: impl Fn()) -> ! {
    // SAFETY: `run` is called on the board, once, and never returns.
    let board = unsafe { Peripherals::take() };
    board.rcgc1.modify(|gates| gates | 1 << 0);
    board.rcgc2.modify(|gates| gates | 1 << 0);
    // A peripheral answers three cycles after its clock came on; the read back takes that long.
    board.rcgc2.read();
    board.port_a_afsel.modify(|pins| pins | UART_PINS);
    board.port_a_den.modify(|pins| pins | UART_PINS);

    start_ticks();
    let node = Node::start(RamFlash::new(board.flash));
    wait_for_interrupt();
    todo!(
        "two queues of {QUEUE} bytes; {:p} at {BAUD} baud; the handler in {:p}; its interrupt, {}; then bytes in, \
         frames of at most {WIRE_MAX} bytes out, and a restart when {} says so; {:?} lost",
        board.uart,
        &HANDLER,
        Interrupt::Uart0.number(),
        node.is_ok_and(|node| node.is_restart_due()),
        OVERFLOWED
    )
}

/// Makes SysTick interrupt once a tick.
fn start_ticks() {
    let mut systick = cortex_m::Peripherals::take().expect("run is called once").SYST;
    systick.set_clock_source(SystClkSource::Core);
    systick.set_reload(CORE_CLOCK_HZ / TICK_HZ - 1);
    systick.clear_current();
    systick.enable_interrupt();
    systick.enable_counter();
}

/// Serves the UART's interrupt.
pub fn on_uart() {
    // SAFETY: this is the handler, the only one to use the cell once the interrupt can come.
    if let Some(handler) = unsafe { &mut *HANDLER.0.get() } {
        handler.interrupt();
    }
}
