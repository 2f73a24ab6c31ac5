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

const RIS: u32 = 0x00;
const IACK: u32 = 0x00;
const IM: u32 = 0x04;
const RCTL: u32 = 0x08;
const TCTL: u32 = 0x0C;
const DATA: u32 = 0x10;
const IA0: u32 = 0x14;
const IA1: u32 = 0x18;
const NP: u32 = 0x34;
const TR: u32 = 0x38;

/// RIS, IACK, IM.
const RXINT: u32 = 1 << 0;
const TXER: u32 = 1 << 1;
const FOV: u32 = 1 << 3;
const RXER: u32 = 1 << 4;
/// What wakes the receiver.
const RECEIVER: u32 = RXINT | FOV | RXER;

/// RCTL.
const RXEN: u32 = 1 << 0;
const BADCRC: u32 = 1 << 3;
const RSTFIFO: u32 = 1 << 4;

/// TCTL.
const TXEN: u32 = 1 << 0;
const PADEN: u32 = 1 << 1;
const CRC: u32 = 1 << 2;
const DUPLEX: u32 = 1 << 4;

/// TR.
const NEWTX: u32 = 1 << 0;

/// The bytes of a frame's header: two addresses and a type.
pub const HEADER: usize = 14;

/// The longest frame, without its checksum.
pub const FRAME_MAX: usize = HEADER + 1_500;

/// What the receive FIFO adds to a frame: two bytes of length, four of checksum.
const RECEIVE_OVERHEAD: usize = 6;

/// Bytes of each FIFO. A length above it was no length.
const FIFO: usize = 2_048;

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
        let [a, b, c, d, e, f] = address;
        registers.write(IM, 0);
        registers.write(IACK, u32::MAX);
        registers.write(IA0, u32::from_le_bytes([a, b, c, d]));
        registers.write(IA1, u32::from_le_bytes([e, f, 0, 0]));
        registers.write(TCTL, DUPLEX | CRC | PADEN | TXEN);
        let mac = Self {
            registers,
            counters: Counters::default(),
        };
        mac.restart_receiver();
        mac
    }

    /// Empties the receive FIFO. The data sheet wants the receiver off meanwhile.
    fn restart_receiver(&self) {
        self.registers.write(RCTL, 0);
        self.registers.write(RCTL, RSTFIFO);
        self.registers.write(RCTL, BADCRC | RXEN);
    }

    /// Whether a frame waits.
    pub fn has_frame(&self) -> bool {
        self.registers.read(NP) != 0
    }

    /// Takes the oldest frame that waits, and its length. Frames that are no frames are dropped.
    ///
    /// What the controller reports is forgotten before the frames are counted, so that one that comes meanwhile is
    /// reported anew.
    pub fn receive(&mut self, frame: &mut [u8; FRAME_MAX]) -> Option<usize> {
        let events = self.registers.read(RIS) & RECEIVER;
        self.registers.write(IACK, events);
        if events & FOV != 0 {
            // Nobody knows where in the FIFO a frame begins now. What is lost, TCP sends again.
            self.restart_receiver();
            self.counters.overruns += 1;
        }
        while self.has_frame() {
            if let Some(length) = self.read_frame(frame) {
                self.counters.received += 1;
                return Some(length);
            }
            self.counters.dropped += 1;
        }
        None
    }

    /// Takes a frame out of the FIFO, whole; its length, if it is a frame.
    fn read_frame(&self, frame: &mut [u8; FRAME_MAX]) -> Option<usize> {
        let [low, high, first, second] = self.registers.read(DATA).to_le_bytes();
        let total = usize::from(u16::from_le_bytes([low, high]));
        if !(RECEIVE_OVERHEAD..=FIFO).contains(&total) {
            self.restart_receiver();
            return None;
        }
        frame[..2].copy_from_slice(&[first, second]);
        // The rest of it is read in any case: the next frame lies behind it.
        for word in 1..total.div_ceil(4) {
            let bytes = self.registers.read(DATA).to_le_bytes();
            let at = word * 4 - 2;
            if let Some(place) = frame.get_mut(at..) {
                let count = place.len().min(4);
                place[..count].copy_from_slice(&bytes[..count]);
            }
        }
        let length = total - RECEIVE_OVERHEAD;
        (HEADER..=FRAME_MAX).contains(&length).then_some(length)
    }

    /// Whether the send FIFO is free.
    pub fn can_send(&self) -> bool {
        self.registers.read(TR) & NEWTX == 0
    }

    /// Sends a frame; the controller pads a short one and adds the checksum.
    ///
    /// # Errors
    /// When it has no length that a frame has, or the one before is not sent yet. Nothing was written then.
    pub fn send(&mut self, frame: &[u8]) -> Result<(), SendError> {
        if !(HEADER..=FRAME_MAX).contains(&frame.len()) {
            return Err(SendError::Length);
        }
        if !self.can_send() {
            return Err(SendError::Busy);
        }
        if self.registers.read(RIS) & TXER != 0 {
            // This empties the send FIFO, too.
            self.registers.write(IACK, TXER);
        }
        let [low, high] = ((frame.len() - HEADER) as u16).to_le_bytes();
        let (first, rest) = frame.split_at(2);
        self.registers
            .write(DATA, u32::from_le_bytes([low, high, first[0], first[1]]));
        let (words, rest) = rest.as_chunks::<4>();
        for &word in words {
            self.registers.write(DATA, u32::from_le_bytes(word));
        }
        if !rest.is_empty() {
            let mut word = [0; 4];
            word[..rest.len()].copy_from_slice(rest);
            self.registers.write(DATA, u32::from_le_bytes(word));
        }
        self.registers.write(TR, NEWTX);
        self.counters.sent += 1;
        Ok(())
    }

    /// Asks for an interrupt when the receiver has something to say, at once if it has already.
    pub fn arm(&self) {
        self.registers.write(IM, RECEIVER);
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
    registers.write(IM, 0);
}
