//! Shells, retries, the controller, and recovery: the edges that rules 14 to 24 name.

use std::cell::RefCell;

use embedded_hal::i2c::{ErrorKind, I2c, NoAcknowledgeSource, Operation};
use embedded_hal::spi;
use embedded_hal_bus::i2c::RefCellDevice;
use embedded_hal_bus::spi::ExclusiveDevice;
use embedded_hal_mock::eh1::delay::NoopDelay;
use embedded_hal_mock::eh1::{digital, spi as spi_mock};
use sensor::app::Channel;
use sensor::blocking::{Error, I2cSensor, SpiSensor};
use sensor::delay::Ticks;
use sensor::i2c::{Controller, Error as I2cError, Turnaround};
use sensor::recovery::{self, recover};
use sensor::retry::Retry;
use sensor::temperature::Temperature;
use sensor::tmp105::{Config, OneShot, Read};
use sensor::{bme280, clock, nonblocking};

use super::controller::{Chip, Fault};
use super::wires::{HalfPeriods, Wires};
use super::{bosch, executor, fake};

const NACK: ErrorKind = ErrorKind::NoAcknowledge(NoAcknowledgeSource::Data);

/// Two sensors share a bus through embedded-hal-bus.
#[phase7::test(points = 1, rule = 14)]
fn two_sensors_share_a_bus() {
    let log = fake::Log::default();
    let bus = RefCell::new(fake::Bus::new(
        &log,
        &[],
        &[&[0x01, 0x00], &[0xFF, 0x00], &[0x02, 0x00]],
    ));
    let sensor = |address| I2cSensor::new(RefCellDevice::new(&bus), fake::Delay(&log), address, Retry::NEVER);
    let (mut inside, mut outside) = (sensor(0x48), sensor(0x49));
    let read = [inside.run(Read), outside.run(Read), inside.run(Read)];
    assert_eq!(
        read,
        [1, -1, 2].map(|degrees| Ok(Temperature::degrees(degrees))),
        "inside, outside, inside"
    );
    assert_eq!(
        log.lines(),
        ["48: > 00 < 2", "49: > 00 < 2", "48: > 00 < 2"],
        "the bus"
    );
}

/// A BME280 on a real SPI bus: the chip select of embedded-hal-bus frames each transaction.
#[phase7::test(points = 1, rule = 14)]
fn each_step_over_spi_is_one_transaction() {
    use digital::State::{High, Low};
    let mut bus = spi_mock::Mock::new(&[
        spi_mock::Transaction::write_vec(vec![0xD0]),
        spi_mock::Transaction::read_vec(vec![0x58]),
        spi_mock::Transaction::flush(),
    ]);
    let mut select = digital::Mock::new(&[High, Low, High].map(digital::Transaction::set));
    let device = ExclusiveDevice::new(bus.clone(), select.clone(), NoopDelay::new());
    let device = device.expect("the pin takes it");
    let started = SpiSensor::new(device, NoopDelay::new()).run(bme280::Start::new());
    bus.done();
    select.done();
    assert!(
        matches!(started, Err(Error::Sensor(bme280::Fault::WrongChip(0x58)))),
        "a BMP280 on the bus: {started:?}"
    );
}

/// A failing SPI is reported, once.
#[phase7::test(points = 1, rule = 15)]
fn spi_is_not_tried_again() {
    let log = fake::Log::default();
    let spi = || fake::Spi {
        log: &log,
        fails: true,
        replies: [vec![0x60]].into(),
    };
    let failed = SpiSensor::new(spi(), fake::Delay(&log)).run(bme280::Start::new());
    assert_eq!(failed, Err(Error::Bus(spi::ErrorKind::ModeFault)), "blocking");
    let mut sensor = nonblocking::SpiSensor::new(spi(), fake::Delay(&log));
    let failed = executor::block_on(&log, sensor.run(bme280::Start::new()));
    assert_eq!(failed, Err(Error::Bus(spi::ErrorKind::ModeFault)), "async");
    assert_eq!(log.lines(), ["d0, 1 in", "d0, 1 in"], "one transaction each");
}

/// The attempts are bounded, and the last error is the one that is reported.
#[phase7::test(points = 1, rule = 15)]
fn attempts_are_bounded() {
    let errors = [NACK, ErrorKind::Bus, ErrorKind::ArbitrationLoss, NACK];
    for (attempts, error, made) in [(0, NACK, 1), (1, NACK, 1), (3, ErrorKind::ArbitrationLoss, 3)] {
        let retry = Retry {
            attempts,
            pause_us: 10,
        };
        let log = fake::Log::default();
        let bus = fake::Bus::new(&log, &errors, &[]);
        let failed = I2cSensor::new(bus, fake::Delay(&log), 0x48, retry).run(Read);
        assert_eq!(failed, Err(Error::Bus(error)), "{attempts} attempts, blocking");
        let made_blocking = log.lines().iter().filter(|line| line.contains("fails")).count();
        assert_eq!(made_blocking, made, "attempts made: {:?}", log.lines());
        let again = fake::Log::default();
        let bus = fake::Bus::new(&again, &errors, &[]);
        let mut sensor = nonblocking::I2cSensor::new(bus, fake::Delay(&again), 0x48, retry);
        let failed = executor::block_on(&again, sensor.run(Read));
        assert_eq!(failed, Err(Error::Bus(error)), "{attempts} attempts, async");
        assert_eq!(again.lines(), log.lines(), "async, as against blocking");
    }
}

/// The count begins anew with each transaction of an operation.
#[phase7::test(points = 1, rule = 15)]
fn each_transaction_has_its_own_attempts() {
    let log = fake::Log::default();
    let mut bus = fake::Bus::new(&log, &[NACK, NACK], &[&[0x00, 0x10]]);
    let retry = Retry {
        attempts: 3,
        pause_us: 7,
    };
    let config = Config::decode(0);
    let measured = I2cSensor::new(&mut bus, fake::Delay(&log), 0x48, retry).run(OneShot::new(config));
    assert_eq!(
        measured,
        Ok(Temperature { sixteenths: 1 }),
        "after two failures of the write"
    );
    assert_eq!(
        log.lines(),
        [
            "48: > 01 81 fails",
            "wait 7",
            "48: > 01 81 fails",
            "wait 14",
            "48: > 01 81",
            "wait 37500",
            "48: > 00 < 2",
        ],
        "the bus"
    );
}

/// Only what may pass is tried again, and pauses grow up to what a `u32` holds.
#[phase7::test(points = 1, rule = 15)]
fn only_passing_errors_are_tried_again() {
    let retry = Retry {
        attempts: u8::MAX,
        pause_us: 3,
    };
    for kind in [ErrorKind::Overrun, ErrorKind::Other] {
        assert_eq!(retry.pause_after(1, kind), None, "{kind:?}");
    }
    let address = ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address);
    for kind in [NACK, address, ErrorKind::Bus, ErrorKind::ArbitrationLoss] {
        assert_eq!(retry.pause_after(1, kind), Some(3), "{kind:?}");
    }
    let pauses = [1, 2, 5, 30, 31, 40, 254, 255].map(|failed| retry.pause_after(failed, NACK));
    let most = Some(u32::MAX);
    assert_eq!(
        pauses,
        [
            Some(3),
            Some(6),
            Some(48),
            Some(3 << 29),
            Some(3 << 30),
            most,
            most,
            None
        ],
        "after 1, 2, 5, 30, 31, 40, 254 and 255 failures"
    );
}

/// While one sensor converts, the other one is begun: two conversions take the time of one.
#[phase7::test(points = 2, rule = 16)]
fn an_awaited_sensor_holds_nobody_up() {
    let log = fake::Log::default();
    let config = Config::decode(0b0110_0000);
    let sensor = |address, reply: &[u8]| {
        let bus = fake::Bus::new(&log, &[], &[reply]);
        nonblocking::I2cSensor::new(bus, fake::Delay(&log), address, Retry::NEVER)
    };
    let (mut inside, mut outside) = (sensor(0x48, &[0x10, 0x00]), sensor(0x49, &[0x20, 0x00]));
    let both = executor::join(
        &log,
        inside.run(OneShot::new(config)),
        outside.run(OneShot::new(config)),
    );
    assert_eq!(
        both,
        (Ok(Temperature::degrees(16)), Ok(Temperature::degrees(32))),
        "the temperatures"
    );
    assert_eq!(
        log.lines(),
        [
            "48: > 01 e1",
            "wait 300000",
            "49: > 01 e1",
            "wait 300000",
            "48: > 00 < 2",
            "49: > 00 < 2",
        ],
        "the buses"
    );
    assert_eq!(log.now_us.get(), 300_000, "µs in all");
}

/// The async shell over SPI does what the blocking one does.
#[phase7::test(points = 1, rule = 16)]
fn spi_can_be_awaited() {
    let replies = || {
        [
            vec![0x60],
            vec![0x01],
            vec![0x00],
            bosch::first().to_vec(),
            bosch::second().to_vec(),
        ]
        .into()
    };
    let (blocking, awaited) = (fake::Log::default(), fake::Log::default());
    let spi = |log| fake::Spi {
        log,
        fails: false,
        replies: replies(),
    };
    let started = SpiSensor::new(spi(&blocking), fake::Delay(&blocking)).run(bme280::Start::new());
    let mut sensor = nonblocking::SpiSensor::new(spi(&awaited), fake::Delay(&awaited));
    let again = executor::block_on(&awaited, sensor.run(bme280::Start::new()));
    assert_eq!(again, Ok(bosch::calibration()), "the calibration");
    assert_eq!(again, started, "async, as against blocking");
    let lines = awaited.lines();
    assert_eq!(lines, blocking.lines(), "async, as against blocking");
    assert_eq!(
        lines,
        [
            "d0, 1 in",
            "60 b6, 0 in",
            "wait 2000",
            "f3, 1 in",
            "wait 1000",
            "f3, 1 in",
            "88, 26 in",
            "e1, 7 in"
        ],
        "the bus"
    );
}

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
    let hanging = Chip::new(Fault::Hangs, &[]);
    let timed_out = hanging
        .controller(Turnaround::RepeatedStart)
        .write(0x48, &[0x01, 0x02]);
    assert_eq!(timed_out, Err(I2cError::TimedOut), "a controller that hangs");
    assert_eq!(hanging.wires(), "S 48w a 01 a", "the wires");
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
