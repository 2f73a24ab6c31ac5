//! SysTick, the 24-bit timer inside every Cortex-M3 (ARMv7-M Architecture Reference Manual, B3.3).
//!
//! ```text
//! 0xE000E010  CSR    bit 0 enable, bit 1 interrupt, bit 2 count core clock cycles
//! 0xE000E014  RVR    the value loaded after zero: a period is RVR + 1 cycles
//! 0xE000E018  CVR    the current value; any write clears it
//! 0xE000E01C  CALIB  what the chip's maker says about 10 ms
//! ```

use crate::register::Register;

/// The longest period, in cycles: the counter has 24 bits.
pub const PERIOD_MAX: u32 = 1 << 24;

/// CSR: the counter runs.
const ENABLE: u32 = 1 << 0;
/// CSR: counting to zero raises the SysTick exception.
const TICKINT: u32 = 1 << 1;
/// CSR: the source is the core clock.
const CLKSOURCE: u32 = 1 << 2;

/// The registers of SysTick, in their places.
#[repr(C)]
pub struct Registers {
    /// SYST_CSR: control and status.
    pub csr: Register,
    /// SYST_RVR: the reload value.
    pub rvr: Register,
    /// SYST_CVR: the current value.
    pub cvr: Register,
    /// SYST_CALIB: calibration, read only.
    pub calib: Register,
}

impl Registers {
    /// A SysTick in ordinary memory, for tests. Its current value is not zero, as it is not after reset.
    pub const fn new() -> Self {
        Self {
            csr: Register::new(0),
            rvr: Register::new(0),
            cvr: Register::new(0xABCDEF),
            calib: Register::new(0),
        }
    }
}

impl Default for Registers {
    fn default() -> Self {
        Self::new()
    }
}

/// Raises the SysTick exception every `period` cycles of the core clock.
///
/// # Panics
/// When `period` is below 2 or above [`PERIOD_MAX`]: a reload value of zero stops the counter.
pub fn start(systick: &Registers, period: u32) {
    assert!(
        (2..=PERIOD_MAX).contains(&period),
        "a period has 2 to 2^24 cycles"
    );
    // Off while it is set up: RVR and CVR are unknown after reset, and the first period shall be whole.
    systick.csr.write(0);
    systick.rvr.write(period - 1);
    systick.cvr.write(0);
    systick.csr.write(CLKSOURCE | TICKINT | ENABLE);
}
