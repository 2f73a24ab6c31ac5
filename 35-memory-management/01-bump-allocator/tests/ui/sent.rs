//! An arena changes threads, with all that it has allocated; a pool of arenas works this way.
use std::sync::mpsc;
use std::thread;

use bump_allocator::Bump;

fn main() {
    let (sender, receiver) = mpsc::channel::<Bump>();
    let worker = thread::spawn(move || {
        let mut lengths = 0;
        for mut arena in receiver {
            lengths += arena.alloc_str("made elsewhere").len();
            arena.reset();
            lengths += arena.alloc_slice_copy(&[1, 2, 3]).len();
        }
        lengths
    });
    for number in 0..3 {
        let arena = Bump::new();
        assert_eq!(*arena.alloc(number), number);
        sender.send(arena).expect("the worker listens");
    }
    drop(sender);
    assert_eq!(worker.join().expect("the worker does not panic"), 3 * (14 + 3));
}
