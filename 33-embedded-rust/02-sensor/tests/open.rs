//! The open tests, easiest first: numbers, the two sensors, the shells, the controller, and the board itself.

#[path = "support/board.rs"]
mod board;
#[path = "support/bosch.rs"]
mod bosch;
#[path = "support/controller.rs"]
mod controller;
#[path = "support/executor.rs"]
mod executor;
#[path = "support/fake.rs"]
mod fake;
#[path = "support/script.rs"]
mod script;
#[path = "support/wires.rs"]
mod wires;

use embedded_hal::i2c::I2c;
use embedded_hal_mock::eh1::delay::NoopDelay;
use embedded_hal_mock::eh1::i2c::{Mock, Transaction};
use sensor::app::Channel;
use sensor::blocking::{I2cSensor, SpiSensor};
use sensor::delay::Ticks;
use sensor::filter::{Exponential, Mean};
use sensor::i2c::Turnaround;
use sensor::recovery::recover;
use sensor::retry::Retry;
use sensor::temperature::Temperature;
use sensor::tmp105::{self, Config, Faults, OneShot, Polarity, Resolution, Setup, Thermostat};
use sensor::{bme280, clock, nonblocking};

use controller::{Chip, Fault};
use wires::{HalfPeriods, Wires};

/// The values of the data sheet's table.
#[phase7::test(points = 1, rule = 1)]
fn a_register_holds_sixteenths() {
    let table = [
        (0x7FF0, 2047),
        (0x6400, 1600),
        (0x1900, 400),
        (0x0040, 4),
        (0x0000, 0),
        (0xFFC0, -4),
        (0xE700, -400),
        (0xC900, -880),
    ];
    for (register, sixteenths) in table {
        let temperature = Temperature::from_register(u16::to_be_bytes(register));
        assert_eq!(temperature.sixteenths, sixteenths, "{register:#06x}");
        assert_eq!(temperature.to_register(), register, "{sixteenths} sixteenths");
    }
}

/// Four decimals say every sixteenth exactly.
#[phase7::test(points = 1, rule = 2)]
fn a_temperature_is_printed_exactly() {
    let printed = [400, 376, -164, 0, 1].map(|sixteenths| Temperature { sixteenths }.to_string());
    assert_eq!(
        printed,
        ["25.0000", "23.5000", "-10.2500", "0.0000", "0.0625"],
        "400, 376, -164, 0 and 1 sixteenths"
    );
}

/// The mean of a few samples, rounded to the nearest.
#[phase7::test(points = 1, rule = 3)]
fn a_mean_is_rounded_to_the_nearest() {
    let mean = |samples: &[i16]| {
        let mut mean = Mean::new();
        samples.iter().for_each(|&sample| mean.push(sample));
        mean.value()
    };
    assert_eq!(mean(&[]), None, "of nothing");
    assert_eq!(mean(&[10, 20]), Some(15), "of 10 and 20");
    assert_eq!(mean(&[1, 1, 2]), Some(1), "of 1, 1 and 2");
    assert_eq!(mean(&[1, 2, 2]), Some(2), "of 1, 2 and 2");
}

/// Each sample moves the value by a part of the way that is left, until it is there.
#[phase7::test(points = 2, rule = 4)]
fn the_filter_arrives() {
    let mut filter = Exponential::new(2);
    let mut shown = vec![filter.push(0)];
    shown.extend((0..24).map(|_| filter.push(100)));
    assert_eq!(shown[..6], [0, 25, 44, 58, 68, 76], "a step from 0 to 100");
    assert_eq!(shown.last(), Some(&100), "the value in the end: {shown:?}");
}

/// Every field has its bits.
#[phase7::test(points = 1, rule = 5)]
fn a_configuration_is_a_byte() {
    let config = Config {
        shutdown: true,
        thermostat: Thermostat::Interrupt,
        polarity: Polarity::ActiveHigh,
        faults: Faults::Four,
        resolution: Resolution::Eighth,
    };
    assert_eq!(config.encode(), 0b0101_0111, "{config:?}");
    assert_eq!(Config::RESET.encode(), 0, "{:?}", Config::RESET);
    assert_eq!(Config::decode(0b0101_0111), config, "0b01010111");
}

/// Limits first, then the configuration.
#[phase7::test(points = 1, rule = 6)]
fn a_sensor_is_set_up() {
    let config = Config {
        resolution: Resolution::Sixteenth,
        ..Config::RESET
    };
    let setup = Setup::new(Temperature { sixteenths: -8 }, Temperature::degrees(75), config);
    let (steps, done) = script::play(setup, &[]);
    assert_eq!(
        steps,
        ["write 02 ff 80", "write 03 4b 00", "write 01 60"],
        "the steps"
    );
    assert_eq!(done, Ok(()), "the end");
}

/// A conversion is begun, gets its time, and is read.
#[phase7::test(points = 2, rule = 7)]
fn a_sleeping_sensor_measures_once() {
    let config = Config {
        resolution: Resolution::Sixteenth,
        ..Config::RESET
    };
    let (steps, done) = script::play(OneShot::new(config), &[&[0xE7, 0x00]]);
    assert_eq!(steps, ["write 01 e1", "wait 300000", "read 00 2"], "the steps");
    assert_eq!(done, Ok(Temperature::degrees(-25)), "the temperature");
}

/// The start of a BME280: who is there, a reset, and what the factory has measured.
#[phase7::test(points = 2, rule = 8)]
fn a_bme280_starts_with_its_calibration() {
    let (first, second) = (bosch::first(), bosch::second());
    let (steps, done) = script::play(bme280::Start::new(), &[&[0x60], &[0x00], &first, &second]);
    assert_eq!(
        steps,
        [
            "read d0 1",
            "write e0 b6",
            "wait 2000",
            "read f3 1",
            "read 88 26",
            "read e1 7"
        ],
        "the steps"
    );
    assert_eq!(done, Ok(bosch::calibration()), "the calibration");
}

/// The data sheet's example, to the last bit of the formulas in integers.
#[phase7::test(points = 3, rule = 12)]
fn the_worked_example_comes_out() {
    let calibration = bosch::calibration();
    let fine = calibration.temperature(bosch::RAW_TEMPERATURE);
    assert_eq!(fine.0, 128_422, "t_fine");
    assert_eq!(fine.centidegrees(), 2_508, "hundredths of a degree");
    assert_eq!(
        calibration.pressure(bosch::RAW_PRESSURE, fine),
        Some(25_767_233),
        "pascals, times 256"
    );
}

/// One measurement: the order of the writes, the time, one read for everything.
#[phase7::test(points = 2, rule = 10)]
fn a_bme280_measures_once() {
    let data = bosch::data(bosch::RAW_PRESSURE, bosch::RAW_TEMPERATURE, 28_437);
    let measure = bme280::Measure::new(bosch::calibration(), bosch::ONCE);
    let (steps, done) = script::play(measure, &[&[0x08], &[0x00], &data]);
    assert_eq!(
        steps,
        [
            "write f2 01",
            "write f4 25",
            "wait 9300",
            "read f3 1",
            "wait 1000",
            "read f3 1",
            "read f7 8",
        ],
        "the steps, with a sensor that is busy at the first look"
    );
    let done = done.expect("a measurement");
    assert_eq!(done.centidegrees, Some(2_508), "the temperature");
    assert_eq!(done.pascals_q8, Some(25_767_233), "the pressure");
}

/// The blocking shell over embedded-hal-mock: `write` for writes, `write_read` for reads.
#[phase7::test(points = 2, rule = 14)]
fn an_operation_runs_over_i2c() {
    let mut mock = Mock::new(&[
        Transaction::write(0x48, vec![0x01, 0x81]),
        Transaction::write_read(0x48, vec![0x00], vec![0x17, 0x80]),
    ]);
    let mut sensor = I2cSensor::new(mock.clone(), NoopDelay::new(), tmp105::ADDRESS, Retry::NEVER);
    let measured = sensor.run(OneShot::new(Config::RESET));
    assert_eq!(measured, Ok(Temperature { sixteenths: 376 }), "the temperature");
    mock.done();
}

/// The same operations over SPI, where bit 7 of the address says what is meant.
#[phase7::test(points = 1, rule = 14)]
fn an_operation_runs_over_spi() {
    let log = fake::Log::default();
    let data = bosch::data(bosch::RAW_PRESSURE, bosch::RAW_TEMPERATURE, 28_437);
    let spi = fake::Spi {
        log: &log,
        fails: false,
        replies: [vec![0x00], data.to_vec()].into(),
    };
    let mut sensor = SpiSensor::new(spi, fake::Delay(&log));
    let measured = sensor.run(bme280::Measure::new(bosch::calibration(), bosch::ONCE));
    assert_eq!(
        log.lines(),
        ["72 01, 0 in", "74 25, 0 in", "wait 9300", "f3, 1 in", "f7, 8 in"],
        "bytes out and the number of bytes in, a line a transaction"
    );
    assert_eq!(
        measured.map(|measured| measured.centidegrees),
        Ok(Some(2_508)),
        "the temperature"
    );
}

/// The async shell, awaited over embedded-hal-mock.
#[phase7::test(points = 2, rule = 16)]
fn an_operation_can_be_awaited() {
    let log = fake::Log::default();
    let mut mock = Mock::new(&[
        Transaction::write(0x49, vec![0x01, 0xE1]),
        Transaction::write_read(0x49, vec![0x00], vec![0xFF, 0xF0]),
    ]);
    let mut sensor = nonblocking::I2cSensor::new(mock.clone(), fake::Delay(&log), 0x49, Retry::NEVER);
    let config = Config::decode(0b0110_0000);
    let measured = executor::block_on(&log, sensor.run(OneShot::new(config)));
    assert_eq!(measured, Ok(Temperature { sixteenths: -1 }), "the temperature");
    assert_eq!(log.now_us.get(), 300_000, "µs of waiting");
    mock.done();
}

/// A sensor that does not answer is asked again, after a pause that doubles.
#[phase7::test(points = 2, rule = 15)]
fn a_transaction_is_tried_again() {
    use embedded_hal::i2c::{ErrorKind, NoAcknowledgeSource};
    let log = fake::Log::default();
    let nack = ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address);
    let bus = fake::Bus::new(&log, &[nack, nack], &[&[0x19, 0x00]]);
    let retry = Retry {
        attempts: 3,
        pause_us: 500,
    };
    let measured = I2cSensor::new(bus, fake::Delay(&log), 0x48, retry).run(tmp105::Read);
    assert_eq!(
        log.lines(),
        [
            "48: > 00 < 2 fails",
            "wait 500",
            "48: > 00 < 2 fails",
            "wait 1000",
            "48: > 00 < 2"
        ],
        "the attempts"
    );
    assert_eq!(measured, Ok(Temperature::degrees(25)), "the temperature");
}

/// The controller's clock, and a write and a read as they look on the wires.
#[phase7::test(points = 3, rule = 18)]
fn the_controller_moves_bytes() {
    let chip = Chip::new(Fault::None, &[0x19, 0x80]);
    let mut controller = chip.controller(Turnaround::RepeatedStart);
    assert_eq!(chip.setup(), (0x10, 6), "MCR and MTPR");
    assert_eq!(controller.write(0x48, &[0x01, 0x60]), Ok(()), "a write");
    assert_eq!(chip.wires(), "S 48w a 01 a 60 a P", "the wires");
    let mut buffer = [0; 2];
    assert_eq!(
        controller.write_read(0x49, &[0x00], &mut buffer),
        Ok(()),
        "a read"
    );
    assert_eq!(
        chip.wires(),
        "S 48w a 01 a 60 a P S 49w a 00 a Sr 49r a 19 a 80 n P",
        "the wires"
    );
    assert_eq!(buffer, [0x19, 0x80], "what was read");
}

/// A bus that hangs is clocked until it lets go.
#[phase7::test(points = 2, rule = 21)]
fn a_hanging_bus_is_freed() {
    let wires = Wires::new(3, false);
    let freed = recover(&mut wires.scl(), &mut wires.sda(), &mut HalfPeriods(&wires));
    assert_eq!(freed, Ok(3), "the clocks it took");
    assert_eq!(
        wires.trace(),
        ".c.C.c.C.c.CD.cd.C.D.",
        "SCL falls (c) and rises (C), SDA falls (d) and rises (D), half a period passes (.)"
    );
}

/// A delay is never shorter than asked, and counts the ticks that the processor sleeps through.
#[phase7::test(points = 1, rule = 23)]
fn a_delay_sleeps_through_ticks() {
    use embedded_hal::delay::DelayNs;
    let before = clock::now();
    Ticks::new(clock::tick).delay_us(2_500);
    assert_eq!(clock::now().wrapping_sub(before), 4, "ticks in a delay of 2.5 ms");
}

/// Two samples make a line.
#[phase7::test(points = 1, rule = 24)]
fn samples_become_reports() {
    let mut channel = Channel::new();
    let reports = [400, 401, 400, 440].map(|sixteenths| {
        let report = channel.sample(Temperature { sixteenths });
        report.map_or_else(String::new, |report| report.to_string())
    });
    assert_eq!(
        reports,
        ["", "25.0625 25.0625", "", "26.2500 25.3750"],
        "the reports after each of four samples"
    );
}

/// On the board both sensors are read, and what they show comes out of the UART.
#[phase7::test(
    points = 4,
    rule = 25,
    timeout_s = 120,
    needs = "qemu-system-arm, thumbv7m-none-eabi"
)]
fn the_board_reports_temperatures() {
    let mut board = board::boot(&board::SENSORS);
    board::warm(&mut board, "inside", 376);
    board::warm(&mut board, "outside", -164);
    board::run_until(&mut board, 1_900);
    assert_eq!(
        board.uart(),
        "48: 23.5000 23.5000\n49: -10.2500 -10.2500\n",
        "the UART, 1.9 s after reset, with 23.5 degrees inside and -10.25 outside"
    );
}
