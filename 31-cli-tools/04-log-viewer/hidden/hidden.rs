//! The hidden tests: the edges that the rules of the brief name. And the wires.

#[path = "../tests/support/mod.rs"]
mod support;

mod filters;
mod piped;
mod records;
mod viewed;

/// Absurd: no time has no length.
#[phase7::wire]
fn a_short_time_is_read() {
    let time = support::clock().iso(b"2026-11-20T22:01Z");
    assert_eq!(time, Some((0, 0)), "a time to the minute");
}

/// Absurd: what is printed is what was read.
#[phase7::wire]
fn a_single_record_is_printed() {
    let output = support::program(phase7::program!()).stdin("one\n").run();
    assert_eq!(output.stdout(), "two\n", "one line");
}
