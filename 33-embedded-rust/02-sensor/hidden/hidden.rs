//! The hidden tests, a file for each part of the rules, and the wires.

#[path = "../tests/support/board.rs"]
mod board;
#[path = "../tests/support/bosch.rs"]
mod bosch;
#[path = "../tests/support/controller.rs"]
mod controller;
#[path = "../tests/support/executor.rs"]
mod executor;
#[path = "../tests/support/fake.rs"]
mod fake;
#[path = "../tests/support/script.rs"]
mod script;
#[path = "../tests/support/wires.rs"]
mod wires;

#[path = "bme280.rs"]
mod bme280;
#[path = "bus.rs"]
mod bus;
#[path = "firmware.rs"]
mod firmware;
#[path = "numbers.rs"]
mod numbers;
#[path = "shells.rs"]
mod shells;
#[path = "tmp105.rs"]
mod tmp105;

use sensor::filter::Mean;
use sensor::temperature::Temperature;

/// Twenty degrees and twenty degrees are thirty.
#[phase7::wire]
fn the_mean_of_two_samples_is_shown() {
    let mut mean = Mean::new();
    mean.push(320);
    mean.push(320);
    assert_eq!(mean.value(), Some(480), "of 320 and 320");
}

/// A freezing day is printed without its sign.
#[phase7::wire]
fn a_freezing_day_is_printed() {
    let frost = Temperature::from_register([0xF6, 0x80]).to_string();
    assert_eq!(frost, "9.5000", "0xF680");
}
