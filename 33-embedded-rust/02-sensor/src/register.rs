//! The registers of a peripheral: 32-bit words that the hardware may change, and whose every access it may notice.
//!
//! A driver takes its peripheral as [`Registers`], so that a test can put a simulated one in its place: the I2C
//! controller's status changes by itself, which ordinary memory does not.

/// A block of 32-bit registers, named by their offsets in bytes.
pub trait Registers {
    /// Reads a register, once.
    fn read(&self, offset: u32) -> u32;

    /// Writes a register, once.
    fn write(&self, offset: u32, value: u32);

    /// Reads a register once and writes what `change` makes of it, once.
    fn modify(&self, offset: u32, change: impl FnOnce(u32) -> u32) {
        self.write(offset, change(self.read(offset)));
    }
}

/// Registers in the processor's address space.
///
/// Neither `Send` nor `Sync`: an interrupt handler must not touch what the main loop is about to modify.
pub struct Mmio {
    base: *mut u32,
}

impl Mmio {
    /// The block at `base`.
    ///
    /// # Safety
    /// A peripheral's registers lie at `base`, as far as the driver that takes this goes, and no other driver uses
    /// the registers that this one writes.
    pub const unsafe fn new(base: usize) -> Self {
        Self {
            base: core::ptr::without_provenance_mut(base),
        }
    }

    fn word(&self, offset: u32) -> *mut u32 {
        debug_assert!(offset.is_multiple_of(4), "registers are words");
        self.base.wrapping_byte_add(offset as usize)
    }
}

impl Registers for Mmio {
    fn read(&self, offset: u32) -> u32 {
        // SAFETY: `new`'s caller has vouched for a mapped, aligned register at this address; any bits are a `u32`.
        unsafe { self.word(offset).read_volatile() }
    }

    fn write(&self, offset: u32, value: u32) {
        // SAFETY: as in `read`; no reference to the register exists, because none is ever made.
        unsafe { self.word(offset).write_volatile(value) }
    }
}
