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

use crate::flash::Slot;
use crate::message::Refusal;
use crate::record::Image;

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
    todo!(
        "what to start from {} bytes of flash, at most {STARTS_MAX} times",
        flash.capacity()
    )
}

/// Keeps the image that `boot` started on trial.
///
/// # Errors
/// When it is not on trial, or the flash fails.
pub fn confirm<F: NorFlash>(flash: &mut F, boot: &mut Boot) -> Result<(), Refusal> {
    todo!("keep {boot:?}, in {} bytes of flash", flash.capacity())
}

/// Takes an image, piece by piece and in order.
#[derive(Debug, Default)]
pub struct Updater {
    /// The image on its way, and how much of it is in the flash. Where does it go?
    transfer: Option<(Image, u32)>,
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
        todo!(
            "begin with {image:?} after {:?}, in {} bytes of flash",
            self.transfer,
            flash.capacity()
        )
    }

    /// Writes the bytes that belong at `offset`; how much is written then.
    ///
    /// # Errors
    /// When the chunk is not the next; nothing was written then. When the flash fails, the update has ended.
    pub fn chunk<F: NorFlash>(&mut self, flash: &mut F, offset: u32, data: &[u8]) -> Result<u32, Refusal> {
        todo!(
            "write {data:?} at {offset} of {:?}, in {} bytes of flash",
            self.transfer,
            flash.capacity()
        )
    }

    /// Checks what was written, in the flash, and marks it for a trial.
    ///
    /// # Errors
    /// When the image is not complete, not the one that was announced, or the flash fails.
    pub fn finish<F: NorFlash>(&mut self, flash: &mut F) -> Result<(), Refusal> {
        todo!(
            "check and mark {:?}, in {} bytes of flash",
            self.transfer,
            flash.capacity()
        )
    }
}
