//! Where a log comes from: files of all kinds, streams that give little at a time or fail, and the program.

use std::fs;
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;

use nix::sys::stat::Mode;
use phase7::Scratch;
use profile_and_optimize::{report_file, report_stream};

use super::line_with;
use super::support::log::Shape;
use super::support::{Report, file_report, given_report, holds_little, program, same_report, writes_little};

/// Gives one to so many bytes at a time, is interrupted before each, and ends with an error if there is one.
struct Trickle<'a> {
    bytes: &'a [u8],
    most: usize,
    reads: usize,
    error: Option<ErrorKind>,
}

impl<'a> Trickle<'a> {
    fn new(bytes: &'a [u8], most: usize) -> Self {
        Self {
            bytes,
            most,
            reads: 0,
            error: None,
        }
    }
}

impl Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reads += 1;
        if self.reads % 2 == 1 {
            return Err(ErrorKind::Interrupted.into());
        }
        let count = (1 + self.reads % self.most)
            .min(buffer.len())
            .min(self.bytes.len());
        let (now, later) = self.bytes.split_at(count);
        buffer[..count].copy_from_slice(now);
        self.bytes = later;
        match self.error {
            Some(kind) if count == 0 => Err(kind.into()),
            _ => Ok(count),
        }
    }
}

/// The report on what trickles in, which is the given program's.
#[track_caller]
fn trickles(log: &[u8], most: usize) {
    let mut out = Report::default();
    report_stream(&mut Trickle::new(log, most), &mut out).expect("an interruption is no failure");
    same_report(&String::from_utf8_lossy(&out.bytes), log);
    let allowed = 2 + out.bytes.len() / 4096;
    assert!(
        out.writes <= allowed,
        "{} calls of `write`, {allowed} are allowed",
        out.writes
    );
}

/// A line may begin in one read and end many reads later.
#[phase7::test(points = 2, rule = 1)]
fn a_stream_may_give_one_byte_at_a_time() {
    let log = Shape::day(21, 60).log();
    trickles(&log, 1);
    trickles(&log, 200);
    let windows = String::from_utf8_lossy(&log).replace('\n', "\r\n");
    trickles(windows.as_bytes(), 3);
    trickles(windows.trim_end().as_bytes(), 2);
}

/// A line of a megabyte is a line.
#[phase7::test(points = 2, rule = 2)]
fn a_line_may_be_long() {
    let long = line_with(3, &format!("/{}", "long/".repeat(200_000)));
    let usual = line_with(3, "/short").repeat(1500);
    holds_little(format!("{usual}{long}{usual}").as_bytes());
    trickles(format!("{usual}{long}{long}{usual}").as_bytes(), 100_000);
}

/// `\r` without `\n` ends no line, also at the end of the log; a log may end in the middle of a line.
#[phase7::test(points = 1, rule = 2)]
fn the_last_line_may_be_cut() {
    let line = line_with(0, "2026-03-14T09:26:53.589Z");
    let log = line.repeat(3);
    for end in [
        "\r",
        "\r\r\n",
        "\r\n\r",
        "\n\n",
        "2026",
        &line.replace('\n', "\r"),
        &line[..line.len() - 1],
        &line[..line.len() - 2],
    ] {
        writes_little(format!("{log}{end}").as_bytes());
    }
    writes_little(b"\r");
    writes_little(b"\n");
}

/// A named pipe, and a file that says it has no bytes and has some.
#[phase7::test(points = 2, rule = 1, needs = "/proc")]
fn a_file_need_not_be_one_that_can_be_mapped() {
    let scratch = Scratch::new();
    let path = scratch.join("pipe");
    nix::unistd::mkfifo(&path, Mode::S_IRWXU).expect("a named pipe");
    let log = Shape::day(22, 3000).log();
    let (result, report) = std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut pipe = fs::OpenOptions::new()
                .write(true)
                .open(&path)
                .expect("the pipe opens");
            // A reader that gives up has its own failure to show.
            let _ = pipe.write_all(&log);
        });
        file_report(&path)
    });
    result.expect("a pipe can be read");
    same_report(&String::from_utf8_lossy(&report.bytes), &log);
    let (result, report) = file_report(Path::new("/proc/self/limits"));
    result.expect("a file of /proc can be read");
    let text = String::from_utf8_lossy(&report.bytes).into_owned();
    assert!(text.starts_with("lines\t17\n"), "{text}");
    assert!(
        report.writes <= 2,
        "the report was written by {} calls",
        report.writes
    );
}

/// An empty file, and one whose length is a multiple of a page.
#[phase7::test(points = 1, rule = 1)]
fn a_file_may_be_empty_or_end_with_a_page() {
    let scratch = Scratch::new();
    let line = line_with(3, &format!("/{}", "a".repeat(1024)));
    let line = line.replacen(&"a".repeat(line.len() - 1024), "", 1);
    assert_eq!(line.len(), 1024, "a quarter of a page");
    for log in [
        String::new(),
        line.repeat(4),
        line.repeat(8).trim_end().to_owned(),
    ] {
        let (result, report) = file_report(&scratch.write("log", &log));
        result.expect("a file can be read");
        same_report(&String::from_utf8_lossy(&report.bytes), log.as_bytes());
        assert!(
            report.writes <= 2,
            "the report was written by {} calls",
            report.writes
        );
    }
}

/// What cannot be read has no report; what cannot be written ends it.
#[phase7::test(points = 2, rule = 18)]
fn errors_are_returned() {
    let log = Shape::day(23, 50).log();
    writes_little(&log);
    let mut out = Report::default();
    let mut input = Trickle::new(&log, 4000);
    input.error = Some(ErrorKind::ConnectionReset);
    let error = report_stream(&mut input, &mut out).expect_err("the stream fails at its end");
    assert_eq!(error.kind(), ErrorKind::ConnectionReset, "the stream's error");
    assert!(out.bytes.is_empty(), "nothing is written when reading fails");

    let scratch = Scratch::new();
    let error = report_file(&scratch.join("absent"), &mut out).expect_err("there is no such file");
    assert_eq!(error.kind(), ErrorKind::NotFound, "the error of opening");
    report_file(scratch.path(), &mut out).expect_err("a directory cannot be read");
    assert!(out.bytes.is_empty(), "nothing is written when reading fails");

    let mut full = &mut [0_u8; 100][..];
    let error = report_stream(&mut &log[..], &mut full).expect_err("there is room for 100 bytes");
    assert_eq!(error.kind(), ErrorKind::WriteZero, "the error of writing");
}

/// The program: its sources, its exit codes, one line for an error.
#[phase7::test(points = 2, rule = 18)]
fn the_program_says_how_it_ended() {
    let scratch = Scratch::new();
    let log = Shape::day(24, 50).log();
    let path = scratch.write("log", &log);
    writes_little(&log);
    let expected = given_report(&log);
    assert_eq!(
        program().arg(&path).run().expect_code(0).stdout(),
        expected,
        "the file's report"
    );
    assert_eq!(
        program().stdin(log).run().expect_code(0).stdout(),
        expected,
        "the pipe's report"
    );
    let output = program().arg(scratch.join("absent")).run().expect_code(1);
    assert!(output.stdout().is_empty(), "no report on nothing");
    assert!(
        output.stderr().starts_with("profile-and-optimize: "),
        "{}",
        output.stderr()
    );
    assert_eq!(output.stderr().lines().count(), 1, "lines on standard error");
    let output = program().arg(&path).arg(&path).run().expect_code(2);
    assert!(output.stdout().is_empty(), "no report on two files");
    let many: String = (0..9000).map(|nth| line_with(3, &format!("/x{nth}x"))).collect();
    let (path, code) = (scratch.write("many", many), scratch.join("code"));
    let command = format!(
        "{{ '{}' '{}'; echo $? > '{}'; }} | head -c 1",
        super::PROGRAM,
        path.display(),
        code.display()
    );
    phase7::Program::new("sh")
        .args(["-c", &command])
        .run()
        .expect_code(0);
    assert_eq!(scratch.read("code"), "0\n", "nobody reads the report to its end");
}
