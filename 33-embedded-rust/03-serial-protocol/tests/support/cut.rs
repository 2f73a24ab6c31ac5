//! A flash that obeys until its power is cut, and watches how it is used.
#![allow(dead_code, reason = "each test file uses a part of it")]

use embedded_storage::nor_flash::{ErrorType, NorFlash, NorFlashError, NorFlashErrorKind, ReadNorFlash};
use serial_protocol::flash::{FLASH_SIZE, PAGE, SLOT_SIZE, Slot, WORD};

/// A flash in memory.
#[derive(Clone)]
pub struct CutFlash {
    pub bytes: Vec<u8>,
    /// Words written and pages erased until the power goes.
    pub left: usize,
    /// Words written and pages erased so far.
    pub used: usize,
    /// The addresses of the pages that were erased.
    pub erased: Vec<u32>,
}

/// The power is off, or the flash was misused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failed;

impl NorFlashError for Failed {
    fn kind(&self) -> NorFlashErrorKind {
        NorFlashErrorKind::Other
    }
}

impl CutFlash {
    /// A flash as it comes from the factory: all ones.
    pub fn new() -> Self {
        Self {
            bytes: vec![0xFF; FLASH_SIZE],
            left: usize::MAX,
            used: 0,
            erased: Vec::new(),
        }
    }

    /// The same flash with its power back, for good.
    pub fn powered(mut self) -> Self {
        self.left = usize::MAX;
        self
    }

    /// What lies in `slot`.
    pub fn slot(&self, slot: Slot) -> &[u8] {
        &self.bytes[slot.base() as usize..][..SLOT_SIZE]
    }

    /// Uses up one step; the last one is done by half.
    fn step(&mut self) -> Result<bool, Failed> {
        if self.left == 0 {
            return Err(Failed);
        }
        self.left -= 1;
        self.used += 1;
        Ok(self.left == 0)
    }
}

impl ErrorType for CutFlash {
    type Error = Failed;
}

impl ReadNorFlash for CutFlash {
    const READ_SIZE: usize = 1;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), Failed> {
        let from = self
            .bytes
            .get(offset as usize..)
            .and_then(|rest| rest.get(..bytes.len()));
        bytes.copy_from_slice(from.ok_or(Failed)?);
        Ok(())
    }

    fn capacity(&self) -> usize {
        self.bytes.len()
    }
}

impl NorFlash for CutFlash {
    const WRITE_SIZE: usize = WORD;
    const ERASE_SIZE: usize = PAGE;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), Failed> {
        let page = PAGE as u32;
        assert!(
            from < to && from.is_multiple_of(page) && to.is_multiple_of(page) && to as usize <= FLASH_SIZE,
            "pages to erase: {from:#x} to {to:#x}"
        );
        for start in (from..to).step_by(PAGE) {
            let is_last = self.step()?;
            self.erased.push(start);
            let count = if is_last { PAGE / 2 } else { PAGE };
            self.bytes[start as usize..][..count].fill(0xFF);
            if is_last {
                return Err(Failed);
            }
        }
        Ok(())
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), Failed> {
        assert!(
            (offset as usize).is_multiple_of(WORD) && bytes.len().is_multiple_of(WORD),
            "{} bytes written at {offset:#x}: not whole words",
            bytes.len()
        );
        for (at, word) in (offset as usize..).step_by(WORD).zip(bytes.chunks(WORD)) {
            let is_last = self.step()?;
            let cells = &mut self.bytes[at..at + WORD];
            assert_eq!(
                cells, [0xFF; WORD],
                "the word at {at:#x} before it is written: not erased"
            );
            let count = if is_last { WORD / 2 } else { WORD };
            cells[..count].copy_from_slice(&word[..count]);
            if is_last {
                return Err(Failed);
            }
        }
        Ok(())
    }
}
