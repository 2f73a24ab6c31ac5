//! A simulated Ethernet controller, with the semantics that the data sheet gives its registers.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use web_server::register::Registers;

/// Registers.
pub const RIS: u32 = 0x00;
pub const IM: u32 = 0x04;
pub const RCTL: u32 = 0x08;
pub const TCTL: u32 = 0x0C;
pub const DATA: u32 = 0x10;
pub const IA0: u32 = 0x14;
pub const IA1: u32 = 0x18;
pub const NP: u32 = 0x34;
pub const TR: u32 = 0x38;

/// Events.
pub const RXINT: u32 = 1;
pub const TXER: u32 = 2;
pub const FOV: u32 = 8;
pub const RXER: u32 = 16;

/// Bytes of each FIFO.
const FIFO: usize = 2_048;

/// What the chip is like inside.
#[derive(Default)]
pub struct Inside {
    pub ris: u32,
    pub im: u32,
    pub rctl: u32,
    pub tctl: u32,
    pub address: [u32; 2],
    /// Frames in the receive FIFO, as they are read: length, frame, checksum, up to a whole word.
    pub waiting: VecDeque<Vec<u8>>,
    /// Bytes of the first of them that were read.
    read: usize,
    /// What is in the send FIFO.
    pub to_send: Vec<u8>,
    /// Whether a frame takes for ever to be sent.
    pub is_slow: bool,
    pub is_sending: bool,
    /// Frames that went out.
    pub sent: VecDeque<Vec<u8>>,
    /// Whether the FIFO has so much room as an emulator's, and not as the chip's.
    pub is_roomy: bool,
    /// Every access: whether it is a write, the register, the value.
    pub log: Vec<(bool, u32, u32)>,
    /// What no driver should do.
    pub faults: Vec<String>,
}

/// The chip, shared between a driver and its test.
#[derive(Clone, Default)]
pub struct Chip(pub Rc<RefCell<Inside>>);

impl Chip {
    /// A frame comes over the wire.
    pub fn deliver(&self, frame: &[u8]) {
        let mut inside = self.0.borrow_mut();
        if inside.rctl & 1 == 0 {
            return;
        }
        let used: usize = inside.waiting.iter().map(Vec::len).sum();
        if !inside.is_roomy && used + frame.len() + 8 > FIFO || inside.waiting.len() >= 31 {
            inside.ris |= FOV;
            return;
        }
        let total = frame.len() + 6;
        let length = u16::try_from(total).expect("a short frame");
        let mut bytes = length.to_le_bytes().to_vec();
        bytes.extend_from_slice(frame);
        bytes.extend_from_slice(&[0xC5; 4]);
        bytes.resize(total.next_multiple_of(4), 0);
        inside.waiting.push_back(bytes);
        inside.ris |= RXINT;
    }

    /// Words lie in the receive FIFO that no frame left there.
    pub fn corrupt(&self, bytes: &[u8]) {
        let mut inside = self.0.borrow_mut();
        inside.waiting.push_back(bytes.to_vec());
        inside.ris |= RXINT;
    }

    /// The oldest frame that went out.
    pub fn take_sent(&self) -> Option<Vec<u8>> {
        self.0.borrow_mut().sent.pop_front()
    }

    /// Whether the interrupt line is up.
    pub fn interrupts(&self) -> bool {
        let inside = self.0.borrow();
        inside.ris & inside.im != 0
    }

    /// The accesses so far, which are forgotten.
    pub fn take_log(&self) -> Vec<(bool, u32, u32)> {
        std::mem::take(&mut self.0.borrow_mut().log)
    }

    /// The writes to `register` among them, which all are forgotten.
    pub fn take_writes(&self, register: u32) -> Vec<u32> {
        let log = self.take_log().into_iter();
        log.filter(|&(is_write, at, _)| is_write && at == register)
            .map(|(_, _, value)| value)
            .collect()
    }

    /// Fails when the driver has misused the chip.
    #[track_caller]
    pub fn check(&self) {
        let inside = self.0.borrow();
        assert!(inside.faults.is_empty(), "{}", inside.faults.join("\n"));
    }
}

impl Inside {
    fn read_data(&mut self) -> u32 {
        let Some(bytes) = self.waiting.front() else {
            self.faults.push("DATA was read with an empty FIFO".to_owned());
            return 0;
        };
        let word = bytes[self.read..self.read + 4].try_into().expect("four bytes");
        self.read += 4;
        if self.read >= bytes.len() {
            self.waiting.pop_front();
            self.read = 0;
        }
        u32::from_le_bytes(word)
    }

    fn start_sending(&mut self) {
        if self.is_sending {
            self.faults
                .push("TR was written while a frame is sent".to_owned());
            return;
        }
        let bytes = std::mem::take(&mut self.to_send);
        let length = bytes
            .first_chunk::<2>()
            .map_or(0, |&first| u16::from_le_bytes(first));
        let length = usize::from(length) + 14;
        if bytes.len() != (length + 2).next_multiple_of(4) {
            let count = bytes.len();
            self.faults.push(format!(
                "{count} bytes were in the send FIFO, for a frame of {length} bytes and its length"
            ));
            return;
        }
        let mut frame = bytes[2..2 + length].to_vec();
        if self.tctl & 2 != 0 {
            frame.resize(length.max(60), 0);
        }
        if self.tctl & 1 != 0 {
            self.sent.push_back(frame);
        }
        self.is_sending = self.is_slow;
    }

    fn control_receiver(&mut self, value: u32) {
        if value & 0x10 != 0 {
            if self.rctl & 1 != 0 {
                let before = self.rctl;
                self.faults.push(format!(
                    "the FIFO was emptied with the receiver on: RCTL was {before:#x}"
                ));
            }
            self.waiting.clear();
            self.read = 0;
        }
        // RSTFIFO clears itself.
        self.rctl = value & !0x10;
    }
}

impl Registers for Chip {
    fn read(&self, offset: u32) -> u32 {
        let mut inside = self.0.borrow_mut();
        let value = match offset {
            RIS => inside.ris,
            IM => inside.im,
            RCTL => inside.rctl,
            TCTL => inside.tctl,
            DATA => inside.read_data(),
            IA0 => inside.address[0],
            IA1 => inside.address[1],
            NP => u32::try_from(inside.waiting.len()).expect("few"),
            TR => u32::from(inside.is_sending),
            _ => {
                inside.faults.push(format!("{offset:#x} was read"));
                0
            }
        };
        inside.log.push((false, offset, value));
        value
    }

    fn write(&self, offset: u32, value: u32) {
        let mut inside = self.0.borrow_mut();
        inside.log.push((true, offset, value));
        match offset {
            RIS => {
                inside.ris &= !value;
                if value & TXER != 0 {
                    inside.to_send.clear();
                }
            }
            IM => inside.im = value,
            RCTL => inside.control_receiver(value),
            TCTL => inside.tctl = value,
            DATA if inside.is_sending => inside
                .faults
                .push("DATA was written while a frame is sent".to_owned()),
            DATA if inside.to_send.len() + 4 > FIFO => {
                inside.faults.push("the send FIFO is full".to_owned());
            }
            DATA => inside.to_send.extend_from_slice(&value.to_le_bytes()),
            IA0 => inside.address[0] = value,
            IA1 => inside.address[1] = value,
            TR if value & 1 != 0 => inside.start_sending(),
            TR => {}
            _ => inside.faults.push(format!("{offset:#x} was written")),
        }
    }
}
