//! Frames for smoltcp: the controller as its [`Device`], with one frame of memory each way.
//!
//! smoltcp asks with tokens. A token to receive comes with one to send, for the answer; so no frame is handed out while
//! the controller could not take an answer. The frame that is next can be looked at first, and discarded.

use smoltcp::phy::{self, Device, DeviceCapabilities, Medium};
use smoltcp::time::Instant;

use crate::ethernet::{FRAME_MAX, Mac};
use crate::register::Registers;

/// The memory for two frames.
pub struct Frames {
    received: [u8; FRAME_MAX],
    to_send: [u8; FRAME_MAX],
}

impl Frames {
    /// Both empty.
    pub const fn new() -> Self {
        Self {
            received: [0; FRAME_MAX],
            to_send: [0; FRAME_MAX],
        }
    }
}

impl Default for Frames {
    fn default() -> Self {
        Self::new()
    }
}

/// The controller, and a frame of its each way.
pub struct Port<'a, R> {
    mac: Mac<R>,
    frames: &'a mut Frames,
    /// The length of the frame in `received` that waits to be handed out.
    waiting: Option<usize>,
}

impl<'a, R: Registers> Port<'a, R> {
    /// A port with no frame in it.
    pub fn new(mac: Mac<R>, frames: &'a mut Frames) -> Self {
        Self {
            mac,
            frames,
            waiting: None,
        }
    }

    /// The controller.
    pub fn mac(&self) -> &Mac<R> {
        &self.mac
    }

    /// Whether a frame waits, here or in the controller.
    pub fn has_frame(&self) -> bool {
        todo!(
            "whether one of {:?} bytes waits here, or one in the controller",
            self.waiting
        )
    }

    /// The frame that will be received next.
    pub fn peek(&mut self) -> Option<&[u8]> {
        todo!(
            "the next frame, into {} bytes, unless {:?} bytes wait there",
            self.frames.received.len(),
            self.waiting
        )
    }

    /// Drops that frame.
    pub fn discard(&mut self) {
        todo!("drop the frame of {:?} bytes", self.waiting)
    }
}

impl<R: Registers> Device for Port<'_, R> {
    type RxToken<'b>
        = Received<'b>
    where
        Self: 'b;
    type TxToken<'b>
        = ToSend<'b, R>
    where
        Self: 'b;

    fn receive(&mut self, _now: Instant) -> Option<(Received<'_>, ToSend<'_, R>)> {
        todo!(
            "tokens for the next frame and for its answer, of {} bytes at most",
            self.frames.to_send.len()
        )
    }

    fn transmit(&mut self, _now: Instant) -> Option<ToSend<'_, R>> {
        todo!(
            "a token to send, while {:?} bytes wait to be handed out",
            self.waiting
        )
    }

    fn capabilities(&self) -> DeviceCapabilities {
        todo!(
            "{:?}, {FRAME_MAX} bytes at most; others: {:?}",
            Medium::Ethernet,
            DeviceCapabilities::default()
        )
    }
}

/// A frame that was received.
pub struct Received<'a>(&'a [u8]);

impl phy::RxToken for Received<'_> {
    fn consume<T, F: FnOnce(&[u8]) -> T>(self, read: F) -> T {
        todo!(
            "read {} bytes and return what {:p} makes of them",
            self.0.len(),
            &read
        )
    }
}

/// Leave to send a frame.
pub struct ToSend<'a, R> {
    mac: &'a mut Mac<R>,
    memory: &'a mut [u8; FRAME_MAX],
}

impl<R: Registers> phy::TxToken for ToSend<'_, R> {
    fn consume<T, F: FnOnce(&mut [u8]) -> T>(self, length: usize, fill: F) -> T {
        todo!(
            "fill {length} of {} bytes with {:p}, send them by {:p}",
            self.memory.len(),
            &fill,
            &self.mac
        )
    }
}
