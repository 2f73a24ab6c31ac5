//! The firmware under test on its board, with two sensors.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::time::Duration;

use phase7::qemu::{Board, Port};

/// The sensors of the emulator: 0x48 is called inside, 0x49 outside.
pub const SENSORS: [&str; 2] = [
    "tmp105,bus=i2c,address=0x48,id=inside",
    "tmp105,bus=i2c,address=0x49,id=outside",
];

/// The pins of the bus.
pub const SCL: (Port, u8) = (Port::B, 2);
pub const SDA: (Port, u8) = (Port::B, 3);

/// The board with the firmware, before its first instruction, the bus pulled up.
pub fn boot(sensors: &[&str]) -> Board {
    let mut board = Board::boot_with(&phase7::firmware!("thumbv7m-none-eabi"), sensors);
    board.set_input(SCL.0, SCL.1, true);
    board.set_input(SDA.0, SDA.1, true);
    board
}

/// Runs until `ms` milliseconds after reset.
pub fn run_until(board: &mut Board, ms: u64) {
    board.run_until(Duration::from_micros(ms * 1_000 + 250));
}

/// Sets a sensor's temperature, in sixteenths of a degree.
pub fn warm(board: &mut Board, id: &str, sixteenths: i64) {
    // The emulator takes thousandths and rounds towards zero.
    let milli = (sixteenths * 1_000 + sixteenths.signum() * 8) / 16;
    board.set_property(id, "temperature", milli);
}

/// The lines that begin with `prefix`, without it.
pub fn lines(board: &mut Board, prefix: &str) -> Vec<String> {
    let text = board.uart();
    let lines = text.lines().filter_map(|line| line.strip_prefix(prefix));
    lines.map(ToOwned::to_owned).collect()
}
