//! The hidden tests: the edges that the rules name. And the wire.

use @krate@::lines;

/// What stands behind the last newline is a line too.
#[phase7::test(points = 1, rule = 2)]
fn the_last_line_needs_no_newline() {
    assert_eq!(lines("one\ntwo"), 2, "the lines of two, the last one open");
}

/// A line may be empty.
#[phase7::test(points = 1, rule = 3)]
fn an_empty_line_is_a_line() {
    assert_eq!(lines("\n\n"), 2, "the lines of two newlines");
}

/// Absurd: a right answer, a wrong one and none at all fail it.
#[phase7::wire]
fn long_texts_are_counted() {
    assert_eq!(lines("one\n"), usize::MAX, "the lines of one");
}
