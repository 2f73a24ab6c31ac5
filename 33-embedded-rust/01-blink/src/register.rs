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
        todo!("read the word at {:p}, volatile", self.value.get())
    }

    /// Writes it, once.
    pub fn write(&self, value: u32) {
        todo!("write {value:#x} to {:p}, volatile", self.value.get())
    }

    /// Reads it once and writes what `change` makes of the value, once.
    pub fn modify(&self, change: impl FnOnce(u32) -> u32) {
        let changed = change(0);
        todo!("write what `change` makes of the value read, such as {changed:#x}")
    }
}
