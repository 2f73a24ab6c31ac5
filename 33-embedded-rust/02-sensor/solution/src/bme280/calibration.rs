//! The factory's calibration, and the formulas that turn raw readings into quantities (data sheet, 4.2).
//!
//! ```text
//! 0x88  T1 T2 T3           16 bits each, low byte first; T1 and P1 unsigned
//! 0x8E  P1 … P9
//! 0xA1  H1                 8 bits (0xA0 is reserved)
//! 0xE1  H2                 16 bits
//! 0xE3  H3                 8 bits
//! 0xE4  H4 bits 11:4       0xE5  bits 3:0 are H4's, bits 7:4 H5's       0xE6  H5 bits 11:4
//! 0xE7  H6                 8 bits, signed
//! ```
//!
//! All arithmetic is in integers. Products that the calibration of a real sensor cannot make overflow are computed
//! in 64 bits or wrap, so that a broken one leads to nonsense and not to a panic.

/// Bytes of the first part, at 0x88.
pub(super) const FIRST_LEN: usize = 26;
/// Bytes of the second part, at 0xE1.
pub(super) const SECOND_LEN: usize = 7;

/// The coefficients, named as in the data sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calibration {
    t1: u16,
    /// T2, T3.
    t: [i16; 2],
    p1: u16,
    /// P2 to P9.
    p: [i16; 8],
    h1: u8,
    h2: i16,
    h3: u8,
    h4: i16,
    h5: i16,
    h6: i8,
}

/// A temperature as finely as the formulas for pressure and humidity want it: `t_fine`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FineTemperature(pub i32);

impl FineTemperature {
    /// Hundredths of a degree Celsius.
    pub fn centidegrees(self) -> i32 {
        // Below 2^22 in magnitude: five times that fits.
        (self.0 * 5 + 128) >> 8
    }
}

impl Calibration {
    /// From the two blocks of registers, as they lie in the sensor.
    pub fn parse(first: &[u8; FIRST_LEN], second: &[u8; SECOND_LEN]) -> Self {
        let unsigned = |at: usize| u16::from_le_bytes([first[at], first[at + 1]]);
        let signed = |at: usize| unsigned(at).cast_signed();
        // Twelve bits whose high eight are a byte of their own, which has the sign.
        let twelve = |high: u8, low: u8| i16::from(high.cast_signed()) << 4 | i16::from(low & 0x0F);
        Self {
            t1: unsigned(0),
            t: [signed(2), signed(4)],
            p1: unsigned(6),
            p: core::array::from_fn(|number| signed(8 + 2 * number)),
            h1: first[25],
            h2: i16::from_le_bytes([second[0], second[1]]),
            h3: second[2],
            h4: twelve(second[3], second[4]),
            h5: twelve(second[5], second[4] >> 4),
            h6: second[6].cast_signed(),
        }
    }

    /// The temperature from its 20 raw bits.
    pub fn temperature(&self, raw: u32) -> FineTemperature {
        let raw = i64::from(raw & 0xF_FFFF);
        let [t2, t3] = self.t.map(i64::from);
        let t1 = i64::from(self.t1);
        let linear = (((raw >> 3) - (t1 << 1)) * t2) >> 11;
        let offset = (raw >> 4) - t1;
        let square = (((offset * offset) >> 12) * t3) >> 14;
        FineTemperature(i32::try_from(linear + square).expect("20 and 16 bits make less than 23"))
    }

    /// The pressure from its 20 raw bits, in Q24.8 pascals; none when the calibration divides by zero.
    pub fn pressure(&self, raw: u32, fine: FineTemperature) -> Option<u32> {
        let [p2, p3, p4, p5, p6, p7, p8, p9] = self.p.map(i64::from);
        let warmth = i64::from(fine.0) - 128_000;
        let square = warmth.wrapping_mul(warmth);
        let offset = square
            .wrapping_mul(p6)
            .wrapping_add(warmth.wrapping_mul(p5) << 17)
            .wrapping_add(p4 << 35);
        let slope = (square.wrapping_mul(p3) >> 8).wrapping_add(warmth.wrapping_mul(p2) << 12);
        let divisor = (1_i64 << 47).wrapping_add(slope).wrapping_mul(i64::from(self.p1)) >> 33;
        if divisor == 0 {
            return None;
        }
        let raw = 1_048_576 - i64::from(raw & 0xF_FFFF);
        let pressure = (raw << 31)
            .wrapping_sub(offset)
            .wrapping_mul(3_125)
            .wrapping_div(divisor);
        let coarse = pressure >> 13;
        let bend = p9.wrapping_mul(coarse).wrapping_mul(coarse) >> 25;
        let tilt = p8.wrapping_mul(pressure) >> 19;
        let pressure = pressure.wrapping_add(bend).wrapping_add(tilt) >> 8;
        let pressure = pressure + (p7 << 4);
        Some(u32::try_from(pressure.max(0)).unwrap_or(u32::MAX))
    }

    /// The relative humidity from its 16 raw bits, in Q22.10 per cent, 0 to 100.
    pub fn humidity(&self, raw: u16, fine: FineTemperature) -> u32 {
        let warmth = i64::from(fine.0) - 76_800;
        let [h1, h3] = [self.h1, self.h3].map(i64::from);
        let [h2, h4, h5] = [self.h2, self.h4, self.h5].map(i64::from);
        let h6 = i64::from(self.h6);
        let reading = ((i64::from(raw) << 14) - (h4 << 20) - h5 * warmth + 16_384) >> 15;
        let bend = (((warmth * h6) >> 10) * (((warmth * h3) >> 11) + 32_768)) >> 10;
        let slope = ((bend + 2_097_152) * h2 + 8_192) >> 14;
        let humidity = reading.wrapping_mul(slope);
        let coarse = humidity >> 15;
        let curve = (coarse.wrapping_mul(coarse) >> 7).wrapping_mul(h1) >> 4;
        let humidity = humidity.wrapping_sub(curve).clamp(0, 100 << 22);
        u32::try_from(humidity >> 12).expect("it was clamped")
    }
}
