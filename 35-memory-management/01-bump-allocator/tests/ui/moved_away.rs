//! An arena that something points into stays where it is.
use bump_allocator::Bump;

fn main() {
    let arena = Bump::new();
    let number = arena.alloc_with(|| 7);
    drop(arena);
    println!("{number}");
}
