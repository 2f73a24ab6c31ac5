//! The worked example of the data sheet: its coefficients as they lie in the sensor, and raw readings.
//!
//! Temperature and pressure are the example of the BMP280's data sheet (BST-BMP280-DS001, 3.12), whose formulas are
//! the same. The data sheets have no example for the humidity: its coefficients are like those of a real sensor, and
//! the expected values come from the formula in floating point, [`humidity`].
#![allow(dead_code, reason = "each test file uses a part of it")]

use sensor::bme280::{Calibration, Oversampling, Settings};

/// T1 to T3, P1 to P9, as 16-bit words.
const WORDS: [i32; 12] = [
    27_504, 26_435, -1_000, 36_477, -10_685, 3_024, 2_855, 140, -7, 15_500, -14_600, 6_000,
];
/// H1 to H6.
const H: [i32; 6] = [75, 362, 0, 321, 50, 30];

/// Raw readings of the example.
pub const RAW_TEMPERATURE: u32 = 519_888;
pub const RAW_PRESSURE: u32 = 415_148;

/// All quantities, once each.
pub const ONCE: Settings = Settings {
    temperature: Oversampling::X1,
    pressure: Oversampling::X1,
    humidity: Oversampling::X1,
};

/// Registers 0x88 to 0xA1.
pub fn first() -> [u8; 26] {
    let mut bytes = [0xEE; 26];
    for (word, chunk) in WORDS.iter().zip(bytes.chunks_exact_mut(2)) {
        chunk.copy_from_slice(&word.to_le_bytes()[..2]);
    }
    bytes[25] = H[0].to_le_bytes()[0];
    bytes
}

/// Registers 0xE1 to 0xE7, with these H4 and H5.
pub fn second_with(h4: i32, h5: i32) -> [u8; 7] {
    let [h2, h2_high, ..] = H[1].to_le_bytes();
    let byte = |value: i32| value.to_le_bytes()[0];
    [
        h2,
        h2_high,
        byte(H[2]),
        byte(h4 >> 4),
        byte((h4 & 0xF) | (h5 & 0xF) << 4),
        byte(h5 >> 4),
        byte(H[5]),
    ]
}

/// Registers 0xE1 to 0xE7.
pub fn second() -> [u8; 7] {
    second_with(H[3], H[4])
}

/// The example's sensor.
pub fn calibration() -> Calibration {
    Calibration::parse(&first(), &second())
}

/// The eight bytes of data, from 20, 20 and 16 bits.
pub fn data(pressure: u32, temperature: u32, humidity: u16) -> [u8; 8] {
    let [_, p0, p1, p2] = (pressure << 4).to_be_bytes();
    let [_, t0, t1, t2] = (temperature << 4).to_be_bytes();
    let [h0, h1] = humidity.to_be_bytes();
    [p0, p1, p2, t0, t1, t2, h0, h1]
}

/// The relative humidity in per cent, in floating point, with these H4 and H5.
pub fn humidity(raw: u16, t_fine: i32, h4: i32, h5: i32) -> f64 {
    let [h1, h2, h3, _, _, h6] = H.map(f64::from);
    let warmth = f64::from(t_fine) - 76_800.0;
    let slope = h2 / 65_536.0 * (1.0 + h6 / 67_108_864.0 * warmth * (1.0 + h3 / 67_108_864.0 * warmth));
    let reading = f64::from(raw) - (f64::from(h4) * 64.0 + f64::from(h5) / 16_384.0 * warmth);
    let humidity = reading * slope;
    (humidity * (1.0 - h1 * humidity / 524_288.0)).clamp(0.0, 100.0)
}
