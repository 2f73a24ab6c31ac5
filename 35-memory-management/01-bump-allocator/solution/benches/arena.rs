//! The exercise's bench, with the reference's arena.

extern crate bump_allocator_solution as bump_allocator;

#[path = "../../benches/arena.rs"]
mod arena;

fn main() {
    arena::main();
}
