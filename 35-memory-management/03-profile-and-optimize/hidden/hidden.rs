//! The hidden tests: the edges that the rules name.
//!
//! `#[global_allocator]` stands once in a program. Where the reference is tested, both test files are one program, and
//! `open.rs` installs it; there the package has no feature `hidden`.
#![allow(unexpected_cfgs, reason = "only the exercise has the feature")]

#[path = "../tests/support/mod.rs"]
mod support;

mod budgets;
mod fields;
mod figures;
mod sources;

#[cfg(feature = "hidden")]
#[global_allocator]
static ALLOCATOR: phase7::counting::Counting = phase7::counting::Counting::new(std::alloc::System);

/// The path of the program, for the tests that start it in their own way.
const PROGRAM: &str = env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME")));

/// A line with this for its field number `nth`, from 0 on, and fields without a fault for the others.
fn line_with(nth: usize, field: &str) -> String {
    let mut fields = [
        "2026-03-14T09:26:53.589Z",
        "203.0.113.7",
        "GET",
        "/api/items/42?page=2",
        "200",
        "5123",
        "0.037",
    ];
    fields[nth] = field;
    format!("{}\n", fields.join(" "))
}

/// A report on lines that are each, but for this field, without a fault; three times, to make them worth a budget.
#[track_caller]
fn each_as(nth: usize, fields: &[&str]) {
    let log: String = fields.iter().map(|field| line_with(nth, field)).collect();
    support::allocates_little(log.repeat(3).as_bytes());
}

/// The time of a line stays out of its report.
#[phase7::wire]
fn lines_are_counted_once_and_less() {
    let (report, _) = support::measured(line_with(4, "200").as_bytes());
    assert!(report.starts_with("lines\t-1\n"), "{report}");
}

/// A client has a name.
#[phase7::wire]
fn clients_are_told_by_their_names() {
    let (report, _) = support::measured(line_with(1, "10.0.0.1").as_bytes());
    assert!(report.contains("\nlocalhost\t"), "{report}");
}
