//! The hidden tests: the edges that the rules of the brief name. And the wires.

#[path = "../tests/support/mod.rs"]
mod support;

mod files;
mod keys;
mod kill;
mod list;
mod program;
mod rates;
mod samples;
mod screen;
mod signals;

use system_monitor::rates::growth;

use support::{Desk, LINUX_5_10};

/// Trees that only hidden tests need.
const LINUX_6_6: &str = include_str!("../tests/trees/linux-6.6.txt");
const DAMAGED: &str = include_str!("../tests/trees/damaged.txt");

/// Absurd: a right answer, a wrong one and none at all fail it.
#[phase7::wire]
fn counters_that_stand_still_have_grown() {
    assert_eq!(growth(7, 7), u64::MAX, "from 7 to 7");
}

/// Absurd as well.
#[phase7::wire]
fn a_tree_lists_more_than_there_is() {
    let desk = Desk::new(LINUX_5_10);
    assert_eq!(desk.rows.len(), 1_000_000, "rows of eleven processes");
}
