//! Every field at its edges, and lines that have other fields.

use super::support::allocates_little;
use super::{each_as, line_with};

/// A defect counts only where the line is UTF-8 and has seven fields, also when a field before is wrong.
#[phase7::test(points = 2, rule = 3)]
fn encoding_comes_first_and_the_number_of_fields_second() {
    let line = line_with(0, "now");
    let mut log = line.repeat(10).into_bytes();
    for other in [
        "now",
        "",
        " ",
        "      ",
        "now  GET / 200 1 0.001",
        " 2026-03-14T09:26:53.589Z 203.0.113.7 GET / 200 5123 0.037",
        "2026-03-14T09:26:53.589Z 203.0.113.7 GET / 200 5123 0.037 ",
        "2026-03-14T09:26:53.589Z\t203.0.113.7 GET / 200 5123 0.037",
        "2026-03-14T09:26:53.589Z 203.0.113.7 GET /a b 200 5123 0.037",
        "2026-03-14T09:26:53.589Z 203.0.113.7 GET  200 5123 0.037",
        "é é é é é é é",
    ] {
        log.extend_from_slice(format!("{other}\n").repeat(3).as_bytes());
    }
    for other in [
        &b"now \xff"[..],
        b"\xc3",
        b"2026-03-14T09:26:53.589Z 203.0.113.7 GET /\xc3\x28 200 5123 0.037",
        b"2026-03-14T09:26:53.589Z 203.0.113.7 GET /\xed\xa0\x80 600 5123 0.037",
        b"2026-03-14T09:26:53.589Z 203.0.113.7 GET /a 200 5123 0.037\x80",
    ] {
        log.extend_from_slice(other);
        log.push(b'\n');
    }
    allocates_little(&log);
}

/// A time has its shape, digits where digits belong, and is on the clock.
#[phase7::test(points = 1, rule = 5)]
fn a_time_has_one_shape() {
    each_as(
        0,
        &[
            "2026-03-14T00:00:00.000Z",
            "2026-03-14T23:59:59.999Z",
            "2026-03-14T24:00:00.000Z",
            "2026-03-14T09:60:00.000Z",
            "2026-03-14T09:26:60.000Z",
            "2026-03-14 09:26:53.589Z",
            "2026-03-14t09:26:53.589Z",
            "2026-03-14T09:26:53.589z",
            "2026-03-14T09:26:53.589",
            "2026-03-14T09:26:53.58Z",
            "2026-03-14T09:26:53.5890Z",
            "2026-03-14T09:26:53,589Z",
            "2026-3-14T09:26:53.589Z",
            "2026/03/14T09:26:53.589Z",
            "2026-03-14T09-26-53.589Z",
            "26-03-14T09:26:53.589Z",
            "+026-03-14T09:26:53.589Z",
            "2026-03-14T09:26:53.5:9Z",
            "2026-03-14T09:2 6:53.589Z",
            "2026-03-14T0/:26:53.589Z",
            "2O26-03-14T09:26:53.589Z",
            "",
        ],
    );
}

/// A date is one of the calendar, from 1970 on.
#[phase7::test(points = 2, rule = 5)]
fn a_date_is_in_the_calendar() {
    let mut dates: Vec<String> = [
        "1970-01-01",
        "1969-12-31",
        "9999-12-31",
        "0000-01-01",
        "2026-00-10",
        "2026-13-10",
        "2024-02-29",
        "2023-02-29",
        "2000-02-29",
        "2100-02-29",
        "2400-02-29",
        "2026-02-28",
    ]
    .map(str::to_owned)
    .to_vec();
    for month in 1..=12 {
        dates.extend([0, 28, 29, 30, 31, 32].map(|day| format!("2026-{month:02}-{day:02}")));
    }
    let times: Vec<String> = dates.iter().map(|date| format!("{date}T09:26:53.589Z")).collect();
    each_as(0, &times.iter().map(String::as_str).collect::<Vec<_>>());
}

/// A client is four numbers up to 255 without leading zeros.
#[phase7::test(points = 1, rule = 6)]
fn a_client_is_an_address() {
    each_as(
        1,
        &[
            "0.0.0.0",
            "255.255.255.255",
            "256.0.0.1",
            "1.2.3.999",
            "1.2.3",
            "1.2.3.4.5",
            "1.2.3.4.",
            ".1.2.3.4",
            "1..2.3",
            "01.2.3.4",
            "1.2.3.00",
            "1.2.3.0",
            "1.2.3.0004",
            "1.2.3.-4",
            "1.2.3.+4",
            "a.b.c.d",
            "1.2.3.4x",
            "::1",
            "1,2,3,4",
            "1.2.3.4294967297",
            "",
            ".",
        ],
    );
}

/// A method is 1 to 16 upper-case letters.
#[phase7::test(points = 1, rule = 7)]
fn a_method_is_upper_case() {
    each_as(
        2,
        &[
            "G",
            "VERSIONCONTROLAB",
            "VERSIONCONTROLABC",
            "get",
            "GEt",
            "GET1",
            "M-SEARCH",
            "\"GET",
            "",
            "É",
            "@",
            "[",
        ],
    );
}

/// A target is whatever begins with a slash.
#[phase7::test(points = 1, rule = 8)]
fn a_target_begins_with_a_slash() {
    each_as(
        3,
        &[
            "/",
            "//",
            "/é/\u{1F980}?é",
            "/\t",
            "/\r",
            "/a\r",
            "*",
            "a/b",
            "http://a/",
            "?",
            "",
            "\u{2215}a",
        ],
    );
}

/// A status is three digits, from 100 to 599.
#[phase7::test(points = 1, rule = 9)]
fn a_status_has_three_digits() {
    each_as(
        4,
        &[
            "100", "599", "099", "600", "999", "20", "0200", "2000", "+20", "2 0", "20x", "", "-", "x00",
        ],
    );
}

/// A size is up to ten digits or a dash.
#[phase7::test(points = 1, rule = 10)]
fn a_size_is_digits_or_a_dash() {
    each_as(
        5,
        &[
            "0",
            "-",
            "--",
            "-1",
            "+1",
            "0000000001",
            "9999999999",
            "10000000000",
            "00000000001",
            "1.0",
            "1k",
            "",
            "18446744073709551617",
            "0x10",
        ],
    );
}

/// A duration is seconds and three decimals.
#[phase7::test(points = 1, rule = 11)]
fn a_duration_has_three_decimals() {
    each_as(
        6,
        &[
            "0.000",
            "9999.999",
            "10000.000",
            "00000.000",
            "0001.500",
            "1.5",
            "1.50",
            "1.5000",
            ".500",
            "1.",
            "1",
            "1,500",
            "-1.500",
            "+1.500",
            "1.5e0",
            "1.500s",
            "1..500",
            "1.5.0",
            "NaN",
            "inf",
            "",
            "0.1x0",
            "1.500\r",
        ],
    );
}
