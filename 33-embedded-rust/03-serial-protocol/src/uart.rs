//! The interrupt's half of the UART: bytes between two small FIFOs of the hardware and two queues in RAM.
//!
//! ```text
//!            interrupt handler                              main loop
//! line ──▶ receive FIFO ──▶ Handler ──▶ received: Queue ──▶ Node::receive
//! line ◀── send FIFO    ◀── Handler ◀── to_send: Queue  ◀── Node::poll
//! ```
//!
//! A queue has one producer and one consumer, each with an index of its own, so neither waits for the other and no
//! interrupt is ever masked. Only the handler touches the UART: the main loop, having queued bytes to send, makes the
//! interrupt pending and leaves the rest to it.

use core::sync::atomic::AtomicU32;

use heapless::spsc::{Consumer, Producer};

/// The hardware, as the handler needs it.
pub trait Fifo {
    /// Takes the oldest byte that came.
    fn read(&mut self) -> Option<u8>;
    /// Whether there is room for a byte to send.
    fn has_room(&mut self) -> bool;
    /// Gives it a byte to send; there is room.
    fn write(&mut self, byte: u8);
    /// Whether the interrupt shall come when there is room again.
    fn interrupt_on_room(&mut self, enabled: bool);
}

/// What runs in the interrupt.
pub struct Handler<'a, H> {
    hardware: H,
    received: Producer<'a, u8>,
    to_send: Consumer<'a, u8>,
    /// Bytes that found the queue full. Written here alone; the main loop reads it.
    overflowed: &'a AtomicU32,
}

impl<'a, H: Fifo> Handler<'a, H> {
    /// A handler between `hardware` and the two queues.
    pub fn new(
        hardware: H,
        received: Producer<'a, u8>,
        to_send: Consumer<'a, u8>,
        overflowed: &'a AtomicU32,
    ) -> Self {
        Self {
            hardware,
            received,
            to_send,
            overflowed,
        }
    }

    /// Serves one interrupt: empties the receive FIFO and fills the send FIFO.
    pub fn interrupt(&mut self) {
        todo!(
            "{} free places for what came, {} bytes to send, {:?} lost, room to send: {}",
            self.received.capacity() - self.received.len(),
            self.to_send.len(),
            self.overflowed,
            self.hardware.has_room()
        )
    }

    /// Gives the hardware back.
    pub fn release(self) -> H {
        self.hardware
    }
}
