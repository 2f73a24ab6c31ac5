//! The TMP105's operations: the edges that rules 5 to 7 name.

use sensor::temperature::Temperature;
use sensor::tmp105::{Config, OneShot, Read, Resolution, Setup};

use super::script;

/// Every value of the register means a configuration, and OS is none of it.
#[phase7::test(points = 1, rule = 5)]
fn every_configuration_survives() {
    for value in 0..=0x7F {
        let config = Config::decode(value);
        assert_eq!(config.encode(), value, "{value:#04x}, decoded to {config:?}");
        assert_eq!(Config::decode(value | 0x80), config, "{value:#04x} with OS");
    }
}

/// Limits that no register holds become the nearest; limits that contradict each other are refused.
#[phase7::test(points = 1, rule = 6)]
fn limits_are_in_order() {
    let setup = Setup::new(
        Temperature { sixteenths: -3_000 },
        Temperature { sixteenths: 3_000 },
        Config::RESET,
    );
    let (steps, _) = script::play(setup, &[]);
    assert_eq!(
        steps,
        ["write 02 80 00", "write 03 7f f0", "write 01 00"],
        "the steps"
    );
    let refused = std::panic::catch_unwind(|| {
        Setup::new(Temperature::degrees(1), Temperature::degrees(0), Config::RESET)
    });
    assert!(refused.is_err(), "T_LOW above T_HIGH");
}

/// A conversion takes as long as its resolution, and leaves the sensor asleep.
#[phase7::test(points = 2, rule = 7)]
fn a_conversion_gets_its_time() {
    let cases = [
        (Resolution::Half, "write 01 9f", "wait 37500"),
        (Resolution::Quarter, "write 01 bf", "wait 75000"),
        (Resolution::Eighth, "write 01 df", "wait 150000"),
        (Resolution::Sixteenth, "write 01 ff", "wait 300000"),
    ];
    for (resolution, write, wait) in cases {
        let config = Config {
            resolution,
            shutdown: false,
            ..Config::decode(0b0001_1110)
        };
        let (steps, done) = script::play(OneShot::new(config), &[&[0xFF, 0xF0]]);
        assert_eq!(steps, [write, wait, "read 00 2"], "the steps with {resolution:?}");
        assert_eq!(done, Ok(Temperature { sixteenths: -1 }), "the temperature");
    }
    let (steps, done) = script::play(Read, &[&[0x00, 0x00]]);
    assert_eq!(
        (steps.as_slice(), done),
        (["read 00 2".to_owned()].as_slice(), Ok(Temperature::degrees(0))),
        "a plain read"
    );
}
