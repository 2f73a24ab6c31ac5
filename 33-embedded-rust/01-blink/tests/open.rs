//! The open tests, easiest first: registers, the light, the button, the application, and the board itself.

#[path = "support/board.rs"]
mod board;
#[path = "support/pins.rs"]
mod pins;

use std::cell::Cell;
use std::mem::offset_of;
use std::num::NonZeroU32;
use std::time::Duration;

use blink::app::{App, Mode};
use blink::blinker::Blinker;
use blink::debounce::Event;
use blink::gpio::{self, Input, Output};
use blink::register::Register;
use blink::{clock, systick};
use embedded_hal::digital::{InputPin, OutputPin};

const HALF: NonZeroU32 = NonZeroU32::new(10).expect("ten is not zero");

/// A register keeps what is written, and `modify` changes what is there.
#[phase7::test(points = 1, rule = 10)]
fn a_register_keeps_what_is_written() {
    let register = Register::new(0x0000_00F0);
    let same = &register;
    assert_eq!(register.read(), 0x0000_00F0, "what `new` was given");
    register.write(0xFFFF_0001);
    assert_eq!(
        same.read(),
        0xFFFF_0001,
        "what was written, through another reference"
    );
    same.modify(|bits| (bits & !1) | 0x10);
    assert_eq!(register.read(), 0xFFFF_0010, "what `modify` made of it");
}

/// The fields of `gpio::Registers` lie at the offsets of the data sheet.
#[phase7::test(points = 2, rule = 9)]
fn registers_lie_where_the_data_sheet_says() {
    assert_eq!(size_of::<Register>(), 4, "the size of a register");
    assert_eq!(offset_of!(gpio::Registers, data), 0x000, "DATA");
    assert_eq!(offset_of!(gpio::Registers, dir), 0x400, "DIR");
    assert_eq!(offset_of!(gpio::Registers, afsel), 0x420, "AFSEL");
    assert_eq!(offset_of!(gpio::Registers, drive), 0x500, "DR2R");
    assert_eq!(offset_of!(gpio::Registers, pur), 0x510, "PUR");
    assert_eq!(offset_of!(gpio::Registers, den), 0x51C, "DEN");
}

/// An output is configured, then drives its level through its own DATA address.
#[phase7::test(points = 1, rule = 11)]
fn an_output_is_digital_and_driven() {
    let port = gpio::Registers::new();
    port.afsel.write(0b0000_1000);
    let mut led = Output::new(&port, 3);
    assert_eq!(port.dir.read(), 0b0000_1000, "DIR");
    assert_eq!(port.den.read(), 0b0000_1000, "DEN");
    assert_eq!(port.afsel.read(), 0, "AFSEL");
    let Ok(()) = led.set_high();
    assert_ne!(
        port.data[0b0000_1000].read() & 0b0000_1000,
        0,
        "DATA of pin 3 after set_high"
    );
    let Ok(()) = led.set_low();
    assert_eq!(
        port.data[0b0000_1000].read() & 0b0000_1000,
        0,
        "DATA of pin 3 after set_low"
    );
}

/// An input is configured with its pull-up, then read through its own DATA address.
#[phase7::test(points = 1, rule = 11)]
fn an_input_is_digital_and_pulled_up() {
    let port = gpio::Registers::new();
    port.dir.write(0b0000_0010);
    let mut button = Input::pulled_up(&port, 1);
    assert_eq!(port.dir.read(), 0, "DIR");
    assert_eq!(port.pur.read(), 0b0000_0010, "PUR");
    assert_eq!(port.den.read(), 0b0000_0010, "DEN");
    port.data[0b0000_0010].write(0b0000_0010);
    assert_eq!(button.is_high(), Ok(true), "is_high, with the pin high");
    port.data[0b0000_0010].write(0);
    assert_eq!(button.is_low(), Ok(true), "is_low, with the pin low");
}

/// SysTick is set up for a period of one millisecond.
#[phase7::test(points = 1, rule = 13)]
fn systick_counts_whole_periods() {
    let registers = systick::Registers::new();
    systick::start(&registers, 12_500);
    assert_eq!(registers.rvr.read(), 12_499, "RVR");
    assert_eq!(registers.cvr.read(), 0, "CVR");
    assert_eq!(registers.csr.read(), 0b111, "CSR");
}

/// Each call of `tick` is one tick.
#[phase7::test(points = 1, rule = 14)]
fn the_clock_counts_ticks() {
    let before = clock::now();
    clock::tick();
    clock::tick();
    clock::tick();
    assert_eq!(clock::now().wrapping_sub(before), 3, "ticks counted");
}

/// A blink begins lit and changes every half period.
#[phase7::test(points = 1, rule = 1)]
fn a_blink_begins_lit_and_changes_every_half_period() {
    let level = Cell::new(false);
    let Ok(mut blinker) = Blinker::new(pins::Wire(&level));
    let Ok(()) = blinker.start(100, HALF);
    let mut seen = String::new();
    for now in 100..140 {
        let Ok(()) = blinker.poll(now);
        seen.push(if level.get() { '#' } else { '.' });
    }
    assert_eq!(
        seen, "##########..........##########..........",
        "the light, tick by tick"
    );
}

/// Polls that come seven ticks late leave later edges where they belong.
#[phase7::test(points = 2, rule = 2)]
fn late_polls_do_not_move_the_grid() {
    let level = Cell::new(false);
    let Ok(mut blinker) = Blinker::new(pins::Wire(&level));
    let Ok(()) = blinker.start(0, HALF);
    let mut seen = Vec::new();
    for now in [0, 17, 19, 20, 37, 39, 40, 57, 59, 60] {
        let Ok(()) = blinker.poll(now);
        seen.push((now, level.get()));
    }
    let expected = [0, 17, 19, 20, 37, 39, 40, 57, 59, 60].map(|now| (now, now / 10 % 2 == 0));
    assert_eq!(seen, expected, "(tick of the poll, lit)");
}

/// `start` on a lit light and `stop` on a dark one write nothing, nor do polls between edges.
#[phase7::test(points = 1, rule = 4)]
fn the_pin_is_written_only_when_its_level_changes() {
    let mut pin = pins::expect_writes(&[0, 1, 0, 1, 0]);
    let mut blinker = Blinker::new(pin.clone()).expect("the pin takes it");
    blinker.stop().expect("nothing to write");
    blinker.poll(3).expect("nothing to write");
    blinker.start(5, HALF).expect("the pin takes it");
    blinker.start(8, HALF).expect("nothing to write");
    for now in 8..=28 {
        blinker.poll(now).expect("the pin takes it");
    }
    blinker.stop().expect("the pin takes it");
    blinker.poll(48).expect("nothing to write");
    pin.done();
}

/// A press and a release are reported once each, a window after the change.
#[phase7::test(points = 2, rule = 5)]
fn a_press_is_reported_once() {
    let events = pins::debounce(5, 0, "‾‾‾____________‾‾‾‾‾‾‾‾‾‾");
    assert_eq!(
        events,
        [(8, Event::Pressed), (20, Event::Released)],
        "(tick, event)"
    );
}

/// While the contact bounces nothing is reported; the window begins anew at each bounce.
#[phase7::test(points = 1, rule = 5)]
fn bounces_are_not_reported() {
    let events = pins::debounce(5, 0, "‾‾_‾__‾____‾_______‾‾‾‾_‾‾‾‾‾‾‾");
    assert_eq!(
        events,
        [(17, Event::Pressed), (29, Event::Released)],
        "(tick, event)"
    );
}

/// Each press leads to the next mode, and the third to the first.
#[phase7::test(points = 2, rule = 7)]
fn presses_step_through_the_modes() {
    let (light, button) = (Cell::new(false), Cell::new(true));
    let Ok(mut app) = App::new(pins::Wire(&light), pins::Wire(&button), 0);
    let mut modes = vec![app.mode()];
    let mut now = 0;
    for _ in 0..4 {
        for pressed in [true, false] {
            button.set(!pressed);
            for _ in 0..50 {
                now += 1;
                let Ok(()) = app.poll(now);
            }
        }
        modes.push(app.mode());
    }
    assert_eq!(
        modes,
        [Mode::Slow, Mode::Fast, Mode::Off, Mode::Slow, Mode::Fast],
        "the modes"
    );
    let half_periods =
        [Mode::Slow, Mode::Fast, Mode::Off].map(|mode| mode.half_period().map(NonZeroU32::get));
    assert_eq!(half_periods, [Some(500), Some(100), None], "ticks between edges");
}

/// On the board the light changes every 500 ms.
#[phase7::test(
    points = 3,
    rule = 16,
    timeout_s = 120,
    needs = "qemu-system-arm, thumbv7m-none-eabi"
)]
fn the_light_blinks_once_a_second() {
    let mut board = board::boot();
    board.run_for(Duration::from_micros(2_100_250));
    let edges = board::light(&mut board, Duration::ZERO);
    let levels: Vec<bool> = edges.iter().map(|edge| edge.high).collect();
    assert_eq!(
        levels,
        [true, false, true, false, true],
        "the levels of PF0 after its edges in 2.1 s"
    );
    for interval in board::intervals_us(&edges) {
        assert!(
            interval.abs_diff(500_000) <= 200,
            "{interval} µs between two edges of PF0"
        );
    }
}

/// On the board the processor sleeps from tick to tick.
#[phase7::test(
    points = 1,
    rule = 18,
    timeout_s = 120,
    needs = "qemu-system-arm, thumbv7m-none-eabi"
)]
fn the_processor_sleeps() {
    let mut board = board::boot();
    board.run_until(Duration::from_micros(100_250));
    board::sleeps(&mut board, Duration::from_millis(300));
}

/// On the board a clean press makes the light blink five times a second.
#[phase7::test(
    points = 2,
    rule = 17,
    timeout_s = 120,
    needs = "qemu-system-arm, thumbv7m-none-eabi"
)]
fn a_press_makes_the_light_blink_faster() {
    let mut board = board::boot();
    board.run_until(Duration::from_micros(100_250));
    board::sleeps(&mut board, Duration::from_millis(600));
    let slow = board::light(&mut board, Duration::ZERO);
    assert!(
        matches!(board::intervals_us(&slow)[..], [interval] if interval.abs_diff(500_000) <= 200),
        "two edges of PF0, 500 ms apart, before PF1 is pressed at 0.7 s: {slow:?}"
    );
    board::press(&mut board, true);
    board.run_until(Duration::from_micros(900_250));
    board::press(&mut board, false);
    board.run_until(Duration::from_micros(1_500_250));
    let edges = board::light(&mut board, Duration::from_micros(700_250));
    assert!(edges.len() >= 7, "the light blinks after the press: {edges:?}");
    for interval in board::intervals_us(&edges) {
        assert!(
            interval.abs_diff(100_000) <= 200,
            "{interval} µs between two edges of PF0: {edges:?}"
        );
    }
}
