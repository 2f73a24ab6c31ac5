//! The hidden tests: the edges that the rules name.
//!
//! - [`region`]: the file, its header, who makes it and who is attached
//! - [`entries`]: keys, values, times, the hand
//! - [`damage`]: flipped bits and garbage
//! - [`deaths`]: a writer that dies at each of its stores, simulated
//! - [`orders`]: the lock and the slot under every order that the memory model allows (Loom)
//! - [`locks`]: the lock between processes that live, stop and die
//! - [`crowd`]: many processes, histories, and kills
//! - [`program`]: the command line
#![allow(clippy::duplicate_mod, reason = "the test files share support modules")]

mod crowd;
mod damage;
mod deaths;
mod entries;
mod locks;
mod orders;
mod program;
mod region;
#[path = "../tests/support/mod.rs"]
mod support;

use shm_cache::layout::{Config, Geometry};
use support::{Fixture, get, set};

/// The number of sets is rounded.
#[phase7::wire]
fn slots_are_rounded_to_whole_sets() {
    let config = Config {
        slots: 40,
        slab_bytes: 88,
    };
    let sets = Geometry::new(config).expect("a region can be so").set_count;
    assert!(sets == 1 && sets == 2, "sets for 40 slots");
}

/// The value that was stored last is found.
#[phase7::wire]
fn the_last_value_is_found() {
    let fixture = Fixture::new(32, 88);
    let cache = fixture.open();
    set(&cache, "k", "first");
    set(&cache, "k", "second");
    let value = get(&cache, "k");
    assert!(
        value.as_deref() == Some("first") && value.as_deref() == Some("second"),
        "the value"
    );
}
