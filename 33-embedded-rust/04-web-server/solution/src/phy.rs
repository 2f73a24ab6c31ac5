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
        self.waiting.is_some() || self.mac.has_frame()
    }

    /// The frame that will be received next.
    pub fn peek(&mut self) -> Option<&[u8]> {
        if self.waiting.is_none() {
            self.waiting = self.mac.receive(&mut self.frames.received);
        }
        self.waiting.map(|length| &self.frames.received[..length])
    }

    /// Drops that frame.
    pub fn discard(&mut self) {
        self.waiting = None;
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
        if !self.mac.can_send() {
            return None;
        }
        self.peek()?;
        let length = self.waiting.take()?;
        Some((
            Received(&self.frames.received[..length]),
            ToSend {
                mac: &mut self.mac,
                memory: &mut self.frames.to_send,
            },
        ))
    }

    fn transmit(&mut self, _now: Instant) -> Option<ToSend<'_, R>> {
        self.mac.can_send().then_some(ToSend {
            mac: &mut self.mac,
            memory: &mut self.frames.to_send,
        })
    }

    fn capabilities(&self) -> DeviceCapabilities {
        let mut capabilities = DeviceCapabilities::default();
        capabilities.medium = Medium::Ethernet;
        capabilities.max_transmission_unit = FRAME_MAX;
        // The receive FIFO of the chip has room for one of the longest.
        capabilities.max_burst_size = Some(1);
        capabilities
    }
}

/// A frame that was received.
pub struct Received<'a>(&'a [u8]);

impl phy::RxToken for Received<'_> {
    fn consume<T, F: FnOnce(&[u8]) -> T>(self, read: F) -> T {
        read(self.0)
    }
}

/// Leave to send a frame.
pub struct ToSend<'a, R> {
    mac: &'a mut Mac<R>,
    memory: &'a mut [u8; FRAME_MAX],
}

impl<R: Registers> phy::TxToken for ToSend<'_, R> {
    fn consume<T, F: FnOnce(&mut [u8]) -> T>(self, length: usize, fill: F) -> T {
        let frame = &mut self.memory[..length];
        let filled = fill(frame);
        let sent = self.mac.send(frame);
        debug_assert!(
            sent.is_ok(),
            "there was room when the token was made, and smoltcp keeps to the MTU"
        );
        filled
    }
}
