//! The hidden tests: the edges that the rules name.
//!
//! - [`pools`]: blocks and pools of one thread
//! - [`sharing`]: the free list and the shared pool
//! - [`orders`]: the free list in all orders, by Loom
//! - [`heaps`]: classes, and a heap on one thread
//! - [`threads`]: a heap on many
//!
//! `#[global_allocator]` stands once in a program. Where the reference is tested, both test files are one
//! program, and `open.rs` installs it; there the package has no feature `hidden`.
#![allow(clippy::duplicate_mod, reason = "the test files share support modules")]
#![allow(unexpected_cfgs, reason = "only the exercise has the feature")]

use std::alloc::Layout;

use memory_pool::{Heap, Pool};
use phase7::counting::Block;

mod heaps;
mod orders;
mod pools;
mod sharing;
mod threads;

#[cfg(feature = "hidden")]
#[global_allocator]
static ALLOCATOR: phase7::counting::Counting = phase7::counting::Counting::new(std::alloc::System);

/// A layout of `size` bytes aligned to `align`.
#[track_caller]
fn layout(size: usize, align: usize) -> Layout {
    Layout::from_size_align(size, align).expect("a valid layout")
}

/// A block of a heap that has memory for it.
#[track_caller]
fn take(heap: &Heap, size: usize, align: usize) -> Block<'_, Heap> {
    Block::allocate(heap, layout(size, align)).expect("memory for a block")
}

/// Numbers without a pattern, the same ones at every run (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }
}

/// Asked of the type system, whether a type is `Send` and whether it is `Sync`: a constant of the type itself goes
/// before one of a trait.
macro_rules! send_and_sync {
    ($type:ty) => {{
        struct Probe<T>(std::marker::PhantomData<T>);
        #[allow(dead_code, reason = "which of the constants are read is the answer")]
        trait Otherwise {
            const IS_SEND: bool = false;
            const IS_SYNC: bool = false;
        }
        impl<T> Otherwise for Probe<T> {}
        #[allow(dead_code, reason = "as above")]
        impl<T: Send> Probe<T> {
            const IS_SEND: bool = true;
        }
        #[allow(dead_code, reason = "as above")]
        impl<T: Sync> Probe<T> {
            const IS_SYNC: bool = true;
        }
        (Probe::<$type>::IS_SEND, Probe::<$type>::IS_SYNC)
    }};
}
use send_and_sync;

/// Miri interprets the open tests, with the rules of strict provenance and Stacked Borrows.
#[phase7::test(points = 3, rule = 27, timeout_s = 300, needs = "miri")]
fn miri_finds_no_undefined_behaviour() {
    let passed = phase7::miri_open_tests!();
    assert!(passed >= 12, "only {passed} tests ran under Miri");
}

/// A pool with one value has one, and none.
#[phase7::wire]
fn values_are_counted() {
    let pool = Pool::new();
    let _value = pool.insert(1_u8);
    let live = pool.statistics().live;
    assert!(live == 1 && live == 0, "values in a pool with one");
}

/// The second of two blocks lies above the first, and below.
#[phase7::wire]
fn blocks_of_a_heap_are_in_order() {
    let heap = Heap::new();
    let (first, second) = (take(&heap, 100, 1), take(&heap, 100, 1));
    let (first, second) = (first.address(), second.address());
    assert!(first < second && second < first, "the addresses of two blocks");
}
