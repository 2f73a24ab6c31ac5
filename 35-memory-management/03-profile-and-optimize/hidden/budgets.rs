//! Budgets where they are harder to keep: through a pipe, with many keys, with nothing but malformed lines, in little memory.

use phase7::Program;

use super::line_with;
use super::support::log::{Numbers, Shape};
use super::support::{
    Source, allocates_little, executes_little, given_report, holds_little, measured, section,
};

/// A pipe is no excuse.
#[phase7::test(points = 2, rule = 19, timeout_s = 60, needs = "/proc, valgrind")]
fn a_pipe_is_read_in_a_sixteenth_of_the_instructions() {
    executes_little(&Shape::day(31, 1000).log(), Source::Pipe, 16);
}

/// Each line has a client and a route of its own.
#[phase7::test(points = 2, rule = 19, timeout_s = 60, needs = "/proc, valgrind")]
fn many_keys_take_a_tenth_of_the_instructions() {
    executes_little(&many_keys(32, 1000), Source::File, 10);
}

/// A line that is malformed costs no more than one that is not.
#[phase7::test(points = 1, rule = 19, timeout_s = 60, needs = "/proc, valgrind")]
fn malformed_lines_take_a_tenth_of_the_instructions() {
    let shape = Shape {
        malformed: 1000,
        ..Shape::day(33, 1500)
    };
    executes_little(&shape.log(), Source::File, 10);
}

/// Three thousand clients and routes: few blocks, and little more than their names.
#[phase7::test(points = 2, rule = 21)]
fn a_key_costs_little() {
    let log = many_keys(34, 3000);
    allocates_little(&log);
    holds_little(&log);
}

/// A hundred thousand clients and routes, each twice: none is taken for another.
#[phase7::test(points = 2, rule = 15, timeout_s = 30)]
fn no_key_is_taken_for_another() {
    // A list that is searched from its beginning would take minutes.
    allocates_little(&many_keys(35, 100).repeat(2));
    let log = many_keys(35, 100_000).repeat(2);
    let (report, counts) = measured(&log);
    assert!(
        report.contains("\nclients\t100000\n"),
        "clients: {}",
        &report[..300]
    );
    let routes = section(&report, "\nroute\trequests\terrors\tbytes\tmean\n");
    assert_eq!(routes.lines().count(), 100_000, "routes");
    let odd = routes.lines().find(|line| line.split('\t').nth(1) != Some("2"));
    assert_eq!(odd, None, "a route without its two requests");
    let blocks = counts.allocations + counts.reallocations;
    assert!(blocks <= 25_100, "{blocks} blocks");
}

/// A log of 16 MiB goes through a pipe into a program that has 12 MiB of addresses, libraries and all.
#[phase7::test(points = 2, rule = 21, timeout_s = 30)]
fn a_log_may_be_larger_than_memory() {
    let query = "q".repeat(2000);
    let line = line_with(3, &format!("/search?{query}"));
    let log = line.repeat((16 << 20) / line.len());
    let command = format!("ulimit -v 12288 && exec '{}'", super::PROGRAM);
    let expected = given_report(log.as_bytes());
    let output = Program::new("sh")
        .args(["-c", &command])
        .stdin(log)
        .run()
        .expect_code(0);
    assert_eq!(output.stdout(), expected, "the report");
}

/// A log in which no client and no route comes twice.
fn many_keys(seed: u64, lines: usize) -> Vec<u8> {
    let mut numbers = Numbers(seed);
    let mut log = String::new();
    for nth in 0..lines as u32 {
        let [a, b, c, d] = nth.wrapping_mul(2_654_435_761).to_be_bytes();
        let line = line_with(1, &format!("{a}.{b}.{c}.{d}"));
        let target = format!("/x{:x}/y{nth:x}/{}", numbers.below(1 << 40), numbers.below(100));
        log.push_str(&line.replace("/api/items/42?page=2", &target));
    }
    log.into_bytes()
}
