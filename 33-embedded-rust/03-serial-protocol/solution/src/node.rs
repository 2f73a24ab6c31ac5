//! A device at its end of the line: requests in, replies out, no I/O.

use embedded_storage::nor_flash::NorFlash;

use crate::device::Device;
use crate::frame::PAYLOAD_MAX;
use crate::link::{Link, State};
use crate::message::{self, Counters, VERSIONS};

/// A link, and the device that answers what comes over it.
pub struct Node<F> {
    link: Link,
    device: Device<F>,
}

impl<F: NorFlash> Node<F> {
    /// Starts the device and waits for a hello.
    ///
    /// # Errors
    /// What the flash reports.
    pub fn start(flash: F) -> Result<Self, F::Error> {
        Ok(Self {
            link: Link::listen(VERSIONS),
            device: Device::start(flash)?,
        })
    }

    /// Takes one byte of the line.
    pub fn receive(&mut self, byte: u8) {
        self.link.receive(byte);
    }

    /// The next bytes for the line at tick `now`; `overflowed` bytes have been lost on the way in.
    pub fn poll(&mut self, now: u32, overflowed: u32) -> Option<&[u8]> {
        self.answer(overflowed);
        self.link.poll(now)
    }

    /// Answers the request that came, once the reply before it has arrived.
    fn answer(&mut self, overflowed: u32) {
        let State::Up { version } = self.link.state() else {
            return;
        };
        if self.link.is_sending() {
            return;
        }
        let Some(request) = self.link.take() else {
            return;
        };
        let counters = Counters {
            overflowed,
            ..self.link.counters()
        };
        let reply = self.device.answer(version, &request, counters);
        let mut payload = [0; PAYLOAD_MAX];
        let payload = message::encode(&reply, &mut payload).expect("a reply is short");
        self.link
            .send(payload)
            .expect("the link is up and has nothing under way");
    }

    /// Whether it is time to start anew: that was asked for, and the reply is not on its way any more.
    pub fn is_restart_due(&self) -> bool {
        self.device.wants_restart() && !self.link.is_sending()
    }

    /// Gives the flash back.
    pub fn release(self) -> F {
        self.device.release()
    }
}
