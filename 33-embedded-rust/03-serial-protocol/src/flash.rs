//! The flash: how it is divided, and one that lives in RAM.
//!
//! ```text
//! 0x0000  boot record, first page     0x0800  slot A, 16 KiB
//! 0x0400  boot record, second page    0x4800  slot B, 16 KiB      0x8800  end
//! ```
//!
//! Flash is not memory: a page is erased as a whole, to ones, and writing only makes zeros of ones. The emulated board
//! has no flash that can be written, so [`RamFlash`] stands in for it, with the same restrictions. It keeps what it
//! holds over a restart, because a restart leaves RAM alone, and loses it with the power.

use embedded_storage::nor_flash::{
    ErrorType, NorFlash, NorFlashError, NorFlashErrorKind, ReadNorFlash, check_erase, check_read, check_write,
};
use serde_no_std::{Deserialize, Serialize};

/// Bytes that are erased at once.
pub const PAGE: usize = 1024;

/// Bytes that are written at once.
pub const WORD: usize = 4;

/// Bytes of an image, at most.
pub const SLOT_SIZE: usize = 16 * PAGE;

/// Bytes of the whole flash.
pub const FLASH_SIZE: usize = 2 * PAGE + 2 * SLOT_SIZE;

/// Where an image lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "serde_no_std")]
pub enum Slot {
    /// The first.
    A,
    /// The second.
    B,
}

impl Slot {
    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }

    /// The address of its first byte.
    pub fn base(self) -> u32 {
        (2 * PAGE + self as usize * SLOT_SIZE) as u32
    }
}

/// Why the flash does not obey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlashError {
    /// The address or the length does not suit.
    Misuse(NorFlashErrorKind),
    /// A zero was to become a one: that takes an erase.
    NotErased,
}

impl NorFlashError for FlashError {
    fn kind(&self) -> NorFlashErrorKind {
        match self {
            Self::Misuse(kind) => *kind,
            Self::NotErased => NorFlashErrorKind::Other,
        }
    }
}

/// A flash in ordinary memory, of whole pages.
pub struct RamFlash<'a> {
    bytes: &'a mut [u8],
}

impl<'a> RamFlash<'a> {
    /// A flash that holds what `bytes` hold.
    pub fn new(bytes: &'a mut [u8]) -> Self {
        Self { bytes }
    }
}

impl ErrorType for RamFlash<'_> {
    type Error = FlashError;
}

impl ReadNorFlash for RamFlash<'_> {
    const READ_SIZE: usize = 1;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), FlashError> {
        check_read(self, offset, bytes.len()).map_err(FlashError::Misuse)?;
        bytes.copy_from_slice(&self.bytes[offset as usize..][..bytes.len()]);
        Ok(())
    }

    fn capacity(&self) -> usize {
        self.bytes.len()
    }
}

impl NorFlash for RamFlash<'_> {
    const WRITE_SIZE: usize = WORD;
    const ERASE_SIZE: usize = PAGE;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), FlashError> {
        check_erase(self, from, to).map_err(FlashError::Misuse)?;
        self.bytes[from as usize..to as usize].fill(0xFF);
        Ok(())
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), FlashError> {
        check_write(self, offset, bytes.len()).map_err(FlashError::Misuse)?;
        let cells = &mut self.bytes[offset as usize..][..bytes.len()];
        if cells.iter().zip(bytes).any(|(cell, byte)| byte & !cell != 0) {
            return Err(FlashError::NotErased);
        }
        cells.copy_from_slice(bytes);
        Ok(())
    }
}
