//! The interrupt's half at its limits, and the board on a bad line.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use heapless::spsc::Queue;
use serial_protocol::crc::Crc32;
use serial_protocol::flash::Slot;
use serial_protocol::message::{Info, Refusal, Reply, Request};
use serial_protocol::pl011::{Pl011, Registers};
use serial_protocol::uart::{Fifo, Handler};

use super::board::Host;
use super::fifo::TestFifo;
use super::noise::{Noise, Random};
use super::peer::{DATA, frame, request};

/// The first address behind the stack and what is linked: the stack grows down from here.
const STACK_TOP: u32 = 0x2000_7800;

/// Bytes that the stack may take.
const STACK_MAX: u32 = 4 * 1024;

/// A full queue keeps what it has; what is lost is counted, and the FIFO is emptied all the same.
#[phase7::test(points = 2, rule = 28)]
fn what_finds_no_room_is_counted() {
    let (mut received, mut to_send) = (Queue::<u8, 8>::new(), Queue::<u8, 8>::new());
    let (from_line, mut received) = received.split();
    let (_, to_line) = to_send.split();
    let (fifo, overflowed) = (TestFifo::default(), AtomicU32::new(0));
    let mut handler = Handler::new(fifo.clone(), from_line, to_line, &overflowed);
    for round in 1..=2 {
        fifo.0.borrow_mut().received.extend(0..10);
        handler.interrupt();
        assert!(
            fifo.0.borrow().received.is_empty(),
            "the FIFO is empty after interrupt {round}"
        );
        let kept: Vec<u8> = std::iter::from_fn(|| received.dequeue()).collect();
        assert_eq!(
            kept,
            [0, 1, 2, 3, 4, 5, 6],
            "what a queue of seven kept of ten bytes"
        );
        assert_eq!(overflowed.load(Ordering::Relaxed), 3 * round, "bytes lost so far");
    }
}

/// The interrupt for room comes only while something waits for it.
#[phase7::test(points = 1, rule = 29)]
fn the_interrupt_for_room_is_on_while_bytes_wait() {
    let (mut received, mut to_send) = (Queue::<u8, 64>::new(), Queue::<u8, 64>::new());
    let (from_line, _received) = received.split();
    let (mut to_send, to_line) = to_send.split();
    let (fifo, overflowed) = (TestFifo::default(), AtomicU32::new(0));
    let mut handler = Handler::new(fifo.clone(), from_line, to_line, &overflowed);
    let mut sent = Vec::new();
    let mut steps = Vec::new();
    for count in [0, 16, 17, 0, 3] {
        (0..count).for_each(|byte| to_send.enqueue(byte).expect("there is room"));
        handler.interrupt();
        let mut inside = fifo.0.borrow_mut();
        sent.push(inside.to_send.len());
        steps.push(inside.interrupts);
        // The line takes all but two bytes.
        let left = inside.to_send.len().min(2);
        inside.to_send.truncate(left);
    }
    assert_eq!(
        sent,
        [0, 16, 16, 5, 5],
        "bytes in the send FIFO after each interrupt"
    );
    assert_eq!(
        steps,
        [false, false, true, false, false].map(Some),
        "whether the interrupt for room is on"
    );
}

/// Divisors are rounded to the nearest 64th; the FIFO's flags decide, and the interrupt for room is bit 5.
#[phase7::test(points = 1, rule = 30)]
fn the_uart_obeys_its_flags() {
    let registers = Registers::new();
    for (clock_hz, baud, divisors) in [
        (12_500_000, 9_600, (81, 24)),
        (16_000_000, 115_200, (8, 44)),
        (50_000_000, 921_600, (3, 25)),
    ] {
        let _uart = Pl011::start(&registers, clock_hz, baud);
        assert_eq!(
            (registers.ibrd.read(), registers.fbrd.read()),
            divisors,
            "{baud} baud at {clock_hz} Hz"
        );
    }
    let mut uart = Pl011::start(&registers, 12_500_000, 115_200);
    registers.dr.write(0xF41);
    registers.fr.write(1 << 4);
    assert_eq!(uart.read(), None, "a byte, with RXFE set");
    registers.fr.write(1 << 5);
    assert_eq!(uart.read(), Some(0x41), "a byte, with error bits above it");
    assert!(!uart.has_room(), "room, with TXFF set");
    registers.fr.write(0);
    assert!(uart.has_room(), "room, with TXFF clear");
    uart.write(0xA5);
    assert_eq!(registers.dr.read(), 0xA5, "DR after a byte was written");
    let masks = [true, false].map(|enabled| {
        uart.interrupt_on_room(enabled);
        registers.im.read()
    });
    assert_eq!(masks, [0x70, 0x50], "IM with the interrupt for room on, and off");
}

/// The registers of the board, read from outside, and a processor that sleeps while nothing comes.
#[phase7::test(
    points = 2,
    rule = 31,
    timeout_s = 120,
    needs = "qemu-system-arm, thumbv7m-none-eabi"
)]
fn the_board_is_set_up_and_sleeps() {
    let mut host = Host::boot();
    assert_eq!(host.hello(1, [1, 1]), 1, "the version agreed on");
    let board = &mut host.board;
    assert_eq!(
        (board.read(0x400F_E104) & 1, board.read(0x400F_E108) & 1),
        (1, 1),
        "clocks of UART0 and port A"
    );
    assert_eq!(
        (board.read(0x4000_4420) & 3, board.read(0x4000_451C) & 3),
        (3, 3),
        "AFSEL and DEN of PA0 and PA1"
    );
    assert_eq!(
        (board.read(0x4000_C024), board.read(0x4000_C028)),
        (6, 50),
        "IBRD and FBRD"
    );
    assert_eq!(
        (board.read(0x4000_C02C), board.read(0x4000_C030)),
        (0x70, 0x301),
        "LCRH and CTL"
    );
    let before = board.instructions();
    board.run_for(Duration::from_millis(500));
    let per_ms = (board.instructions() - before) / 500;
    assert!(
        (1..=300).contains(&per_ms),
        "{per_ms} instructions a millisecond, with nothing on the line"
    );
}

/// An update over a line that damages one byte in 250, each way.
#[phase7::test(
    points = 3,
    rule = 32,
    timeout_s = 120,
    needs = "qemu-system-arm, thumbv7m-none-eabi"
)]
fn the_board_is_updated_over_noise() {
    let mut host = Host::boot();
    host.noise = [Noise::new(5, 250), Noise::new(6, 250)];
    host.hello(0x0102, [1, 2]);
    let image = Random(4).bytes(2_222);
    let crc = Crc32::of(&image);
    assert_eq!(host.update(&image, crc), Reply::Done, "the answer to Finish");
    let Reply::Counters(counters) = host.ask(&Request::Counters) else {
        panic!("the answer to Counters is another")
    };
    assert_eq!(
        (counters.delivered, counters.overflowed),
        (21, 0),
        "messages delivered to the board, bytes lost"
    );
    assert!(
        counters.damaged > 0 && counters.resent > 0,
        "the line was noisy: {counters:?}"
    );
    let bytes: Vec<u8> = (0..2_224)
        .step_by(4)
        .flat_map(|at| host.board.read(0x2000_7800 + Slot::B.base() + at).to_le_bytes())
        .collect();
    assert_eq!(bytes[..2_222], image, "slot B of the board");
}

/// The board loses power in the middle of an update, then while the new image is on trial.
#[phase7::test(
    points = 3,
    rule = 33,
    timeout_s = 120,
    needs = "qemu-system-arm, thumbv7m-none-eabi"
)]
fn the_board_survives_resets() {
    let mut host = Host::boot();
    host.hello(1, [1, 2]);
    let image = Random(7).bytes(400);
    let crc = Crc32::of(&image);
    let begin = Request::Begin { length: 400, crc };
    assert_eq!(host.ask(&begin), Reply::Progress { written: 0 }, "Begin");
    let chunk = Request::Chunk {
        offset: 0,
        data: &image[..128],
    };
    assert_eq!(host.ask(&chunk), Reply::Progress { written: 128 }, "Chunk");
    // Half a frame is on the line when the power goes.
    let half = frame(2, DATA, 1, 2, &request(&Request::Finish)).wire();
    host.send(&half[..6]);
    host.cut_power();
    host.hello(2, [1, 2]);
    assert_eq!(
        host.ask(&Request::Finish),
        Reply::Refused(Refusal::NotBegun),
        "Finish, after the reset"
    );
    assert_eq!(host.update(&image, crc), Reply::Done, "the whole update");
    host.restart();
    let info = |slot, is_trial, rolled_back| {
        let (length, crc) = if slot == Slot::B { (400, crc) } else { (0, 0) };
        Reply::Info(Info {
            slot,
            is_trial,
            rolled_back,
            length,
            crc,
        })
    };
    for start in 1..=3 {
        host.hello(10 + start, [1, 2]);
        assert_eq!(
            host.ask(&Request::Info),
            info(Slot::B, true, false),
            "start {start} of the trial"
        );
        host.cut_power();
    }
    host.hello(20, [1, 2]);
    assert_eq!(
        host.ask(&Request::Info),
        info(Slot::A, false, true),
        "the start after it"
    );
    assert_eq!(host.update(&image, crc), Reply::Done, "the update again");
    host.restart();
    host.hello(21, [1, 2]);
    assert_eq!(host.ask(&Request::Confirm), Reply::Done, "Confirm");
    for session in 30..34 {
        host.cut_power();
        host.hello(session, [1, 2]);
        assert_eq!(
            host.ask(&Request::Info),
            info(Slot::B, false, false),
            "after it was confirmed"
        );
    }
}

/// The firmware's static memory, and its stack after a storm on the line, seen from outside.
#[phase7::test(
    points = 3,
    rule = 34,
    timeout_s = 120,
    needs = "qemu-system-arm, thumbv7m-none-eabi"
)]
fn the_firmware_keeps_to_its_memory() {
    let elf = std::fs::read(phase7::firmware!("thumbv7m-none-eabi")).expect("it was just built");
    let (flash_used, ram_used) = segments(&elf);
    assert!(
        (1_024..=20_480).contains(&flash_used),
        "{flash_used} bytes of code and constants"
    );
    assert!(
        (512..=2_048).contains(&ram_used),
        "{ram_used} bytes of static variables"
    );

    let mut host = Host::boot();
    host.hello(1, [1, 2]);
    host.send(&Random(8).bytes(1_500));
    host.send(&[1; 600]);
    host.send(&frame(2, DATA, 1, 0, &[3; 160]).wire());
    host.cut_power();
    host.hello(2, [1, 2]);
    assert_eq!(
        host.update(&[9; 130], Crc32::of(&[9; 130])),
        Reply::Done,
        "an update after the storm"
    );
    // RAM is zero until it is written to.
    let mut word = |below: u32| host.board.read(STACK_TOP - below);
    let used = (4..=STACK_MAX).step_by(4).filter(|&below| word(below) != 0).max();
    assert!(
        used.is_some_and(|used| used >= 64),
        "the stack begins at {STACK_TOP:#x}"
    );
    let deeper = (STACK_MAX + 4..=STACK_MAX + 4_096)
        .step_by(4)
        .find(|&below| word(below) != 0);
    assert_eq!(
        deeper, None,
        "a word below the {STACK_MAX} bytes of the stack that was written to"
    );
}

/// What the segments of an ELF file take of the flash and of RAM, from their program headers.
fn segments(elf: &[u8]) -> (u32, u32) {
    let word = |at: usize| u32::from_le_bytes(elf[at..at + 4].try_into().expect("four bytes"));
    let half = |at: usize| usize::from(u16::from_le_bytes([elf[at], elf[at + 1]]));
    let (mut in_flash, mut in_ram) = (0, 0);
    for number in 0..half(0x2C) {
        let header = word(0x1C) as usize + number * half(0x2A);
        // Of PT_LOAD: where it runs, how much the file has of it, how much memory it takes.
        let (address, in_file, in_memory) = (word(header + 8), word(header + 16), word(header + 20));
        if word(header) == 1 {
            in_flash += in_file;
            in_ram += if address >= 0x2000_0000 { in_memory } else { 0 };
        }
    }
    (in_flash, in_ram)
}
