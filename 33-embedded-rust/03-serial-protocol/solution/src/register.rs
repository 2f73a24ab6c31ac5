//! One register of a peripheral: 32 bits that the hardware may change, and whose every access it may notice.
//!
//! The compiler may drop, merge or invent accesses to ordinary memory. A register takes none of that, so each
//! method here is made of volatile accesses: as many as are written, in the order in which they are written.

use core::cell::UnsafeCell;

/// A 32-bit register, laid out as a `u32`.
///
/// It is written through a shared reference, as the hardware on the other side does. It is not `Sync`: an
/// interrupt handler must not touch what the main loop is about to [`modify`](Self::modify).
#[repr(transparent)]
pub struct Register {
    /// The cell tells the compiler that the value changes behind a shared reference.
    value: UnsafeCell<u32>,
}

impl Register {
    /// A register in ordinary memory, for tests of code that drives registers.
    pub const fn new(value: u32) -> Self {
        Self {
            value: UnsafeCell::new(value),
        }
    }

    /// Reads it, once.
    pub fn read(&self) -> u32 {
        // SAFETY: the pointer comes from a live reference, so it is aligned and valid; the type is not `Sync`,
        // so no other thread of this program accesses the cell.
        unsafe { self.value.get().read_volatile() }
    }

    /// Writes it, once.
    pub fn write(&self, value: u32) {
        // SAFETY: as in `read`; nobody holds a reference into the cell, because none is ever handed out.
        unsafe { self.value.get().write_volatile(value) }
    }

    /// Reads it once and writes what `change` makes of the value, once.
    pub fn modify(&self, change: impl FnOnce(u32) -> u32) {
        self.write(change(self.read()));
    }
}
