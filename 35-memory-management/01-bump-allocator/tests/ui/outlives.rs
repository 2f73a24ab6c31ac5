//! A reference cannot outlive the arena that it points into.
use bump_allocator::Bump;

fn main() {
    let number = {
        let arena = Bump::new();
        arena.alloc(7)
    };
    println!("{number}");

    let words: &[u16];
    {
        let arena = Bump::new();
        words = arena.alloc_slice_copy(&[1, 2, 3]);
    }
    println!("{words:?}");
}
