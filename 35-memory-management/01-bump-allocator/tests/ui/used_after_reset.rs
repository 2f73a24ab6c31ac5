//! A reset ends every reference into the arena.
use bump_allocator::Bump;

fn main() {
    let mut arena = Bump::new();
    let name = arena.alloc_str("kept");
    arena.reset();
    println!("{name}");

    let squares = arena.alloc_slice_fill_with(4, |index| index * index);
    arena.reset();
    println!("{squares:?}");
}
