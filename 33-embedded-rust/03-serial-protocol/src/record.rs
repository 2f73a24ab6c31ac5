//! The boot record: which image to start, kept so that no loss of power can lose it.
//!
//! ```text
//! 0   "P7BR"                       12  slot A: length, then CRC-32 of its image
//! 4   generation                   20  slot B: likewise
//! 8   confirmed slot, 0 or 1       28  CRC-32 of the 28 bytes before
//! 9   1: the other slot is on trial
//! 10  starts of that trial so far
//! 11  1: the last trial failed     all numbers with the low byte first
//! ```
//!
//! There are two pages for it, and generation `g` is written to page `g % 2`: the newest record is never the one that
//! is erased. Cut short, the new record fails its CRC, and the one before still holds.

use embedded_storage::nor_flash::NorFlash;

use crate::flash::Slot;

/// Bytes of a record.
pub const RECORD_SIZE: usize = 32;

/// An image in a slot; of length 0 where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Image {
    /// Bytes.
    pub length: u32,
    /// CRC-32 of them.
    pub crc: u32,
}

/// Which image to start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record {
    /// Higher than that of the record before.
    pub generation: u32,
    /// The slot whose image was confirmed.
    pub confirmed: Slot,
    /// While the other slot is on trial, how often it was started.
    pub trial: Option<u8>,
    /// Whether the last trial failed.
    pub rolled_back: bool,
    /// What lies in slot A and in slot B.
    pub images: [Image; 2],
}

impl Record {
    /// What holds for a flash on which nothing was recorded: slot A, as it came from the factory.
    pub const FACTORY: Self = Self {
        generation: 0,
        confirmed: Slot::A,
        trial: None,
        rolled_back: false,
        images: [Image { length: 0, crc: 0 }; 2],
    };

    /// The image in `slot`.
    pub fn image(&self, slot: Slot) -> Image {
        self.images[slot as usize]
    }

    /// The newest record that is whole.
    ///
    /// # Errors
    /// What the flash reports.
    pub fn load<F: NorFlash>(flash: &mut F) -> Result<Self, F::Error> {
        todo!("the newest whole record of {} bytes of flash", flash.capacity())
    }

    /// Makes it the newest: counts the generation up and writes it to the page of the last but one.
    ///
    /// # Errors
    /// What the flash reports; the record before is then still the newest.
    pub fn store<F: NorFlash>(&mut self, flash: &mut F) -> Result<(), F::Error> {
        todo!(
            "{self:?}, one generation on, in {} bytes of flash",
            flash.capacity()
        )
    }

    /// The record as it lies in the flash.
    pub fn encode(&self) -> [u8; RECORD_SIZE] {
        todo!("{self:?}, as drawn")
    }

    /// The record that `bytes` are, if they are one and whole.
    pub fn decode(bytes: &[u8; RECORD_SIZE]) -> Option<Self> {
        todo!("the record in {bytes:02x?}, if it is whole")
    }
}
