//! The Ethernet controller of the LM3S6965 (data sheet, chapter Ethernet Controller).
//!
//! ```text
//! 0x00  RIS   read: what has happened      write (IACK): a one forgets it
//!             0 RXINT frame came   1 TXER sending failed   3 FOV receive FIFO overran   4 RXER bad frame
//! 0x04  IM    which of these interrupt
//! 0x08  RCTL  0 RXEN on   3 BADCRC refuse bad frames   4 RSTFIFO empty the receive FIFO
//! 0x0C  TCTL  0 TXEN on   1 PADEN pad short frames   2 CRC add the checksum   4 DUPLEX both ways at once
//! 0x10  DATA  read: the receive FIFO       write: the send FIFO
//! 0x14  IA0   0x18  IA1   the address: four bytes, then two, the first in the lowest bits
//! 0x34  NP    frames in the receive FIFO
//! 0x38  TR    write 0 NEWTX: send what is in the send FIFO     read: it is being sent
//! ```
//!
//! A FIFO takes and gives words, the first byte in the lowest bits. What goes through them is
//!
//! ```text
//! sending     length of the frame - 14, two bytes │ frame                          │ up to a whole word
//! receiving   length of all of this,    two bytes │ frame │ checksum, four bytes   │ up to a whole word
//! ```
//!
//! - [`Mac::start`] switches the controller on
//! - [`Mac::receive`] and [`Mac::send`] move whole frames, without the checksum
//! - [`mask`] is all that the interrupt does; [`Mac::arm`] asks for the next one

use crate::register::Registers;

/// The bytes of a frame's header: two addresses and a type.
pub const HEADER: usize = 14;

/// The longest frame, without its checksum.
pub const FRAME_MAX: usize = HEADER + 1_500;

/// Why a frame was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendError {
    /// The frame before is still being sent.
    Busy,
    /// It is shorter than its header, or longer than [`FRAME_MAX`].
    Length,
}

/// What has happened since start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Frames given to the program.
    pub received: u32,
    /// Frames given to the controller.
    pub sent: u32,
    /// Frames that were too short, too long, or out of step with the FIFO.
    pub dropped: u32,
    /// Times that the receive FIFO overran.
    pub overruns: u32,
}

/// The controller, on.
pub struct Mac<R> {
    registers: R,
    counters: Counters,
}

impl<R: Registers> Mac<R> {
    /// Switches it on, with an empty receive FIFO and no interrupt: see [`Mac::arm`].
    pub fn start(registers: R, address: [u8; 6]) -> Self {
        todo!(
            "switch the controller at {:p} on, with address {address:02x?}",
            &registers
        )
    }

    /// Whether a frame waits.
    pub fn has_frame(&self) -> bool {
        todo!("whether a frame waits in the FIFO of {:p}", &self.registers)
    }

    /// Takes the oldest frame that waits, and its length. Frames that are no frames are dropped.
    ///
    /// What the controller reports is forgotten before the frames are counted, so that one that comes meanwhile is
    /// reported anew.
    pub fn receive(&mut self, frame: &mut [u8; FRAME_MAX]) -> Option<usize> {
        todo!(
            "the next frame of {:p}, into {} bytes, after {:?}",
            &self.registers,
            frame.len(),
            self.counters
        )
    }

    /// Whether the send FIFO is free.
    pub fn can_send(&self) -> bool {
        todo!("whether the send FIFO of {:p} is free", &self.registers)
    }

    /// Sends a frame; the controller pads a short one and adds the checksum.
    ///
    /// # Errors
    /// When it has no length that a frame has, or the one before is not sent yet. Nothing was written then.
    pub fn send(&mut self, frame: &[u8]) -> Result<(), SendError> {
        todo!(
            "send {frame:02x?}, of {HEADER} to {FRAME_MAX} bytes, after {:?}",
            self.counters
        )
    }

    /// Asks for an interrupt when the receiver has something to say, at once if it has already.
    pub fn arm(&self) {
        todo!("write IM of {:p}", &self.registers)
    }

    /// What has happened since start.
    pub fn counters(&self) -> Counters {
        self.counters
    }

    /// Gives the registers back.
    pub fn release(self) -> R {
        self.registers
    }
}

/// Lets the controller interrupt no more, until [`Mac::arm`]. What has happened stays on record.
pub fn mask(registers: &impl Registers) {
    todo!("write IM of {registers:p}")
}
