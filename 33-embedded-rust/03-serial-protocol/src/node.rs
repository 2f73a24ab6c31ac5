//! A device at its end of the line: requests in, replies out, no I/O.

use embedded_storage::nor_flash::NorFlash;

use crate::device::Device;
use crate::link::Link;
use crate::message::VERSIONS;

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
        todo!(
            "start a device on {} bytes of flash, and listen as {VERSIONS:?}",
            flash.capacity()
        )
    }

    /// Takes one byte of the line.
    pub fn receive(&mut self, byte: u8) {
        self.link.receive(byte);
    }

    /// The next bytes for the line at tick `now`; `overflowed` bytes have been lost on the way in.
    pub fn poll(&mut self, now: u32, overflowed: u32) -> Option<&[u8]> {
        todo!(
            "answer what came over {:?}; then what is due at {now}, with {overflowed} bytes lost",
            self.link
        )
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
