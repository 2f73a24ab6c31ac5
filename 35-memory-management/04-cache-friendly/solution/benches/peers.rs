//! The exercise's bench, with the reference's structures.

extern crate cache_friendly_solution as cache_friendly;

#[path = "../../benches/peers.rs"]
mod peers;

fn main() {
    peers::main();
}
