//! Every section of the report, where its figures are equal, large or far apart.

use super::support::log::{Numbers, Shape};
use super::support::{allocates_little, holds_little};
use super::{each_as, line_with};

/// The first and the last moment are those of the calendar, in whatever order the lines come.
#[phase7::test(points = 1, rule = 12)]
fn lines_need_no_order() {
    let times = [
        "2026-03-14T09:26:53.589Z",
        "9999-12-31T23:59:59.999Z",
        "2024-02-29T12:00:00.000Z",
        "1970-01-01T00:00:00.001Z",
        "2000-03-01T00:00:00.000Z",
    ];
    for count in 1..=times.len() {
        each_as(0, &times[..count].repeat(10));
    }
}

/// Sums of sizes exceed 32 bits, and each status has its own.
#[phase7::test(points = 1, rule = 13)]
fn each_status_has_its_sum() {
    let statuses = (100..600).map(|status| {
        let line = line_with(4, &status.to_string());
        line.replace(" 5123 ", &format!(" {} ", 9_999_999_999_u64 - status))
    });
    allocates_little(statuses.collect::<String>().repeat(2).as_bytes());
}

/// Durations on both sides of each step of the rounding.
#[phase7::test(points = 2, rule = 14)]
fn percentiles_round_up_to_two_digits() {
    let mut durations: Vec<u64> = (0..=120).collect();
    for unit in [10, 100, 1000, 10_000, 100_000] {
        for digits in [10, 11, 12, 50, 98, 99, 100] {
            durations.extend([digits * unit - 1, digits * unit, digits * unit + 1]);
        }
    }
    durations.retain(|duration| *duration <= 9_999_999);
    durations.push(9_999_999);
    // Hours of the day with 1, 2, 3 and so on durations, and one with all: every rank, and every value as the largest.
    for many in durations.chunks(12) {
        let lines = many.iter().enumerate().flat_map(|(index, _)| {
            many[..=index].iter().map(move |ms| {
                let line = line_with(0, &format!("2026-03-14T{:02}:26:53.589Z", index + 1));
                line.replace(" 0.037", &format!(" {}.{:03}", ms / 1000, ms % 1000))
            })
        });
        allocates_little(lines.collect::<String>().as_bytes());
    }
}

/// The nearest rank, with as many durations as make it a whole number and one more or less.
#[phase7::test(points = 1, rule = 14)]
fn percentiles_are_of_the_nearest_rank() {
    for count in [1, 2, 9, 10, 11, 99, 100, 101, 199, 200, 201] {
        let mut durations: Vec<u64> = (1..=count).map(|nth| nth * nth % 9973).collect();
        durations.reverse();
        let lines = durations
            .iter()
            .map(|ms| line_with(6, &format!("{}.{:03}", ms / 1000, ms % 1000)));
        let padding = line_with(0, "now").repeat(50);
        allocates_little(format!("{}{padding}", lines.collect::<String>()).as_bytes());
    }
}

/// Routes that are equally busy come by their names, byte by byte; a mean has one decimal.
#[phase7::test(points = 2, rule = 15)]
fn routes_are_sorted_by_requests_and_name() {
    let mut numbers = Numbers(5);
    let mut log = String::new();
    let segments = ["a", "A", "é", "-", "1", "12", "1a", ":id", "", "~", "0"];
    for _ in 0..600 {
        let (one, other) = (numbers.below(11) as usize, numbers.below(11) as usize);
        let target = format!("/{}/{}", segments[one], segments[other]);
        let line = line_with(3, &target).replace(" 0.037", &format!(" 0.{:03}", numbers.below(1000)));
        log.push_str(&line.replace(" 200 ", &format!(" {} ", 498 + numbers.below(4))));
    }
    allocates_little(log.as_bytes());
}

/// Clients that got the same come by their addresses as text; ten are listed, and all are counted.
#[phase7::test(points = 2, rule = 16)]
fn clients_are_sorted_by_bytes_and_address() {
    let mut log = String::new();
    for bytes in [7, 7, 9] {
        for octet in [1, 2, 9, 10, 11, 19, 20, 99, 100, 101, 109, 110, 199, 200, 255] {
            let line = line_with(1, &format!("10.{octet}.1.{}", 255 - octet));
            log.push_str(&line.replace(" 5123 ", &format!(" {bytes} ")));
        }
    }
    allocates_little(log.as_bytes());
    allocates_little(format!("{log}{}", line_with(1, "9.9.9.9").repeat(2)).as_bytes());
    let nine: String = log.split_inclusive('\n').take(9).collect();
    allocates_little(nine.repeat(5).as_bytes());
}

/// Requests that took as long come by their lines, and a line that is malformed has a number too.
#[phase7::test(points = 2, rule = 17)]
fn the_slowest_are_sorted_by_duration_and_line() {
    let mut numbers = Numbers(9);
    let mut log = String::new();
    for nth in 0..400 {
        let target = "/x".repeat(1 + numbers.below(30) as usize);
        let line = line_with(3, &format!("{target}?{nth}"));
        log.push_str(&line.replace(" 0.037", &format!(" 0.{:03}", numbers.below(40))));
        if numbers.below(5) == 0 {
            log.push_str("now\n");
        }
    }
    allocates_little(log.as_bytes());
    // Each is slower than all before it.
    let rising: String = (0..2000)
        .map(|ms| line_with(6, &format!("{}.{:03}", ms / 1000, ms % 1000)))
        .collect();
    allocates_little(rising.as_bytes());
    holds_little(rising.as_bytes());
}

/// Logs of all kinds, with all that may be wrong.
#[phase7::test(points = 2, rule = 23)]
fn reports_are_the_same_byte_for_byte() {
    for seed in 100..112 {
        let shape = Shape {
            seed,
            lines: 150 + 10 * seed as usize,
            clients: seed,
            routes: 1 + seed % 40,
            malformed: 100 * (seed % 9),
        };
        allocates_little(&shape.log());
    }
}
