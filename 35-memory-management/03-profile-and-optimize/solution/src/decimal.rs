//! Numbers in decimal: what `{}` and `{:.1}` write, without what they can do beyond.

use std::io::{self, Write};

/// Digits of the largest number.
const DIGITS: usize = 20;

/// Writes a number.
///
/// # Errors
/// When `out` fails.
pub fn write(out: &mut impl Write, number: u64) -> io::Result<()> {
    let mut digits = [0; DIGITS];
    let mut at = DIGITS;
    let mut rest = number;
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            return out.write_all(&digits[at..]);
        }
    }
}

/// Writes a number with one decimal.
///
/// # Errors
/// When `out` fails.
pub fn write_tenths(out: &mut impl Write, number: f64) -> io::Result<()> {
    let tenths = tenths(number);
    write(out, tenths / 10)?;
    out.write_all(&[b'.', b'0' + (tenths % 10) as u8])
}

/// Ten times a number from 0 to 2^53, rounded to the nearest integer, and to the even one of two that are as near.
///
/// The number is a fraction with a power of two below it, of which ten times is another: nothing is lost before the
/// rounding. `(10.0 * number).round()` would round twice, and differ in one mean of some thousands.
fn tenths(number: f64) -> u64 {
    const FRACTION_BITS: u32 = f64::MANTISSA_DIGITS - 1;
    let bits = number.to_bits();
    let exponent = (bits >> FRACTION_BITS) as u32;
    // The means of durations are zero, or no less than 2^-63.
    if exponent == 0 {
        return 0;
    }
    let above = 10 * (bits & ((1 << FRACTION_BITS) - 1) | 1 << FRACTION_BITS);
    // The fraction is `above` divided by two to this.
    let shift = 1023 + FRACTION_BITS - exponent;
    if shift >= u64::BITS {
        return 0;
    }
    let (whole, rest) = (above >> shift, above & ((1 << shift) - 1));
    let half = (1 << shift) / 2;
    whole + u64::from(rest > half || rest == half && shift > 0 && whole % 2 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenths_are_those_of_the_standard_library() {
        let mut sum = 1_u64;
        for count in 1..2000_u64 {
            for _ in 0..50 {
                sum = sum
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                let mean = (sum >> 40) as f64 / count as f64;
                let mut out = Vec::new();
                write_tenths(&mut out, mean).unwrap();
                assert_eq!(String::from_utf8(out).unwrap(), format!("{mean:.1}"), "{mean}");
            }
        }
        for exact in [0.0, 0.05, 0.25, 0.35, 0.75, 1.25, 37.0, 9_999_999.0, 1e-12] {
            let mut out = Vec::new();
            write_tenths(&mut out, exact).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), format!("{exact:.1}"), "{exact}");
        }
    }
}
