//! Numbers and operations: the edges that rules 1 to 13 name.

use sensor::bme280::{Calibration, Fault, FineTemperature, Measure, Oversampling, Settings, Start};
use sensor::filter::{Exponential, Mean};
use sensor::temperature::Temperature;
use sensor::tmp105::{Config, OneShot, Read, Resolution, Setup};

use super::{bosch, script};

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

/// What is no BME280 is left alone.
#[phase7::test(points = 1, rule = 8)]
fn another_chip_is_left_alone() {
    let (steps, done) = script::play(Start::new(), &[&[0x58]]);
    assert_eq!(done, Err(Fault::WrongChip(0x58)), "a BMP280");
    assert_eq!(steps, ["read d0 1"], "the steps");
}

/// A sensor that stays busy is given up after ten looks, a millisecond apart.
#[phase7::test(points = 1, rule = 9)]
fn a_busy_sensor_is_given_up() {
    let busy: [&[u8]; 10] = [&[0xFF]; 10];
    let looks = |steps: &[String]| {
        let mut looks = vec!["read f3 1"];
        (1..10).for_each(|_| looks.extend(["wait 1000", "read f3 1"]));
        assert_eq!(steps, looks, "ten looks, a millisecond apart");
    };
    let mut replies = vec![&[0x60_u8][..]];
    replies.extend(busy);
    let (steps, done) = script::play(Start::new(), &replies);
    looks(&steps[3..]);
    assert_eq!(done, Err(Fault::Busy), "a start");
    let (steps, done) = script::play(Measure::new(bosch::calibration(), bosch::ONCE), &busy);
    looks(&steps[3..]);
    assert_eq!(done, Err(Fault::Busy), "a measurement");
}

/// Each look asks for its own bit; the tenth is in time.
#[phase7::test(points = 1, rule = 9)]
fn only_the_bit_that_matters_counts() {
    let (first, second) = (bosch::first(), bosch::second());
    let (_, done) = script::play(Start::new(), &[&[0x60], &[0xFE], &first, &second]);
    assert!(
        done.is_ok(),
        "a start with im_update clear and the rest set: {done:?}"
    );
    let data = bosch::data(bosch::RAW_PRESSURE, bosch::RAW_TEMPERATURE, 28_437);
    let mut replies: Vec<&[u8]> = vec![&[0x08]; 9];
    replies.extend([&[0xF7][..], &data]);
    let (_, done) = script::play(Measure::new(bosch::calibration(), bosch::ONCE), &replies);
    assert!(
        done.is_ok(),
        "a measurement that is over at the tenth look: {done:?}"
    );
}

/// The time of a measurement, and the bits of its settings.
#[phase7::test(points = 1, rule = 10)]
fn a_measurement_gets_its_time() {
    use Oversampling::{Skip, X1, X2, X4, X8, X16};
    let cases = [
        ([X16, X16, X16], "write f2 05", "write f4 b5", "wait 112800"),
        ([X1, Skip, Skip], "write f2 00", "write f4 21", "wait 3550"),
        ([X2, X8, X4], "write f2 03", "write f4 51", "wait 34600"),
    ];
    for ([temperature, pressure, humidity], ctrl_hum, ctrl_meas, wait) in cases {
        let settings = Settings {
            temperature,
            pressure,
            humidity,
        };
        let data = bosch::data(0x80000, 0x80000, 0x8000);
        let (steps, _) = script::play(Measure::new(bosch::calibration(), settings), &[&[0], &data]);
        assert_eq!(
            steps[..3],
            [ctrl_hum, ctrl_meas, wait],
            "the steps with {settings:?}"
        );
    }
}

/// H4 and H5 share a byte and have twelve bits each, with a sign: so says the humidity.
#[phase7::test(points = 2, rule = 11)]
fn the_humidity_is_that_of_the_formula() {
    for (h4, h5) in [(321, 50), (321, -50), (-300, 49), (2_047, -2_048), (-1, -1)] {
        let calibration = Calibration::parse(&bosch::first(), &bosch::second_with(h4, h5));
        for raw in (0..=u16::MAX).step_by(1_999) {
            for t_fine in [-204_800, 0, 76_800, 128_422, 435_200] {
                let percent = f64::from(calibration.humidity(raw, FineTemperature(t_fine))) / 1_024.0;
                let expected = bosch::humidity(raw, t_fine, h4, h5);
                assert!(
                    (percent - expected).abs() < 0.05,
                    "{percent} %, not {expected} %: raw {raw}, t_fine {t_fine}, H4 {h4}, H5 {h5}"
                );
            }
        }
    }
}

/// The humidity of the example's sensor, to the last bit, and its limits.
#[phase7::test(points = 1, rule = 12)]
fn the_humidity_is_exact() {
    let calibration = bosch::calibration();
    let humidity =
        [0, 20_000, 28_437, 40_000, 65_535].map(|raw| calibration.humidity(raw, FineTemperature(128_422)));
    assert_eq!(humidity, [0, 0, 44_486, 102_400, 102_400], "per cent, times 1024");
}

/// Temperatures below zero, and pressures far from the example's.
#[phase7::test(points = 1, rule = 12)]
fn cold_and_thin_air_come_out() {
    let calibration = bosch::calibration();
    let shown = [300_000, 400_000, 519_888, 700_000].map(|raw| {
        let fine = calibration.temperature(raw);
        let pressure = [250_000, 415_148, 700_000].map(|raw| calibration.pressure(raw, fine));
        (fine.0, fine.centidegrees(), pressure)
    });
    let expected = [
        (-227_131, -4_436, [29_615_363, 23_101_007, 11_998_722]),
        (-64_736, -1_264, [31_180_878, 24_298_573, 12_576_638]),
        (128_422, 2_508, [33_101_007, 25_767_233, 13_286_002]),
        (415_464, 8_115, [36_014_928, 27_995_834, 14_364_093]),
    ];
    let expected = expected.map(|(fine, centi, pascals)| (fine, centi, pascals.map(Some)));
    assert_eq!(
        shown, expected,
        "(t_fine, hundredths of a degree, [Q24.8 pascals])"
    );
}

/// What was skipped is not there, and without the temperature nothing is.
#[phase7::test(points = 2, rule = 13)]
fn what_was_skipped_is_not_there() {
    let measured = |pressure, temperature, humidity| {
        let data = bosch::data(pressure, temperature, humidity);
        let (_, done) = script::play(Measure::new(bosch::calibration(), bosch::ONCE), &[&[0], &data]);
        let done = done.expect("a measurement");
        [
            done.centidegrees.is_some(),
            done.pascals_q8.is_some(),
            done.percent_q10.is_some(),
        ]
    };
    let (t, p, h) = (bosch::RAW_TEMPERATURE, bosch::RAW_PRESSURE, 28_437);
    assert_eq!(
        measured(p, t, h),
        [true, true, true],
        "temperature, pressure, humidity: all measured"
    );
    assert_eq!(
        measured(0x80000, t, h),
        [true, false, true],
        "the pressure skipped"
    );
    assert_eq!(
        measured(p, t, 0x8000),
        [true, true, false],
        "the humidity skipped"
    );
    assert_eq!(
        measured(p, 0x80000, h),
        [false, false, false],
        "the temperature skipped"
    );
}

/// A broken sensor leads to nonsense, never to a panic.
#[phase7::test(points = 2, rule = 13)]
fn no_calibration_makes_it_panic() {
    let extremes = [0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF];
    let mut random = 0x2545_F491_4F6C_DD1D_u64;
    let mut byte = || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let [first, second, ..] = random.to_le_bytes();
        if second < 0xC0 {
            extremes[usize::from(first) % 6]
        } else {
            first
        }
    };
    let mut divided_by_zero = 0;
    for round in 0..4_000 {
        let mut first: [u8; 26] = std::array::from_fn(|_| byte());
        if round % 16 == 0 {
            first[6..8].fill(0);
        }
        let calibration = Calibration::parse(&first, &std::array::from_fn(|_| byte()));
        for raw in [0, 1, 0x7_FFFF, 0x8_0001, 0xF_FFFF] {
            let fine = calibration.temperature(raw);
            fine.centidegrees();
            for raw in [0, 0x7_FFFF, 0xF_FFFF] {
                divided_by_zero += u32::from(calibration.pressure(raw, fine).is_none());
            }
            for raw in [0, 0x7FFF, 0xFFFF] {
                let humidity = calibration.humidity(raw, fine);
                assert!(humidity <= 102_400, "{humidity} is above 100 %");
            }
        }
    }
    assert!(
        divided_by_zero >= 3_750,
        "P1 = 0 gives no pressure: {divided_by_zero} times"
    );
}
