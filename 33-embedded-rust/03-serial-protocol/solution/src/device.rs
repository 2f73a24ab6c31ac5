//! The device: does what requests ask, on a flash.

use embedded_storage::nor_flash::NorFlash;

use crate::message::{self, Counters, Info, Refusal, Reply, Request};
use crate::record::{Image, Record};
use crate::update::{self, Boot, Updater};

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
    pub fn start(mut flash: F) -> Result<Self, F::Error> {
        let boot = update::boot(&mut flash)?;
        Ok(Self {
            flash,
            boot,
            updater: Updater::new(),
            wants_restart: false,
        })
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
        let Some(request) = message::decode::<Request>(payload) else {
            return Reply::Refused(Refusal::BadMessage);
        };
        if request.since() > version {
            return Reply::Refused(Refusal::NotInVersion);
        }
        let done = match request {
            Request::Ping { token } => Ok(Reply::Pong { token }),
            Request::Info => self.info(),
            Request::Begin { length, crc } => self
                .updater
                .begin(&mut self.flash, Image { length, crc })
                .map(|written| Reply::Progress { written }),
            Request::Chunk { offset, data } => self
                .updater
                .chunk(&mut self.flash, offset, data)
                .map(|written| Reply::Progress { written }),
            Request::Finish => self.updater.finish(&mut self.flash).map(|()| Reply::Done),
            Request::Restart => {
                self.wants_restart = true;
                Ok(Reply::Done)
            }
            Request::Confirm => update::confirm(&mut self.flash, &mut self.boot).map(|()| Reply::Done),
            Request::Counters => Ok(Reply::Counters(counters)),
        };
        done.unwrap_or_else(Reply::Refused)
    }

    fn info(&mut self) -> Result<Reply, Refusal> {
        let record = Record::load(&mut self.flash).map_err(|_| Refusal::Flash)?;
        let Image { length, crc } = record.image(self.boot.slot);
        Ok(Reply::Info(Info {
            slot: self.boot.slot,
            is_trial: self.boot.is_trial,
            rolled_back: record.rolled_back,
            length,
            crc,
        }))
    }
}
