//! Numbers: the edges that rules 1 to 4 name.

use sensor::filter::{Exponential, Mean};
use sensor::temperature::Temperature;

/// Low bits that are not part of the temperature do not count, and what no register holds becomes the nearest.
#[phase7::test(points = 1, rule = 1)]
fn a_register_has_twelve_bits() {
    let read = Temperature::from_register([0xFF, 0xFF]);
    assert_eq!(read.sixteenths, -1, "0xFFFF");
    assert_eq!(
        Temperature::from_register([0x80, 0x0F]),
        Temperature::MIN,
        "0x800F"
    );
    let held = [i16::MIN, -2049, 2048, i16::MAX].map(|sixteenths| Temperature { sixteenths }.to_register());
    assert_eq!(held, [0x8000, 0x8000, 0x7FF0, 0x7FF0], "what cannot be held");
}

/// Between -1 and 0 the whole part has no sign to carry.
#[phase7::test(points = 1, rule = 2)]
fn small_negative_temperatures_keep_their_sign() {
    let printed =
        [-1, -15, -16, -17, -2048, i16::MIN].map(|sixteenths| Temperature { sixteenths }.to_string());
    assert_eq!(
        printed,
        [
            "-0.0625",
            "-0.9375",
            "-1.0000",
            "-1.0625",
            "-128.0000",
            "-2048.0000"
        ],
        "-1, -15, -16, -17, -2048 and -32768 sixteenths"
    );
}

/// Halves go away from zero, on both sides of it.
#[phase7::test(points = 1, rule = 3)]
fn a_mean_rounds_alike_on_both_sides_of_zero() {
    let mean = |samples: &[i16]| {
        let mut mean = Mean::new();
        samples.iter().for_each(|&sample| mean.push(sample));
        mean.value()
    };
    assert_eq!(mean(&[1, 2]), Some(2), "of 1 and 2");
    assert_eq!(mean(&[-1, -2]), Some(-2), "of -1 and -2");
    assert_eq!(mean(&[-1, -1, -2]), Some(-1), "of -1, -1 and -2");
    assert_eq!(mean(&[1, 1, 1, 3]), Some(2), "of 1, 1, 1 and 3");
}

/// A mean takes 65,535 samples, of the largest values too, and no more.
#[phase7::test(points = 1, rule = 3)]
fn a_mean_neither_overflows_nor_wraps() {
    for extreme in [i16::MIN, i16::MAX] {
        let mut mean = Mean::new();
        (0..65_535).for_each(|_| mean.push(extreme));
        assert_eq!(mean.value(), Some(extreme), "of 65,535 times {extreme}");
        assert_eq!(mean.count(), 65_535, "samples");
        (0..70_000).for_each(|_| mean.push(0));
        assert_eq!(mean.value(), Some(extreme), "after samples that it does not take");
        assert_eq!(mean.count(), 65_535, "samples");
    }
}

/// The filter arrives from above and from below, however slow it is, and keeps still when it is there.
#[phase7::test(points = 2, rule = 4)]
fn the_filter_arrives_from_both_sides() {
    for (shift, samples) in [(0, 1), (1, 40), (4, 400), (7, 4_000)] {
        for (from, to) in [
            (0, 1),
            (1, 0),
            (-1, 0),
            (0, -1),
            (-5, 300),
            (300, -5),
            (i32::MAX, i32::MIN),
        ] {
            let mut filter = Exponential::new(shift);
            assert_eq!(filter.push(from), from, "the first sample");
            let shown: Vec<i32> = (0..samples + 3).map(|_| filter.push(to)).collect();
            let last = &shown[samples..];
            assert_eq!(last, [to; 3], "shift {shift}, from {from} to {to}");
            assert!(
                shown.is_sorted() || shown.iter().rev().is_sorted(),
                "shift {shift}, from {from} to {to}: no way back"
            );
        }
    }
    assert!(
        std::panic::catch_unwind(|| Exponential::new(17)).is_err(),
        "a shift of 17 is refused"
    );
}

/// What is not shown is kept: the values are those of the rule, halves shown upwards.
#[phase7::test(points = 1, rule = 4)]
fn the_filter_rounds_what_it_shows_only() {
    let mut filter = Exponential::new(1);
    let shown = [0, 1, 1, 0, 0, -1, -1, 7, -7].map(|sample| filter.push(sample));
    assert_eq!(
        shown,
        [0, 1, 1, 0, 0, 0, -1, 3, -2],
        "0, 1, 1, 0, 0, -1, -1, 7, -7 with shift 1"
    );
}
