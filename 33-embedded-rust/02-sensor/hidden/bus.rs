//! The controller, recovery, delays and samples: the edges that rules 17 to 24 name.

use embedded_hal::i2c::{Error as _, ErrorKind, I2c, NoAcknowledgeSource, Operation};
use sensor::app::Channel;
use sensor::clock;
use sensor::delay::Ticks;
use sensor::i2c::{Controller, Error as I2cError, Turnaround};
use sensor::recovery::{self, recover};
use sensor::temperature::Temperature;

use super::controller::{Chip, Fault};
use super::wires::{HalfPeriods, Wires};

/// SCL is never faster than asked, and as fast as that allows.
#[phase7::test(points = 1, rule = 17)]
fn the_bus_is_never_too_fast() {
    for (core_clock_hz, scl_hz, mtpr) in [
        (12_500_000, 100_000, 6),
        (20_000_000, 100_000, 9),
        (20_000_000, 400_000, 2),
        (8_000_000, 400_000, 0),
        (6_000_000, 400_000, 0),
        (50_000_000, 19_532, 127),
    ] {
        let chip = Chip::new(Fault::None, &[]);
        Controller::new(&chip, core_clock_hz, scl_hz, Turnaround::RepeatedStart);
        assert_eq!(
            chip.setup(),
            (0x10, mtpr),
            "MCR and MTPR for {scl_hz} Hz of {core_clock_hz} Hz"
        );
    }
    let chip = std::panic::AssertUnwindSafe(Chip::new(Fault::None, &[]));
    let refused = std::panic::catch_unwind(|| {
        Controller::new(&*chip, 50_000_000, 19_531, Turnaround::RepeatedStart);
    });
    assert!(refused.is_err(), "19,531 Hz of 50 MHz: MTPR would be 128");
}

/// Neighbours in one direction are one transfer, with a START before it and none within.
#[phase7::test(points = 2, rule = 18)]
fn operations_in_one_direction_are_one_transfer() {
    let moved = |turnaround| {
        let chip = Chip::new(Fault::None, &[0xA0, 0xA1, 0xA2, 0xA3]);
        let (mut one, mut two, mut last) = ([0; 1], [0; 2], [0; 1]);
        let result = chip.controller(turnaround).transaction(
            0x49,
            &mut [
                Operation::Write(&[0x01]),
                Operation::Write(&[0x02, 0x03]),
                Operation::Read(&mut one),
                Operation::Read(&mut two),
                Operation::Write(&[0x04]),
                Operation::Read(&mut last),
            ],
        );
        assert_eq!(result, Ok(()), "the transaction");
        assert_eq!((one, two, last), ([0xA0], [0xA1, 0xA2], [0xA3]), "what was read");
        chip.wires()
    };
    assert_eq!(
        moved(Turnaround::RepeatedStart),
        "S 49w a 01 a 02 a 03 a Sr 49r a a0 a a1 a a2 n Sr 49w a 04 a Sr 49r a a3 n P",
        "the wires"
    );
    assert_eq!(
        moved(Turnaround::StopStart),
        "S 49w a 01 a 02 a 03 a P S 49r a a0 a a1 a a2 n P S 49w a 04 a P S 49r a a3 n P",
        "the wires, with a STOP before each START"
    );
}

/// A controller that stays busy, or a bus that another one has, is given up.
#[phase7::test(points = 1, rule = 19)]
fn a_busy_controller_is_given_up() {
    let hanging = Chip::new(Fault::None, &[]);
    let mut controller = hanging.controller(Turnaround::RepeatedStart);
    hanging.hang();
    let timed_out = controller.write(0x48, &[0x01, 0x02]);
    assert_eq!(timed_out, Err(I2cError::TimedOut), "a controller that hangs");
    assert_eq!(hanging.wires(), "S 48w a 01 a", "the wires");
    controller.restart();
    assert_eq!(hanging.setup(), (0x10, 6), "MCR and MTPR after a restart");
    assert_eq!(controller.write(0x48, &[0x03]), Ok(()), "after a restart");
    assert_eq!(hanging.wires(), "S 48w a 01 a S 48w a 03 a P", "the wires");
    let taken = Chip::new(Fault::Taken, &[]);
    let timed_out = taken.controller(Turnaround::RepeatedStart).write(0x48, &[0x01]);
    assert_eq!(timed_out, Err(I2cError::TimedOut), "a bus that is not ours");
    assert_eq!(taken.wires(), "", "the wires");
}

/// What is not acknowledged ends the transaction, with exactly one STOP.
#[phase7::test(points = 2, rule = 20)]
fn a_missing_acknowledge_ends_the_transaction() {
    let failed = |fault, address, bytes: &[u8]| {
        let chip = Chip::new(fault, &[]);
        let failed = chip.controller(Turnaround::RepeatedStart).write(address, bytes);
        (failed, chip.wires())
    };
    let nobody = Err(I2cError::AddressNotAcknowledged);
    let refused = Err(I2cError::DataNotAcknowledged);
    let wires = |wires: &str| wires.to_owned();
    assert_eq!(
        failed(Fault::None, 0x50, &[1, 2]),
        (nobody, wires("S 50w n P")),
        "nobody there, two bytes"
    );
    assert_eq!(
        failed(Fault::None, 0x50, &[1]),
        (nobody, wires("S 50w n P")),
        "nobody there, one byte"
    );
    assert_eq!(
        failed(Fault::DataNack(1), 0x48, &[1, 2, 3]),
        (refused, wires("S 48w a 01 a 02 n P")),
        "the second of three bytes refused"
    );
    assert_eq!(
        failed(Fault::DataNack(1), 0x48, &[1, 2]),
        (refused, wires("S 48w a 01 a 02 n P")),
        "the last byte refused"
    );
    let kinds = [
        I2cError::AddressNotAcknowledged,
        I2cError::DataNotAcknowledged,
        I2cError::ArbitrationLost,
        I2cError::TimedOut,
        I2cError::Unsupported,
    ]
    .map(|error| error.kind());
    let expected = [
        ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address),
        ErrorKind::NoAcknowledge(NoAcknowledgeSource::Data),
        ErrorKind::ArbitrationLoss,
        ErrorKind::Other,
        ErrorKind::Other,
    ];
    assert_eq!(kinds, expected, "the errors in embedded-hal's words");
}

/// After a lost arbitration the bus is another's: no STOP.
#[phase7::test(points = 1, rule = 20)]
fn a_lost_arbitration_leaves_the_bus_alone() {
    let chip = Chip::new(Fault::Arbitration, &[]);
    let lost = chip
        .controller(Turnaround::RepeatedStart)
        .write(0x48, &[0x01, 0x02]);
    assert_eq!(lost, Err(I2cError::ArbitrationLost), "the transaction");
    assert_eq!(chip.wires(), "S lost", "the wires");
}

/// What the controller cannot do does not reach the bus.
#[phase7::test(points = 1, rule = 20)]
fn what_cannot_be_done_is_not_begun() {
    let chip = Chip::new(Fault::None, &[]);
    let mut controller = chip.controller(Turnaround::RepeatedStart);
    let unsupported = Err(I2cError::Unsupported);
    assert_eq!(
        controller.write(0x80, &[1]),
        unsupported,
        "an address of eight bits"
    );
    assert_eq!(controller.write(0x48, &[]), unsupported, "a write of nothing");
    assert_eq!(
        controller.write_read(0x48, &[1], &mut []),
        unsupported,
        "a read of nothing"
    );
    assert_eq!(controller.transaction(0x48, &mut []), Ok(()), "no operation");
    assert_eq!(chip.wires(), "", "the wires");
    assert_eq!(controller.write(0x48, &[7]), Ok(()), "a write of one byte");
    assert_eq!(chip.wires(), "S 48w a 07 a P", "the wires");
}

/// A free bus gets its STOP and no clocks; nine are enough for the worst case.
#[phase7::test(points = 1, rule = 21)]
fn nine_clocks_are_enough() {
    for clocks in [0, 1, 9] {
        let wires = Wires::new(clocks, false);
        let freed = recover(&mut wires.scl(), &mut wires.sda(), &mut HalfPeriods(&wires));
        assert_eq!(freed.map(u32::from), Ok(clocks), "the clocks it took");
        let clocked = if clocks == 0 {
            String::new()
        } else {
            format!("{}c.CD.", "c.C.".repeat(clocks as usize - 1))
        };
        assert_eq!(
            wires.trace(),
            format!(".{clocked}cd.C.D."),
            "the lines, freed after {clocks}"
        );
        assert!(wires.are_let_go(), "both lines are let go");
    }
}

/// A bus that cannot be freed is reported, and let go.
#[phase7::test(points = 1, rule = 22)]
fn a_bus_that_stays_low_is_reported() {
    let wires = Wires::new(10, false);
    let stuck = recover(&mut wires.scl(), &mut wires.sda(), &mut HalfPeriods(&wires));
    assert_eq!(
        stuck,
        Err(recovery::Error::DataStuck),
        "a sensor that wants ten clocks"
    );
    assert_eq!(wires.trace(), format!(".{}", "c.C.".repeat(9)), "the lines");
    assert!(wires.are_let_go(), "both lines are let go");
    let wires = Wires::new(3, true);
    let stuck = recover(&mut wires.scl(), &mut wires.sda(), &mut HalfPeriods(&wires));
    assert_eq!(stuck, Err(recovery::Error::ClockStuck), "SCL held low");
    assert_eq!(wires.trace(), ".", "the lines");
    assert!(wires.are_let_go(), "both lines are let go");
}

/// Delays are rounded up, none is free, and nobody waits for what has passed.
#[phase7::test(points = 1, rule = 23)]
fn delays_are_never_short() {
    use embedded_hal::delay::DelayNs;
    let mut delay = Ticks::new(clock::tick);
    for (ns, ticks) in [(0, 0), (1, 2), (1_000_000, 2), (1_000_001, 3), (u32::MAX, 4_296)] {
        let before = clock::now();
        delay.delay_ns(ns);
        assert_eq!(
            clock::now().wrapping_sub(before),
            ticks,
            "ticks in a delay of {ns} ns"
        );
    }
    let now = clock::now();
    for passed in [0, 1, 1 << 30] {
        delay.sleep_until(now.wrapping_sub(passed));
        assert_eq!(clock::now(), now, "ticks until {passed} before now");
    }
    delay.sleep_until(now.wrapping_add(5));
    assert_eq!(clock::now().wrapping_sub(now), 5, "ticks until 5 after now");
}

/// A missing sample begins the mean anew and leaves the filter alone.
#[phase7::test(points = 1, rule = 24)]
fn a_missing_sample_begins_the_mean_anew() {
    let mut channel = Channel::new();
    let sample = |channel: &mut Channel, sixteenths| {
        let report = channel.sample(Temperature { sixteenths });
        report.map(|report| (report.mean.sixteenths, report.filtered.sixteenths))
    };
    assert_eq!(sample(&mut channel, 100), None, "the first sample");
    assert_eq!(sample(&mut channel, 100), Some((100, 100)), "the second");
    assert_eq!(sample(&mut channel, 999), None, "the third");
    channel.miss();
    assert_eq!(sample(&mut channel, -8), None, "the one after a miss");
    assert_eq!(
        sample(&mut channel, -9),
        Some((-9, 73)),
        "the next: -8.5 is -9, and 100 goes a quarter of the way"
    );
}
