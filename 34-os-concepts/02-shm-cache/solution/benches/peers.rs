//! The exercise's own bench, run against the reference.

extern crate shm_cache_solution as shm_cache;

#[path = "../../benches/peers.rs"]
mod peers;

fn main() {
    peers::main();
}
