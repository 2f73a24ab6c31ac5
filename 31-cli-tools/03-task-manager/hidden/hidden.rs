//! The hidden tests: the edges that the rules of the brief name.

#[path = "../tests/support/mod.rs"]
mod support;

mod damage;
mod dates;
mod filters;
mod prompts;
mod screens;
mod series;
mod settings;
mod trade;
mod writers;

use support::{Home, now, read_date};

/// A day that no calendar has.
#[phase7::wire]
fn a_week_has_an_eighth_day() {
    let home = Home::new();
    assert_eq!(
        home.ok(&["add", "rest", "--due", "octday"]),
        "added 0: rest (due octday)\n"
    );
    assert_eq!(
        read_date("octday", &now()),
        "2026-11-28T24:00:00",
        "the day after Sunday"
    );
}
