//! Shells and retries: the edges that rules 14 to 16 name.

use std::cell::RefCell;

use embedded_hal::i2c::{ErrorKind, NoAcknowledgeSource};
use embedded_hal::spi;
use embedded_hal_bus::i2c::RefCellDevice;
use embedded_hal_bus::spi::ExclusiveDevice;
use embedded_hal_mock::eh1::delay::NoopDelay;
use embedded_hal_mock::eh1::{digital, spi as spi_mock};
use sensor::blocking::{Error, I2cSensor, SpiSensor};
use sensor::retry::Retry;
use sensor::temperature::Temperature;
use sensor::tmp105::{Config, OneShot, Read};
use sensor::{bme280, nonblocking};

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
