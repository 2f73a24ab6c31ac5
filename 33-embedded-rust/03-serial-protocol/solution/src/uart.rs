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

use core::sync::atomic::{AtomicU32, Ordering};

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
        while let Some(byte) = self.hardware.read() {
            if self.received.enqueue(byte).is_err() {
                // Only this handler writes it: a load and a store are enough, and no other count is lost.
                let count = self.overflowed.load(Ordering::Relaxed);
                self.overflowed.store(count.wrapping_add(1), Ordering::Relaxed);
            }
        }
        while self.hardware.has_room()
            && let Some(byte) = self.to_send.dequeue()
        {
            self.hardware.write(byte);
        }
        let is_waiting = self.to_send.ready();
        self.hardware.interrupt_on_room(is_waiting);
    }

    /// Gives the hardware back.
    pub fn release(self) -> H {
        self.hardware
    }
}
