//! The exercise's bench, with the reference's pools and heap.

extern crate memory_pool_solution as memory_pool;

#[path = "../../benches/pools.rs"]
mod pools;

fn main() {
    pools::main();
}
