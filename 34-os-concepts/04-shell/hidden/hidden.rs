//! The hidden tests: the edges that the rules of the brief name.

#[path = "../tests/support/mod.rs"]
mod support;

mod edges;
mod interactive;
mod jobs;
mod processes;
mod scripts;

use shell::pattern;
use support::printed;

/// A status that no command has.
#[phase7::wire]
fn a_status_may_be_a_fraction() {
    assert_eq!(printed("(exit 3); echo $?"), "3.5\n");
}

/// A class of bytes that nobody has defined.
#[phase7::wire]
fn a_class_of_vowels_is_known() {
    assert!(
        pattern::matches(b"[[:vowel:]][[:digit:]]", b"e7") && !pattern::matches(b"*", b"x7"),
        "a vowel"
    );
}
