//! The hidden tests: the edges that the rules name, and the board over a longer time.

#[path = "../tests/support/board.rs"]
mod board;
#[path = "../tests/support/pins.rs"]
mod pins;

use std::cell::Cell;
use std::io::ErrorKind;
use std::num::NonZeroU32;
use std::time::Duration;

use blink::app::{App, Error, Mode};
use blink::blinker::Blinker;
use blink::debounce::{Debouncer, Event};
use blink::gpio::{self, Input, Output};
use blink::systick;
use embedded_hal::digital::{InputPin, OutputPin};
use embedded_hal_mock::eh1::MockError;
use embedded_hal_mock::eh1::digital::{Mock, State, Transaction};
use phase7::qemu::Board;

const HALF: NonZeroU32 = NonZeroU32::new(10).expect("ten is not zero");

/// The light keeps its grid where the tick counter wraps.
#[phase7::test(points = 1, rule = 3)]
fn the_light_does_not_notice_that_ticks_wrap() {
    let level = Cell::new(false);
    let Ok(mut blinker) = Blinker::new(pins::Wire(&level));
    let start = u32::MAX - 14;
    let Ok(()) = blinker.start(start, HALF);
    let mut seen = String::new();
    for tick in 0..40 {
        let Ok(()) = blinker.poll(start.wrapping_add(tick));
        seen.push(if level.get() { '#' } else { '.' });
    }
    assert_eq!(
        seen, "##########..........##########..........",
        "the light; ticks wrap at the 16th"
    );
}

/// The window of the button holds across the wrap.
#[phase7::test(points = 1, rule = 3)]
fn the_button_does_not_notice_that_ticks_wrap() {
    for before in 0..8 {
        let events = pins::debounce(5, u32::MAX - before, "‾‾________‾‾‾‾‾‾‾‾");
        let expected = [(7, Event::Pressed), (15, Event::Released)];
        assert_eq!(events, expected, "(poll, event); ticks wrap after poll {before}");
    }
}

/// A poll that missed edges writes once or not at all, and the next edge is on time.
#[phase7::test(points = 1, rule = 2)]
fn a_very_late_poll_writes_at_most_once() {
    // Lit at 0; at 39 three edges were missed, at 65 three more, at 89 two, which cancel out.
    let mut pin = pins::expect_writes(&[0, 1, 0, 1, 0, 1]);
    let mut blinker = Blinker::new(pin.clone()).expect("the pin takes it");
    blinker.start(0, HALF).expect("the pin takes it");
    for now in [39, 65, 89, 89, 90, 100] {
        blinker.poll(now).expect("the pin takes it");
    }
    pin.done();
}

/// When a write fails, the error comes back and the next poll tries again, on the same grid.
#[phase7::test(points = 1, rule = 4)]
fn a_failed_write_is_tried_again() {
    let broken = MockError::Io(ErrorKind::NotConnected);
    let mut pin = Mock::new(&[
        Transaction::set(State::Low),
        Transaction::set(State::High),
        Transaction::set(State::Low).with_error(broken.clone()),
        Transaction::set(State::Low).with_error(broken.clone()),
        Transaction::set(State::Low),
        Transaction::set(State::High),
    ]);
    let mut blinker = Blinker::new(pin.clone()).expect("the pin takes it");
    blinker.start(0, HALF).expect("the pin takes it");
    assert_eq!(blinker.poll(10), Err(broken.clone()), "the poll at 10");
    assert_eq!(blinker.poll(11), Err(broken), "the poll at 11");
    assert_eq!(blinker.poll(12), Ok(()), "the poll at 12");
    assert_eq!(blinker.poll(19), Ok(()), "the poll at 19");
    assert_eq!(blinker.poll(20), Ok(()), "the poll at 20");
    pin.done();
}

/// A window of 20 is 20 ticks, not 19, whether polls come every tick or seldom.
#[phase7::test(points = 1, rule = 5)]
fn the_window_is_exact() {
    let levels = |low| format!("‾{}{}", "_".repeat(low), "‾".repeat(30));
    assert_eq!(
        pins::debounce(20, 0, &levels(20)),
        [],
        "low in 20 samples, which span 19 ticks"
    );
    let expected = [(21, Event::Pressed), (42, Event::Released)];
    assert_eq!(pins::debounce(20, 0, &levels(21)), expected, "low in 21 samples");

    let level = Cell::new(false);
    let mut seldom = Debouncer::new(pins::Wire(&level), 20);
    assert!(!seldom.is_pressed(), "the state at first");
    let events = [100, 112, 119, 131].map(|now| seldom.poll(now));
    assert_eq!(
        events,
        [Ok(None), Ok(None), Ok(None), Ok(Some(Event::Pressed))],
        "polls at 100, 112, 119 and 131"
    );
    assert!(seldom.is_pressed(), "the state after the press");
}

/// One sample a poll; a poll whose sample fails neither counts nor breaks the window.
#[phase7::test(points = 1, rule = 6)]
fn each_poll_samples_the_button_once() {
    let broken = MockError::Io(ErrorKind::NotConnected);
    let low = || Transaction::get(State::Low);
    let mut pin = Mock::new(&[low(), low(), low().with_error(broken.clone()), low(), low()]);
    let mut debouncer = Debouncer::new(pin.clone(), 3);
    let events = [0, 1, 2, 3, 4].map(|now| debouncer.poll(now));
    pin.done();
    let expected = [
        Ok(None),
        Ok(None),
        Err(broken),
        Ok(Some(Event::Pressed)),
        Ok(None),
    ];
    assert_eq!(events, expected, "five polls, the third of which fails");
}

/// A press changes the light in the poll that reports it: lit for a new blink, dark for `Off`.
#[phase7::test(points = 1, rule = 8)]
fn a_press_takes_effect_at_once() {
    let (light, button) = (Cell::new(false), Cell::new(true));
    let Ok(mut app) = App::new(pins::Wire(&light), pins::Wire(&button), 0);
    assert!(light.get(), "the light at the start");
    let mut changes = Vec::new();
    let mut lit = true;
    for now in 1..=2_400 {
        // Pressed from 640, 880 and 1440 on, for 50 ticks each: accepted at 660, 900 and 1460.
        button.set(
            ![640, 880, 1_440]
                .iter()
                .any(|&from| (from..from + 50).contains(&now)),
        );
        let Ok(()) = app.poll(now);
        if light.get() != lit {
            lit = light.get();
            changes.push(now);
        }
    }
    let expected = [500, 660, 760, 860, 900, 1_460, 1_960];
    assert_eq!(
        changes, expected,
        "the ticks at which the light changed; it began lit"
    );
    assert_eq!(app.mode(), Mode::Slow, "the mode after three presses");
}

/// A press whose light cannot be written is lost: mode and blink go on as before, and the next press counts again.
#[phase7::test(points = 1, rule = 8)]
fn a_press_that_the_light_refuses_is_lost() {
    let broken = MockError::Io(ErrorKind::NotConnected);
    let mut led = Mock::new(&[
        Transaction::set(State::Low),
        Transaction::set(State::High),
        Transaction::set(State::Low),
        Transaction::set(State::High).with_error(broken.clone()),
        Transaction::set(State::High),
    ]);
    let button = Cell::new(true);
    let Ok(mut app) = App::new(led.clone(), pins::Wire(&button), 0) else {
        panic!("the light takes the first two levels")
    };
    assert_eq!(app.poll(500), Ok(()), "the poll at 500: dark");
    button.set(false);
    assert_eq!(app.poll(600), Ok(()), "the poll at 600: the button is down");
    assert_eq!(
        app.poll(620),
        Err(Error::Led(broken)),
        "the press, accepted at 620"
    );
    assert_eq!(app.mode(), Mode::Slow, "the mode after a press that is lost");
    for now in [621, 720, 820] {
        assert_eq!(app.poll(now), Ok(()), "the poll at {now}: nothing is due");
    }
    assert_eq!(app.poll(1_000), Ok(()), "the poll at 1000: lit, as ever");
    button.set(true);
    assert_eq!(
        (app.poll(1_100), app.poll(1_120)),
        (Ok(()), Ok(())),
        "the release"
    );
    button.set(false);
    assert_eq!(
        (app.poll(1_200), app.poll(1_220)),
        (Ok(()), Ok(())),
        "the next press"
    );
    assert_eq!(app.mode(), Mode::Fast, "the mode after the next press");
    led.done();
}

/// While the button cannot be read the light is left alone; the edge that was due comes with the next poll.
#[phase7::test(points = 1, rule = 6)]
fn a_button_that_fails_holds_the_light_back() {
    let broken = MockError::Io(ErrorKind::NotConnected);
    let high = || Transaction::get(State::High);
    let mut button = Mock::new(&[high().with_error(broken.clone()), high(), high(), high()]);
    let light = Cell::new(false);
    let Ok(mut app) = App::new(pins::Wire(&light), button.clone(), 0) else {
        panic!("nothing can fail yet")
    };
    assert_eq!(app.poll(500), Err(Error::Button(broken)), "the poll at 500");
    assert!(
        light.get(),
        "the light after the poll at 500, whose button failed"
    );
    let mut seen = Vec::new();
    for now in [503, 999, 1_000] {
        assert_eq!(app.poll(now), Ok(()), "the poll at {now}");
        seen.push(light.get());
    }
    button.done();
    assert_eq!(seen, [false, false, true], "the light at 503, 999 and 1000");
}

/// The application says which of its pins failed.
#[phase7::test(points = 1, rule = 8)]
fn an_error_names_its_pin() {
    let broken = MockError::Io(ErrorKind::NotConnected);
    let mut led = pins::expect_writes(&[0, 1]);
    let mut button = Mock::new(&[Transaction::get(State::High).with_error(broken.clone())]);
    let mut app = App::new(led.clone(), button.clone(), 0)
        .map_err(|_| "the pins")
        .expect("both pins work so far");
    assert_eq!(
        app.poll(1),
        Err(Error::Button(broken.clone())),
        "a poll whose button fails"
    );
    led.done();
    button.done();

    let mut led = Mock::new(&[Transaction::set(State::Low).with_error(broken.clone())]);
    let mut button = Mock::new(&[]);
    let error = App::new(led.clone(), button.clone(), 0).err();
    led.done();
    button.done();
    assert_eq!(error, Some(Error::Led(broken)), "a start whose light fails");
}

/// Setting a pin up changes no bit of another.
#[phase7::test(points = 1, rule = 11)]
fn the_other_pins_keep_their_configuration() {
    let port = gpio::Registers::new();
    for register in [&port.dir, &port.afsel, &port.pur, &port.den] {
        register.write(0b1010_0101);
    }
    let _output = Output::new(&port, 1);
    let _input = Input::pulled_up(&port, 2);
    assert_eq!(port.dir.read(), 0b1010_0011, "DIR");
    assert_eq!(port.afsel.read(), 0b1010_0001, "AFSEL");
    assert_eq!(port.pur.read(), 0b1010_0101, "PUR");
    assert_eq!(port.den.read(), 0b1010_0111, "DEN");
}

/// Levels pass through the one DATA address that belongs to the pin; no other is written.
#[phase7::test(points = 1, rule = 12)]
fn a_pin_has_a_data_address_of_its_own() {
    let port = gpio::Registers::new();
    for register in &port.data {
        register.write(0xA5);
    }
    let mut led = Output::new(&port, 6);
    let Ok(()) = led.set_high();
    assert_eq!(
        port.data[0x40].read() & 0x40,
        0x40,
        "DATA of pin 6 after set_high"
    );
    let touched: Vec<usize> = (0..256).filter(|&mask| port.data[mask].read() != 0xA5).collect();
    assert_eq!(touched, [0x40], "the masks whose DATA was written");

    let mut button = Input::pulled_up(&port, 5);
    port.data[0x20].write(0);
    assert_eq!(
        button.is_low(),
        Ok(true),
        "is_low, with DATA of pin 5 clear and all others not"
    );
}

/// The longest period is 2^24 cycles; what the counter cannot do is refused.
#[phase7::test(points = 1, rule = 13)]
fn systick_refuses_what_it_cannot_count() {
    let longest = systick::Registers::new();
    systick::start(&longest, 1 << 24);
    assert_eq!(longest.rvr.read(), 0x00FF_FFFF, "RVR for 2^24 cycles");
    for period in [0, 1, (1 << 24) + 1] {
        let refused = std::panic::catch_unwind(|| systick::start(&systick::Registers::new(), period));
        assert!(refused.is_err(), "a period of {period} cycles is refused");
    }
}

/// The registers of the board, read from outside while the firmware runs.
#[phase7::test(
    points = 2,
    rule = 15,
    timeout_s = 120,
    needs = "qemu-system-arm, thumbv7m-none-eabi"
)]
fn the_board_is_set_up() {
    let mut board = board::boot();
    board.run_for(Duration::from_micros(100_250));
    assert_eq!(
        board.read(0x400F_E108),
        1 << 5,
        "RCGC2: the clock of port F, and of no other"
    );
    assert_eq!(board.read(0x400F_E060), 0x078E_3AC0, "RCC, as it is after reset");
    assert_eq!(board.read(0x4002_5400), 0b01, "DIR of port F");
    assert_eq!(board.read(0x4002_5420), 0b00, "AFSEL of port F");
    assert_eq!(board.read(0x4002_5510), 0b10, "PUR of port F");
    assert_eq!(board.read(0x4002_551C), 0b11, "DEN of port F");
}

/// Twenty edges later the light is as exact as at the first.
#[phase7::test(
    points = 2,
    rule = 16,
    timeout_s = 120,
    needs = "qemu-system-arm, thumbv7m-none-eabi"
)]
fn the_light_does_not_drift() {
    let mut board = board::boot();
    board.run_for(Duration::from_micros(10_100_250));
    let edges = board::light(&mut board, Duration::ZERO);
    assert_eq!(edges.len(), 21, "edges of PF0 in 10.1 s");
    for (number, edge) in (0..).zip(&edges) {
        let expected = edges[0].at_us + number * 500_000;
        assert!(
            edge.at_us.abs_diff(expected) <= 200,
            "edge {number} at {} µs, not {expected}",
            edge.at_us
        );
        assert_eq!(edge.high, number % 2 == 0, "the level after edge {number}");
    }
}

/// Presses and releases that bounce count once, and only the press changes the light.
#[phase7::test(
    points = 3,
    rule = 17,
    timeout_s = 120,
    needs = "qemu-system-arm, thumbv7m-none-eabi"
)]
fn a_bouncing_press_counts_once() {
    let mut board = board::boot();
    board.run_for(Duration::from_micros(100_250));
    board::sleeps(&mut board, Duration::from_millis(500));
    let rest_us = bouncing_press(&mut board, 700);
    let fast = board::light(&mut board, Duration::from_millis(700));
    assert!(
        is_accepted(fast[0].at_us, rest_us),
        "lit 20 to 30 ms after {rest_us} µs: {fast:?}"
    );
    assert!(
        fast.len() >= 9,
        "the light goes on blinking after the release: {fast:?}"
    );
    for interval in board::intervals_us(&fast) {
        assert!(
            interval.abs_diff(100_000) <= 200,
            "{interval} µs between two edges: {fast:?}"
        );
    }

    let rest_us = bouncing_press(&mut board, 1_750);
    let off = board::light(&mut board, Duration::from_micros(rest_us + 30_000));
    assert_eq!(off, [], "edges of the light from 30 ms after {rest_us} µs on");

    let rest_us = bouncing_press(&mut board, 2_750);
    let slow = board::light(&mut board, Duration::from_millis(2_750));
    assert!(
        is_accepted(slow[0].at_us, rest_us),
        "lit 20 to 30 ms after {rest_us} µs: {slow:?}"
    );
    assert_eq!(
        board::intervals_us(&slow),
        [500_000],
        "µs between the edges of the light: {slow:?}"
    );
}

/// Presses the button at `at_ms`, bouncing, and releases it, bouncing; waits until 1 s after the press. When the
/// pressed contact came to rest, in microseconds.
fn bouncing_press(board: &mut Board, at_ms: u64) -> u64 {
    const REST_MS: u64 = 22;
    // A quarter of a millisecond beside the ticks, so that no sample falls on a bounce.
    let begin = Duration::from_micros(at_ms * 1_000 + 250);
    let mut pressed = false;
    for edge_ms in [0, 3, 5, 10, 11, 15, REST_MS, 222, 224, 227, 233, 234] {
        board.run_until(begin + Duration::from_millis(edge_ms));
        pressed = !pressed;
        board::press(board, pressed);
    }
    board.run_until(begin + Duration::from_secs(1));
    (at_ms + REST_MS) * 1_000 + 250
}

/// Whether a press that came to rest at `rest_us` may change the light at `at_us`.
fn is_accepted(at_us: u64, rest_us: u64) -> bool {
    (rest_us + 20_000 - 250..=rest_us + 30_000).contains(&at_us)
}

/// The processor sleeps between ticks.
#[phase7::test(
    points = 2,
    rule = 18,
    timeout_s = 120,
    needs = "qemu-system-arm, thumbv7m-none-eabi"
)]
fn the_processor_sleeps_between_ticks() {
    let mut board = board::boot();
    board.run_for(Duration::from_micros(100_250));
    board::sleeps(&mut board, Duration::from_secs(2));
    assert_eq!(
        board::light(&mut board, Duration::ZERO).len(),
        5,
        "edges of the light meanwhile"
    );
}

/// The light blinks at the wrong time.
#[phase7::wire]
fn the_light_is_lit_on_time() {
    let level = Cell::new(false);
    let Ok(mut blinker) = Blinker::new(pins::Wire(&level));
    let Ok(()) = blinker.start(7, HALF);
    let mut seen = Vec::new();
    for now in [7, 16, 17, 27] {
        let Ok(()) = blinker.poll(now);
        seen.push(level.get());
    }
    assert_eq!(seen, [false, false, true, true], "the light at 7, 16, 17 and 27");
}

/// A button that nobody touches is pressed and released.
#[phase7::wire]
fn events_come_in_pairs() {
    let events = pins::debounce(5, 40, "‾‾‾‾‾‾‾‾‾‾‾‾");
    assert_eq!(
        events,
        [(3, Event::Released), (9, Event::Pressed)],
        "(tick, event)"
    );
}
