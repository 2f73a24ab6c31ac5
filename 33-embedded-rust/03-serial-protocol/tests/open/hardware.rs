//! The interrupt's half, and the firmware on its board.

use std::sync::atomic::{AtomicU32, Ordering};

use heapless::spsc::Queue;
use serial_protocol::message::{Reply, Request};
use serial_protocol::pl011::{Pl011, Registers};
use serial_protocol::uart::Handler;

use super::board::Host;
use super::fifo::TestFifo;

/// Bytes go from the FIFO into the queue and from the queue into the FIFO, in order.
#[phase7::test(points = 2, rule = 28)]
fn the_handler_moves_bytes_both_ways() {
    let (mut received, mut to_send) = (Queue::<u8, 64>::new(), Queue::<u8, 64>::new());
    let (from_line, mut received) = received.split();
    let (mut to_send, to_line) = to_send.split();
    let (fifo, overflowed) = (TestFifo::default(), AtomicU32::new(0));
    let mut handler = Handler::new(fifo.clone(), from_line, to_line, &overflowed);
    fifo.0.borrow_mut().received.extend(b"in");
    for &byte in b"sixteen and four more" {
        to_send.enqueue(byte).expect("there is room");
    }
    handler.interrupt();
    assert_eq!(
        [received.dequeue(), received.dequeue(), received.dequeue()],
        [Some(b'i'), Some(b'n'), None],
        "received"
    );
    let sent: Vec<u8> = fifo.0.borrow_mut().to_send.drain(..).collect();
    assert_eq!(sent, b"sixteen and four", "what the send FIFO was given");
    assert_eq!(
        fifo.0.borrow().interrupts,
        Some(true),
        "whether the interrupt shall come again"
    );
    handler.interrupt();
    let sent: Vec<u8> = fifo.0.borrow_mut().to_send.drain(..).collect();
    assert_eq!(sent, b" more", "what it was given next");
    assert_eq!(overflowed.load(Ordering::Relaxed), 0, "bytes lost");
}

/// The UART is set up for 115200 baud at 12.5 MHz.
#[phase7::test(points = 1, rule = 30)]
fn the_uart_is_set_up() {
    let registers = Registers::new();
    let _uart = Pl011::start(&registers, 12_500_000, 115_200);
    assert_eq!(
        (registers.ibrd.read(), registers.fbrd.read()),
        (6, 50),
        "IBRD and FBRD"
    );
    assert_eq!(registers.lcrh.read(), 0x70, "LCRH");
    assert_eq!(registers.im.read(), 0x50, "IM");
    assert_eq!(registers.ctl.read(), 0x301, "CTL");
}

/// The board says welcome and answers.
#[phase7::test(
    points = 3,
    rule = 31,
    timeout_s = 120,
    needs = "qemu-system-arm, thumbv7m-none-eabi"
)]
fn the_board_answers() {
    let mut host = Host::boot();
    assert_eq!(host.hello(7, [1, 2]), 2, "the version agreed on");
    for token in [1, 300, u32::MAX] {
        assert_eq!(
            host.ask(&Request::Ping { token }),
            Reply::Pong { token },
            "the answer to Ping"
        );
    }
}

/// An image goes to the board, the board restarts, and the image is on trial.
#[phase7::test(
    points = 3,
    rule = 33,
    timeout_s = 120,
    needs = "qemu-system-arm, thumbv7m-none-eabi"
)]
fn the_board_is_updated_and_restarts() {
    let mut host = Host::boot();
    host.hello(7, [1, 2]);
    let image = super::noise::Random(3).bytes(500);
    let crc = serial_protocol::crc::Crc32::of(&image);
    assert_eq!(host.update(&image, crc), Reply::Done, "the answer to Finish");
    host.restart();
    host.hello(8, [1, 2]);
    let Reply::Info(info) = host.ask(&Request::Info) else {
        panic!("the answer to Info is another")
    };
    assert_eq!(
        (info.length, info.crc, info.is_trial),
        (500, crc, true),
        "length, CRC and trial of what runs"
    );
}
