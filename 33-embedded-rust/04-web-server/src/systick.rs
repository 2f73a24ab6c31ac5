//! SysTick, the 24-bit timer inside every Cortex-M3 (ARMv7-M Architecture Reference Manual, B3.3).
//!
//! ```text
//! 0x0  CSR    bit 0 enable, bit 1 interrupt, bit 2 count core clock cycles
//! 0x4  RVR    the value loaded after zero: a period is RVR + 1 cycles
//! 0x8  CVR    the current value; any write clears it
//! ```

use crate::register::Registers;

const CSR: u32 = 0x0;
const RVR: u32 = 0x4;
const CVR: u32 = 0x8;

/// Raises the SysTick exception every `period` cycles of the core clock.
///
/// # Panics
/// When `period` is below 2 or above 2^24: a reload value of zero stops the counter.
pub fn start(systick: &impl Registers, period: u32) {
    assert!((2..=1 << 24).contains(&period), "a period has 2 to 2^24 cycles");
    systick.write(CSR, 0);
    systick.write(RVR, period - 1);
    systick.write(CVR, 0);
    systick.write(CSR, 0b111);
}
