//! Firmware update with two slots: the new image is tried, and the old one comes back unless the new is confirmed.
//!
//! ```text
//!          begin, chunks           finish: CRC is right            start                 confirm
//! confirmed ────────────▶ writing ──────────────────────▶ marked ────────▶ on trial ─────────────▶ confirmed
//!     ▲                      │                                              │ ▲   │
//!     │◀── cut short ────────┘                              start again ────┘─┘   │ the fourth start,
//!     │◀── rolled back ───────────────────────────────────────────────────────────┘ or a damaged image
//! ```
//!
//! The slot of the confirmed image is never written. One write decides, that of the boot record, and it is all or
//! nothing: see [`crate::record`]. So power may go at any time.
//!
//! - [`boot`] chooses the image, before anything else runs
//! - [`Updater`] takes a new image piece by piece
//! - [`confirm`] keeps the image on trial

use embedded_storage::nor_flash::NorFlash;

use crate::crc::Crc32;
use crate::flash::{PAGE, SLOT_SIZE, Slot, WORD};
use crate::message::{CHUNK_MAX, Refusal};
use crate::record::{Image, Record};

/// How often an image on trial is started before the old one comes back.
pub const STARTS_MAX: u8 = 3;

/// What was chosen to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Boot {
    /// The slot.
    pub slot: Slot,
    /// Whether its image is on trial.
    pub is_trial: bool,
}

/// Chooses the image to run, and counts the start of one on trial before it runs.
///
/// # Errors
/// What the flash reports.
pub fn boot<F: NorFlash>(flash: &mut F) -> Result<Boot, F::Error> {
    let mut record = Record::load(flash)?;
    let Some(starts) = record.trial else {
        return Ok(Boot {
            slot: record.confirmed,
            is_trial: false,
        });
    };
    let slot = record.confirmed.other();
    if starts < STARTS_MAX && is_whole(flash, slot, record.image(slot))? {
        // Counted first: an image that crashes at once has been started all the same.
        record.trial = Some(starts + 1);
        record.store(flash)?;
        return Ok(Boot { slot, is_trial: true });
    }
    record.trial = None;
    record.rolled_back = true;
    record.store(flash)?;
    Ok(Boot {
        slot: record.confirmed,
        is_trial: false,
    })
}

/// Keeps the image that `boot` started on trial.
///
/// # Errors
/// When it is not on trial, or the flash fails.
pub fn confirm<F: NorFlash>(flash: &mut F, boot: &mut Boot) -> Result<(), Refusal> {
    if !boot.is_trial {
        return Err(Refusal::NotOnTrial);
    }
    let mut record = Record::load(flash).map_err(|_| Refusal::Flash)?;
    record.confirmed = boot.slot;
    record.trial = None;
    record.rolled_back = false;
    record.store(flash).map_err(|_| Refusal::Flash)?;
    boot.is_trial = false;
    Ok(())
}

/// Whether the image in `slot` is what was recorded.
fn is_whole<F: NorFlash>(flash: &mut F, slot: Slot, image: Image) -> Result<bool, F::Error> {
    let mut crc = Crc32::new();
    let mut piece = [0; 64];
    let end = slot.base() + image.length;
    for at in (slot.base()..end).step_by(piece.len()) {
        let piece = &mut piece[..(end - at).min(64) as usize];
        flash.read(at, piece)?;
        crc.update(piece);
    }
    Ok(crc.finish() == image.crc)
}

/// An image on its way into the flash.
#[derive(Debug, Clone, Copy)]
struct Transfer {
    slot: Slot,
    image: Image,
    /// Bytes that are in the flash.
    written: u32,
}

/// Takes an image, piece by piece and in order.
#[derive(Debug, Default)]
pub struct Updater {
    transfer: Option<Transfer>,
}

impl Updater {
    /// Nothing is on its way.
    pub const fn new() -> Self {
        Self { transfer: None }
    }

    /// Begins with `image`, or goes on with it; how much of it is written.
    ///
    /// # Errors
    /// When no slot has room for it, or the only one is needed.
    pub fn begin<F: NorFlash>(&mut self, flash: &mut F, image: Image) -> Result<u32, Refusal> {
        if image.length == 0 || image.length > SLOT_SIZE as u32 {
            return Err(Refusal::BadLength);
        }
        let record = Record::load(flash).map_err(|_| Refusal::Flash)?;
        if record.trial.is_some() {
            return Err(Refusal::OnTrial);
        }
        let slot = record.confirmed.other();
        let transfer = match self.transfer {
            Some(transfer) if transfer.image == image => transfer,
            _ => Transfer {
                slot,
                image,
                written: 0,
            },
        };
        self.transfer = Some(transfer);
        Ok(transfer.written)
    }

    /// Writes the bytes that belong at `offset`; how much is written then.
    ///
    /// # Errors
    /// When the chunk is not the next; nothing was written then. When the flash fails, the update has ended.
    pub fn chunk<F: NorFlash>(&mut self, flash: &mut F, offset: u32, data: &[u8]) -> Result<u32, Refusal> {
        let transfer = self.transfer.as_mut().ok_or(Refusal::NotBegun)?;
        let length = u32::try_from(data.len()).map_err(|_| Refusal::BadLength)?;
        let written = transfer.written;
        let end = offset.checked_add(length).ok_or(Refusal::BadLength)?;
        let is_last = end == transfer.image.length;
        if length == 0
            || data.len() > CHUNK_MAX
            || end > transfer.image.length
            || (!data.len().is_multiple_of(WORD) && !is_last)
        {
            return Err(Refusal::BadLength);
        }
        if end <= written {
            // Asked again after the line had gone: it is there.
            return Ok(written);
        }
        if offset != written {
            return Err(Refusal::OutOfOrder { written });
        }
        if write(flash, transfer.slot.base() + offset, data).is_err() {
            self.transfer = None;
            return Err(Refusal::Flash);
        }
        transfer.written = end;
        Ok(end)
    }

    /// Checks what was written, in the flash, and marks it for a trial.
    ///
    /// # Errors
    /// When the image is not complete, not the one that was announced, or the flash fails.
    pub fn finish<F: NorFlash>(&mut self, flash: &mut F) -> Result<(), Refusal> {
        let Transfer { slot, image, written } = self.transfer.ok_or(Refusal::NotBegun)?;
        if written < image.length {
            return Err(Refusal::OutOfOrder { written });
        }
        self.transfer = None;
        if !is_whole(flash, slot, image).map_err(|_| Refusal::Flash)? {
            return Err(Refusal::BadImage);
        }
        let mut record = Record::load(flash).map_err(|_| Refusal::Flash)?;
        record.images[slot as usize] = image;
        record.trial = Some(0);
        record.rolled_back = false;
        record.store(flash).map_err(|_| Refusal::Flash)
    }
}

/// Writes `data` at `address`, a multiple of a word, and erases each page that it is the first to reach.
fn write<F: NorFlash>(flash: &mut F, address: u32, data: &[u8]) -> Result<(), F::Error> {
    let page = PAGE as u32;
    let end = address + data.len() as u32;
    for start in (address.next_multiple_of(page)..end).step_by(PAGE) {
        flash.erase(start, start + page)?;
    }
    let (words, rest) = data.as_chunks::<WORD>();
    flash.write(address, words.as_flattened())?;
    if !rest.is_empty() {
        // The end of the last word stays erased.
        let mut word = [0xFF; WORD];
        word[..rest.len()].copy_from_slice(rest);
        flash.write(address + (data.len() - rest.len()) as u32, &word)?;
    }
    Ok(())
}
