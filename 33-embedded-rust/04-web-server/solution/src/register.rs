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

/// The address space of a peripheral.
pub const BLOCK_BYTES: u32 = 0x1000;

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
    /// `base` is a multiple of four; from there on [`BLOCK_BYTES`] are registers, or reserved and harmless to access;
    /// and no other driver uses the registers that this one writes.
    pub const unsafe fn new(base: usize) -> Self {
        // A cast, which says that the memory belongs to somebody outside the program.
        Self {
            base: base as *mut u32,
        }
    }

    fn word(&self, offset: u32) -> *mut u32 {
        assert!(
            offset.is_multiple_of(4) && offset < BLOCK_BYTES,
            "a register of the block"
        );
        self.base.wrapping_byte_add(offset as usize)
    }
}

impl Registers for Mmio {
    fn read(&self, offset: u32) -> u32 {
        // SAFETY: the address is aligned and in the block that the caller of `new` has vouched for; any bits are a `u32`.
        unsafe { self.word(offset).read_volatile() }
    }

    fn write(&self, offset: u32, value: u32) {
        // SAFETY: as in `read`; no reference to the register exists, because none is ever made.
        unsafe { self.word(offset).write_volatile(value) }
    }
}
