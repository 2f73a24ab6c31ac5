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

use crate::crc::Crc32;
use crate::flash::{PAGE, Slot};

/// Bytes of a record.
pub const RECORD_SIZE: usize = 32;

const MAGIC: [u8; 4] = *b"P7BR";

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
        let mut newest = Self::FACTORY;
        for page in 0..2 {
            let mut bytes = [0; RECORD_SIZE];
            flash.read(page * PAGE as u32, &mut bytes)?;
            if let Some(record) = Self::decode(&bytes)
                && record.generation > newest.generation
            {
                newest = record;
            }
        }
        Ok(newest)
    }

    /// Makes it the newest: counts the generation up and writes it to the page of the last but one.
    ///
    /// # Errors
    /// What the flash reports; the record before is then still the newest.
    pub fn store<F: NorFlash>(&mut self, flash: &mut F) -> Result<(), F::Error> {
        self.generation += 1;
        let base = self.generation % 2 * PAGE as u32;
        flash.erase(base, base + PAGE as u32)?;
        flash.write(base, &self.encode())
    }

    /// The record as it lies in the flash.
    pub fn encode(&self) -> [u8; RECORD_SIZE] {
        let mut bytes = [0; RECORD_SIZE];
        bytes[..4].copy_from_slice(&MAGIC);
        bytes[4..8].copy_from_slice(&self.generation.to_le_bytes());
        bytes[8] = self.confirmed as u8;
        bytes[9] = u8::from(self.trial.is_some());
        bytes[10] = self.trial.unwrap_or(0);
        bytes[11] = u8::from(self.rolled_back);
        for (place, image) in bytes[12..28].chunks_exact_mut(8).zip(self.images) {
            place[..4].copy_from_slice(&image.length.to_le_bytes());
            place[4..].copy_from_slice(&image.crc.to_le_bytes());
        }
        let crc = Crc32::of(&bytes[..28]);
        bytes[28..].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// The record that `bytes` are, if they are one and whole.
    pub fn decode(bytes: &[u8; RECORD_SIZE]) -> Option<Self> {
        let (words, []) = bytes.as_chunks::<4>() else {
            return None;
        };
        let word = |at: usize| u32::from_le_bytes(words[at]);
        if words[0] != MAGIC || word(7) != Crc32::of(&bytes[..28]) {
            return None;
        }
        let [confirmed @ 0..=1, trial @ 0..=1, starts, rolled_back @ 0..=1] = words[2] else {
            return None;
        };
        let image = |at| Image {
            length: word(at),
            crc: word(at + 1),
        };
        Some(Self {
            generation: word(1),
            confirmed: if confirmed == 0 { Slot::A } else { Slot::B },
            trial: (trial == 1).then_some(starts),
            rolled_back: rolled_back == 1,
            images: [image(3), image(5)],
        })
    }
}
