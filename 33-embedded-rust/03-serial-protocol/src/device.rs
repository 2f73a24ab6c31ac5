//! The device: does what requests ask, on a flash.

use embedded_storage::nor_flash::NorFlash;

use crate::message::{Counters, Reply};
use crate::update::{Boot, Updater};

/// What runs, and the update that may be on its way.
pub struct Device<F> {
    flash: F,
    boot: Boot,
    updater: Updater,
    wants_restart: bool,
}

impl<F: NorFlash> Device<F> {
    /// Starts: chooses the image to run.
    ///
    /// # Errors
    /// What the flash reports.
    pub fn start(flash: F) -> Result<Self, F::Error> {
        todo!("choose what to run from {} bytes of flash", flash.capacity())
    }

    /// What runs.
    pub fn boot(&self) -> Boot {
        self.boot
    }

    /// Whether it was asked to start anew.
    pub fn wants_restart(&self) -> bool {
        self.wants_restart
    }

    /// Gives the flash back.
    pub fn release(self) -> F {
        self.flash
    }

    /// The reply to `payload`, a request of a peer with whom `version` was agreed on.
    pub fn answer(&mut self, version: u8, payload: &[u8], counters: Counters) -> Reply {
        todo!(
            "what {payload:?} asks for in version {version}, after {:?}, with {counters:?}",
            self.updater
        )
    }
}
