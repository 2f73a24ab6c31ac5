//! What the open and the hidden tests share: a log goes to the library and to the program that was given, both reports
//! must be equal, and then a budget must be kept.

#![allow(dead_code, reason = "each test file uses its part")]

#[path = "../../given/lib.rs"]
mod given;
pub mod log;

use std::io::{self, Write};

use phase7::counting::{Counts, measure};
use phase7::{Program, Scratch, valgrind};
use profile_and_optimize::{report_file, report_stream};

/// Blocks that a report may take, before there is a client or a route.
const BLOCKS: u64 = 100;

/// Clients and routes that make one block more.
const KEYS_PER_BLOCK: u64 = 8;

/// Bytes that a report may hold at once, before there is a client or a route.
const HELD_BYTES: u64 = 512 << 10;

/// Bytes that each client or route may cost beside twice its name.
const KEY_BYTES: u64 = 160;

/// A report in memory, and how often it was written to.
#[derive(Debug, Default)]
pub struct Report {
    pub bytes: Vec<u8>,
    pub writes: usize,
}

impl Write for Report {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writes += 1;
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What the program that was given reports on a log.
pub fn given_report(mut log: &[u8]) -> String {
    let mut out = Vec::new();
    given::report_stream(&mut log, &mut out).expect("memory can be read and written");
    String::from_utf8(out).expect("a report is UTF-8")
}

/// What the library reports on a log, and what it allocates meanwhile.
pub fn measured(mut log: &[u8]) -> (String, Counts) {
    let mut out = Vec::with_capacity(1 << 20);
    let (result, counts) = measure(|| report_stream(&mut log, &mut out));
    result.expect("memory can be read and written");
    (String::from_utf8_lossy(&out).into_owned(), counts)
}

/// The lines of a report after this heading, up to the next one.
pub fn section<'a>(report: &'a str, heading: &str) -> &'a str {
    let rest = report.split_once(heading).map_or("", |(_, rest)| rest);
    rest.split("\n\n").next().unwrap_or_default()
}

/// Fails unless the report on this log is the given program's.
#[track_caller]
pub fn same_report(actual: &str, log: &[u8]) -> String {
    let expected = given_report(log);
    if actual != expected {
        let mut lines = actual.lines().zip(expected.lines()).enumerate();
        let differs = lines.find(|(_, (actual, expected))| actual != expected);
        let (number, (actual, expected)) = differs
            .map_or((0, (actual, expected.as_str())), |(index, pair)| {
                (index + 1, pair)
            });
        assert_eq!(actual, expected, "line {number} of the report, or all of it");
    }
    expected
}

/// The numbers of clients and routes in a log, and the bytes of the routes' names, by the given program's report.
fn keys(report: &str) -> (u64, u64) {
    let routes = section(report, "\nroute\trequests\terrors\tbytes\tmean\n");
    let names = routes.lines().map(|line| line.len() as u64).sum();
    let clients = report
        .lines()
        .find_map(|line| line.strip_prefix("clients\t"))
        .and_then(|count| count.parse::<u64>().ok())
        .expect("the given program counts clients");
    (clients + routes.lines().count() as u64, names)
}

/// The report is the given program's, and takes no block for a line.
#[track_caller]
pub fn allocates_little(log: &[u8]) {
    let (report, counts) = measured(log);
    let (keys, _) = keys(&same_report(&report, log));
    let blocks = counts.allocations + counts.reallocations;
    let most = BLOCKS + keys / KEYS_PER_BLOCK;
    assert!(
        blocks <= most,
        "the report is right, but took {blocks} blocks (allocations and reallocations) where {most} are allowed"
    );
}

/// The report is the given program's, and nothing is held for each line.
#[track_caller]
pub fn holds_little(log: &[u8]) {
    let (report, counts) = measured(log);
    let (keys, names) = keys(&same_report(&report, log));
    let longest = log
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::len)
        .max()
        .unwrap_or(0) as u64;
    let most = HELD_BYTES + KEY_BYTES * keys + 2 * names + 4 * longest;
    let peak = counts.peak_bytes.cast_unsigned();
    assert!(
        peak <= most,
        "the report is right, but held {peak} bytes at once where {most} are allowed"
    );
}

/// The report is the given program's, and is written in few pieces.
#[track_caller]
pub fn writes_little(log: &[u8]) {
    let mut out = Report::default();
    report_stream(&mut &log[..], &mut out).expect("memory can be read and written");
    same_report(&String::from_utf8_lossy(&out.bytes), log);
    let most = 2 + out.bytes.len() / 4096;
    assert!(
        out.writes <= most,
        "the report is right, but {} bytes were written by {} calls where {most} are allowed",
        out.bytes.len(),
        out.writes
    );
}

/// How the program gets its log.
#[derive(Debug, Clone, Copy)]
pub enum Source {
    /// As the file of its argument.
    File,
    /// Through a pipe.
    Pipe,
}

/// The program's report is the given program's, at one instruction where that has `ratio` or more.
///
/// Of the program's instructions those are taken off that it has on an empty log; of the given program's, none.
#[track_caller]
pub fn executes_little(log: &[u8], source: Source, ratio: u64) {
    let scratch = Scratch::new();
    let run = |log: &[u8], is_given: bool| {
        let program = phase7::program!();
        let program = if is_given { program.arg("--given") } else { program };
        let program = match source {
            Source::File => program.arg(scratch.write("log", log)),
            Source::Pipe => program.stdin(log),
        };
        let (output, counts) = valgrind::callgrind(program, None);
        (output.expect_code(0).stdout(), counts.instructions)
    };
    let (expected, given) = run(log, true);
    let (report, ours) = run(log, false);
    assert_eq!(report, expected, "the report");
    let (_, empty) = run(b"", false);
    let ours = ours.saturating_sub(empty);
    assert!(
        ours * ratio <= given,
        "the report is right, but took {ours} instructions, {:.1} times fewer than the {given} of the program that was given; {ratio} times are asked for",
        given as f64 / ours as f64
    );
}

/// The program under test.
pub fn program() -> Program {
    phase7::program!()
}

/// The library's report on a file.
pub fn file_report(path: &std::path::Path) -> (io::Result<()>, Report) {
    let mut out = Report::default();
    let result = report_file(path, &mut out);
    (result, out)
}
