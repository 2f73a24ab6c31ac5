//! The open tests. What is given passes none of them: its reports are right, and each test has a budget beside.

use phase7::Scratch;
use phase7::counting::Counting;

mod support;

use support::log::Shape;
use support::{
    Source, allocates_little, executes_little, holds_little, measured, same_report, writes_little,
};

#[global_allocator]
static ALLOCATOR: Counting = Counting::new(std::alloc::System);

/// A line that has nothing to complain of.
const LINE: &str = "2026-03-14T09:26:53.589Z 203.0.113.7 GET /api/items/42?page=2 200 5123 0.037\n";

/// A report of some kilobytes is written by a few calls, and not by one for each cell.
#[phase7::test(points = 1, rule = 22)]
fn a_report_is_written_in_large_pieces() {
    writes_little(&Shape::day(1, 200).log());
}

/// A log without a line has a report with all its headings.
#[phase7::test(points = 1, rule = 12)]
fn an_empty_log_has_a_report() {
    writes_little(b"");
}

/// The report on a file is the report on its contents.
#[phase7::test(points = 1, rule = 1)]
fn a_file_is_reported_on() {
    let scratch = Scratch::new();
    let log = Shape::day(2, 100).log();
    let (result, report) = support::file_report(&scratch.write("access.log", &log));
    result.expect("a file can be read");
    same_report(&String::from_utf8_lossy(&report.bytes), &log);
    assert!(
        report.writes <= 4,
        "the report is right, but was written by {} calls",
        report.writes
    );
}

/// A line ends with `\n` or `\r\n`, the last one also with the log.
#[phase7::test(points = 1, rule = 2)]
fn a_line_ends_in_one_of_three_ways() {
    let line = LINE.trim_end();
    let windows = format!("{line}\r\n").repeat(20);
    let unix = LINE.repeat(20);
    allocates_little(format!("{windows}\n\r\n{unix}{line}").as_bytes());
}

/// Each defect is counted where it is the first that a line has.
#[phase7::test(points = 2, rule = 4)]
fn a_malformed_line_counts_for_its_first_defect() {
    let lines = [
        LINE,
        "2026-03-14T09:26:53.589Z 203.0.113.7 GET / 200 5123\n",
        "2026-02-30T09:26:53.589Z 203.0.113.7 GET / 200 5123 0.037\n",
        "2026-03-14T09:26:53.589Z 203.0.113.256 GET / 200 5123 0.037\n",
        "2026-03-14T09:26:53.589Z 203.0.113.7 get / 200 5123 0.037\n",
        "2026-03-14T09:26:53.589Z 203.0.113.7 GET items 200 5123 0.037\n",
        "2026-03-14T09:26:53.589Z 203.0.113.7 GET / 600 5123 0.037\n",
        "2026-03-14T09:26:53.589Z 203.0.113.7 GET / 200 -1 0.037\n",
        "2026-03-14T09:26:53.589Z 203.0.113.7 GET / 200 5123 37\n",
        "yesterday nobody get items ok none 37\n",
    ];
    let mut log = lines.concat().repeat(10).into_bytes();
    log.extend_from_slice(b"\xff\n");
    allocates_little(&log);
}

/// Requests are grouped by method and path; numbers in the path are `:id`, and a query is no part of it.
#[phase7::test(points = 1, rule = 15)]
fn routes_leave_out_numbers_and_queries() {
    let targets = [
        "/",
        "/items/42",
        "/items/7/",
        "/items/7a?id=7",
        "/items?page=2",
        "//1//2",
        "/1?/2",
    ];
    let log: String = targets
        .map(|target| LINE.replace("/api/items/42?page=2", target))
        .concat();
    allocates_little(log.repeat(10).as_bytes());
}

/// The percentiles of an hour come without all its durations.
#[phase7::test(points = 2, rule = 14)]
fn percentiles_need_no_list_of_durations() {
    holds_little(&Shape::day(3, 4000).log());
}

/// The ten longest requests come without all the others.
#[phase7::test(points = 1, rule = 17)]
fn the_slowest_are_ten() {
    let shape = Shape {
        routes: 1,
        clients: 1,
        malformed: 0,
        ..Shape::day(4, 3000)
    };
    holds_little(&shape.log());
}

/// Twice the lines need not one block more, or only a few that grow.
#[phase7::test(points = 2, rule = 20)]
fn no_line_allocates() {
    allocates_little(&Shape::day(5, 2000).log());
    let log = Shape::day(6, 4000).log();
    let half = &log[..log.len() / 2];
    let (_, half) = measured(half);
    let (report, whole) = measured(&log);
    same_report(&report, &log);
    let more =
        (whole.allocations + whole.reallocations).saturating_sub(half.allocations + half.reallocations);
    assert!(more <= 40, "{more} blocks more for twice the lines");
}

/// The first goal: a quarter of the instructions.
#[phase7::test(points = 1, rule = 19, timeout_s = 60, needs = "/proc, valgrind")]
fn a_quarter_of_the_instructions_will_do_at_first() {
    executes_little(&Shape::day(7, 1000).log(), Source::File, 4);
}

/// What is asked of any log, and of this one.
#[phase7::test(points = 4, rule = 19, timeout_s = 60, needs = "/proc, valgrind")]
fn a_sixteenth_of_the_instructions_will_do() {
    executes_little(&Shape::day(8, 1000).log(), Source::File, 16);
}
