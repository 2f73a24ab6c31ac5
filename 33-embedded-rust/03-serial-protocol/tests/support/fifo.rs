//! A UART without a chip.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use serial_protocol::uart::Fifo;

/// What the two FIFOs hold, and what was asked for.
#[derive(Default)]
pub struct Inside {
    /// Bytes that came and were not read.
    pub received: VecDeque<u8>,
    /// Bytes to send, of which there is room for 16.
    pub to_send: VecDeque<u8>,
    /// Whether the interrupt comes when there is room.
    pub interrupts: Option<bool>,
}

/// A UART that the test looks into.
#[derive(Clone, Default)]
pub struct TestFifo(pub Rc<RefCell<Inside>>);

impl Fifo for TestFifo {
    fn read(&mut self) -> Option<u8> {
        self.0.borrow_mut().received.pop_front()
    }

    fn has_room(&mut self) -> bool {
        self.0.borrow().to_send.len() < 16
    }

    fn write(&mut self, byte: u8) {
        assert!(self.has_room(), "a byte written into a full FIFO");
        self.0.borrow_mut().to_send.push_back(byte);
    }

    fn interrupt_on_room(&mut self, enabled: bool) {
        self.0.borrow_mut().interrupts = Some(enabled);
    }
}
