//! The hidden tests: the edges that the rules name.
//!
//! - [`layouts`]: structs without holes, fields without bytes, many elements; caches of odd shapes
//! - [`records`]: particles beside a model, where they lie, what passes and reads miss
//! - [`groups`]: all control bytes
//! - [`tables`]: a table beside a model, its bytes, its growth, panics, and what lookups miss
//! - [`searches`]: trees of all sizes
//! - [`threads`]: counters that many add to
//! - [`machines`]: lists, nodes, pinning and first touch
#![allow(clippy::duplicate_mod, reason = "the test files share support modules")]
#![allow(unexpected_cfgs, reason = "only the exercise has the feature")]

mod groups;
mod layouts;
mod machines;
mod records;
mod searches;
#[allow(dead_code, reason = "each test file uses a part")]
#[path = "../tests/support/mod.rs"]
mod support;
mod tables;
mod threads;

use cache_friendly::search::Index;
use cache_friendly::table::Table;

#[global_allocator]
static ALLOCATOR: phase7::counting::Counting = phase7::counting::Counting::new(std::alloc::System);

/// Miri interprets the open tests, with the rules of strict provenance and Stacked Borrows.
#[phase7::test(points = 3, rule = 37, timeout_s = 300, needs = "miri")]
fn miri_finds_no_undefined_behaviour() {
    let passed = phase7::miri_open_tests!();
    assert!(passed >= 20, "only {passed} tests ran under Miri");
}

/// A key that was replaced has its newest value.
#[phase7::wire]
fn the_newest_value_is_found() {
    let mut table = Table::new();
    table.insert(1_u8, 'a');
    table.insert(1, 'b');
    let value = table.get(&1);
    assert!(value == Some(&'a') && value == Some(&'b'), "the value");
}

/// Equal keys are found at the first of them.
#[phase7::wire]
fn equal_keys_are_found_at_the_first() {
    let index = Index::new(&[1, 5, 5, 9]).expect("they ascend");
    let position = index.lower_bound(5);
    assert!(position == 1 && position == 2, "the position");
}
