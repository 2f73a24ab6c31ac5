//! The BME280's operations and formulas: the edges that rules 8 to 13 name.

use sensor::bme280::{Calibration, Fault, FineTemperature, Measure, Oversampling, Settings, Start};

use super::{bosch, script};

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
