//! The chip's I2C controller, simulated: it shows what its commands make of the wires.
//!
//! ```text
//! S 48w a 00 a Sr 48r a 19 a 00 n P
//! ```
//!
//! S is START, Sr a repeated one, P is STOP; then an address with its direction, and bytes, each with its
//! acknowledge: a or n. `!` marks what the chip does not allow.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::cell::RefCell;
use std::collections::VecDeque;

use sensor::i2c::{Controller, Turnaround};
use sensor::register::Registers;

/// A controller with sensors at 0x48 and 0x49.
#[derive(Default)]
pub struct Chip {
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    wires: Vec<String>,
    mcr: u32,
    mtpr: u32,
    msa: u32,
    mdr: u32,
    /// ERROR, ADRACK, DATACK, ARBLST.
    status: u32,
    /// Reads of MCS for which BUSY will be set.
    busy: u32,
    /// Whether a START of ours has no STOP yet.
    owned: bool,
    replies: VecDeque<u8>,
    fault: Fault,
}

/// What goes wrong.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// The byte of this number, from 0, is not acknowledged.
    DataNack(usize),
    /// Another controller wins at the START.
    Arbitration,
    /// BUSY stays set after the first command, until the controller is switched off.
    Hangs,
    /// Another controller has the bus, for ever.
    Taken,
}

impl Chip {
    /// A chip whose sensors send `replies`.
    pub fn new(fault: Fault, replies: &[u8]) -> Self {
        let chip = Self::default();
        {
            let mut state = chip.state.borrow_mut();
            state.fault = fault;
            state.replies = replies.iter().copied().collect();
        }
        chip
    }

    /// The driver of this chip, at 100 kHz of 12.5 MHz.
    pub fn controller(&self, turnaround: Turnaround) -> Controller<&Self> {
        Controller::new(self, 12_500_000, 100_000, turnaround)
    }

    /// Has the next command never end.
    pub fn hang(&self) {
        self.state.borrow_mut().fault = Fault::Hangs;
    }

    /// What the wires have shown.
    pub fn wires(&self) -> String {
        self.state.borrow().wires.join(" ")
    }

    /// MCR and MTPR.
    pub fn setup(&self) -> (u32, u32) {
        let state = self.state.borrow();
        (state.mcr, state.mtpr)
    }
}

impl Registers for &Chip {
    fn read(&self, offset: u32) -> u32 {
        let mut state = self.state.borrow_mut();
        match offset {
            0x00 => state.msa,
            0x04 => state.status(),
            0x08 => state.mdr,
            0x0C => state.mtpr,
            0x20 => state.mcr,
            _ => panic!("a read at {offset:#x}"),
        }
    }

    fn write(&self, offset: u32, value: u32) {
        let mut state = self.state.borrow_mut();
        match offset {
            0x00 => state.msa = value,
            0x04 => state.command(value),
            0x08 => state.mdr = value,
            0x0C => state.mtpr = value,
            0x20 => state.switch(value),
            _ => panic!("a write at {offset:#x}"),
        }
    }
}

impl State {
    fn status(&mut self) -> u32 {
        if self.busy > 0 {
            self.busy -= u32::from(self.fault != Fault::Hangs);
            // Whatever the other bits say, they do not count.
            return 0xFF;
        }
        let taken = self.owned || self.fault == Fault::Taken;
        self.status | if taken { 1 << 6 } else { 1 << 5 }
    }

    /// Off, it forgets what it was doing.
    fn switch(&mut self, value: u32) {
        self.mcr = value;
        if value & 1 << 4 == 0 {
            (self.busy, self.status, self.owned) = (0, 0, false);
            if self.fault == Fault::Hangs {
                self.fault = Fault::None;
            }
        }
    }

    fn show(&mut self, text: &str) {
        self.wires.push(text.to_owned());
    }

    fn command(&mut self, bits: u32) {
        if self.mcr & 1 << 4 == 0 {
            return self.show("!off");
        }
        if self.busy > 0 {
            self.show("!busy");
        }
        self.busy = 3;
        self.status = 0;
        let [run, start, stop, ack] = [0, 1, 2, 3].map(|bit| bits & 1 << bit != 0);
        let receives = self.msa & 1 != 0;
        if start {
            self.show(if self.owned { "Sr" } else { "S" });
            if self.fault == Fault::Arbitration {
                self.owned = false;
                self.status = 1 << 4 | 1 << 1;
                return self.show("lost");
            }
            self.owned = true;
            let address = self.msa >> 1;
            self.show(&format!("{address:02x}{}", if receives { 'r' } else { 'w' }));
            if matches!(address, 0x48 | 0x49) {
                self.show("a");
            } else {
                self.show("n");
                self.status = 1 << 2 | 1 << 1;
            }
        }
        if !self.owned {
            return self.show("!nobody");
        }
        if run && self.status == 0 {
            self.byte(receives, ack);
        }
        if stop {
            self.show("P");
            self.owned = false;
        }
    }

    fn byte(&mut self, receives: bool, ack: bool) {
        if receives {
            self.mdr = u32::from(self.replies.pop_front().unwrap_or(0xFF));
        }
        let byte = format!("{:02x}", self.mdr);
        self.show(&byte);
        let acknowledged = if receives {
            ack
        } else if let Fault::DataNack(left) = &mut self.fault {
            let refused = *left == 0;
            *left = left.wrapping_sub(1);
            if refused {
                self.status = 1 << 3 | 1 << 1;
            }
            !refused
        } else {
            true
        };
        self.show(if acknowledged { "a" } else { "n" });
    }
}
