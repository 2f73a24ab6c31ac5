//! The open tests, easiest first.

use @krate@::lines;

/// Each newline ends a line.
#[phase7::test(points = 1, rule = 1)]
fn a_newline_ends_a_line() {
    assert_eq!(lines("one\ntwo\n"), 2, "the lines of two");
    assert_eq!(lines(""), 0, "the lines of nothing");
}

/// The program prints what the library counts.
#[phase7::test(points = 1, rule = 4)]
fn the_program_prints_the_number() {
    let output = phase7::program!().stdin("one\ntwo\n").run().expect_code(0);
    assert_eq!(output.stdout(), "2\n");
}
