//! The hidden tests: the edges that the rules name.
//!
//! `#[global_allocator]` stands once in a program. Where the reference is tested, both test files are one
//! program, and `open.rs` installs it; there the package has no feature `hidden`.
#![allow(clippy::duplicate_mod, reason = "the test files share support modules")]
#![allow(unexpected_cfgs, reason = "only the exercise has the feature")]

use std::alloc::Layout;
use std::cell::{Cell, RefCell};
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Barrier;

use bump_allocator::{AllocError, Bump, BumpGlobal, CHUNK_FIRST, CHUNK_MAX, placement};
use phase7::counting::{Block, measure, refusing};

#[path = "../tests/support/compile.rs"]
mod compile;

#[cfg(feature = "hidden")]
#[global_allocator]
static ALLOCATOR: phase7::counting::Counting = phase7::counting::Counting::new(std::alloc::System);

/// A region that begins at a multiple of 16, so that the offsets of its blocks are known.
#[repr(align(16))]
struct Aligned<const N: usize>(BumpGlobal<N>);

#[track_caller]
fn layout(size: usize, align: usize) -> Layout {
    Layout::from_size_align(size, align).expect("a valid layout")
}

/// Takes `size` bytes of any alignment.
fn take(arena: &Bump, size: usize) {
    arena.alloc_layout(layout(size, 1));
}

/// What can be seen of an arena from outside: chunks, bytes held, allocated and free.
fn view(arena: &Bump) -> [usize; 4] {
    [
        arena.chunk_count(),
        arena.held_bytes(),
        arena.allocated_bytes(),
        arena.free_bytes(),
    ]
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

/// Calls `check` for addresses near both ends of the address space and all layouts that are extreme.
fn for_extremes(mut check: impl FnMut(usize, usize, Layout)) {
    let addresses = [
        0,
        1,
        15,
        16,
        17,
        4096,
        isize::MAX as usize,
        usize::MAX - 16,
        usize::MAX - 1,
        usize::MAX,
    ];
    let sizes = [
        0,
        1,
        15,
        16,
        17,
        4095,
        4096,
        isize::MAX as usize / 2,
        isize::MAX as usize - 1,
        isize::MAX as usize,
    ];
    for low in addresses {
        for high in addresses.into_iter().filter(|&high| high >= low) {
            for size in sizes {
                let layouts = (0..usize::BITS).map(|power| Layout::from_size_align(size, 1 << power));
                layouts.flatten().for_each(|layout| check(low, high, layout));
            }
        }
    }
}

/// Compared with arithmetic that is wide enough for everything.
#[phase7::test(points = 1, rule = 1)]
fn down_is_right_at_both_ends_of_the_address_space() {
    for_extremes(|start, cursor, layout| {
        let (size, align) = (layout.size() as u128, layout.align() as u128);
        let address = (cursor as u128)
            .checked_sub(size)
            .map(|highest| highest / align * align);
        let expected = address
            .filter(|&address| address >= start as u128)
            .map(|address| address as usize);
        assert_eq!(
            placement::down(start, cursor, layout),
            expected,
            "{start:#x}, {cursor:#x}, {layout:?}"
        );
    });
}

/// Likewise upwards.
#[phase7::test(points = 1, rule = 2)]
fn up_is_right_at_both_ends_of_the_address_space() {
    for_extremes(|cursor, end, layout| {
        let (size, align) = (layout.size() as u128, layout.align() as u128);
        let address = (cursor as u128).next_multiple_of(align);
        let expected = (address + size <= end as u128).then_some(address as usize);
        assert_eq!(
            placement::up(cursor, end, layout),
            expected,
            "{cursor:#x}, {end:#x}, {layout:?}"
        );
    });
}

/// From 1 byte to 1 MiB, in new arenas and in one that grows.
#[phase7::test(points = 1, rule = 3)]
fn every_power_of_two_is_an_alignment() {
    let shared = Bump::new();
    for align in (0..=20).map(|power| 1_usize << power) {
        for size in [1, align, align + 1] {
            let wanted = layout(size, align);
            let fresh = Bump::new();
            let small = Bump::with_capacity(1);
            for (arena, what) in [(&shared, "shared"), (&fresh, "new"), (&small, "with capacity")] {
                arena.alloc(0_u8);
                let address = arena.alloc_layout(wanted).addr().get();
                assert_eq!(
                    address % align,
                    0,
                    "the address modulo its alignment, {wanted:?}, {what} arena"
                );
            }
        }
    }
}

/// Each block is the highest one that fits below its neighbour.
#[phase7::test(points = 1, rule = 4)]
fn padding_is_less_than_the_alignment() {
    let arena = Bump::with_capacity(200_000);
    let mut numbers = Numbers(35);
    let mut lowest = arena.alloc_layout(layout(1, 1)).addr().get();
    for _ in 0..2000 {
        let wanted = layout(1 + numbers.below(50), 1 << numbers.below(7));
        let address = arena.alloc_layout(wanted).addr().get();
        let highest = (lowest - wanted.size()) & !(wanted.align() - 1);
        assert_eq!(address, highest, "a block of {wanted:?} below {lowest:#x}");
        lowest = address;
    }
    assert_eq!(arena.chunk_count(), 1, "chunks for less than 200,000 bytes");
}

/// Slices, strings and values of all sizes are written; thirty chunks later they read the same.
#[phase7::test(points = 1, rule = 3)]
fn contents_stay_while_the_arena_grows() {
    let arena = Bump::new();
    let mut numbers = Numbers(1);
    let mut bytes: Vec<(&mut [u8], u8)> = Vec::new();
    let mut words: Vec<(&mut u64, u64)> = Vec::new();
    let mut texts: Vec<(&str, String)> = Vec::new();
    for round in 0..4000_u64 {
        let mark = round as u8;
        bytes.push((arena.alloc_slice_fill_with(numbers.below(300), |_| mark), mark));
        words.push((arena.alloc(round * round), round * round));
        let text = format!("{round}").repeat(numbers.below(9));
        texts.push((arena.alloc_str(&text), text));
    }
    for (slice, mark) in &bytes {
        assert!(
            slice.iter().all(|byte| byte == mark),
            "a slice of {mark} reads {slice:?}"
        );
    }
    assert!(
        words.iter().all(|(word, expected)| **word == *expected),
        "a word has changed"
    );
    assert!(
        texts.iter().all(|(copy, text)| copy == text),
        "a string has changed"
    );
}

/// Whatever the alignment and the count, no cursor moves.
#[phase7::test(points = 1, rule = 5)]
fn nothing_is_taken_for_no_bytes() {
    #[repr(align(4096))]
    #[derive(Clone, Copy)]
    struct Page;

    let arena = Bump::with_limit(CHUNK_FIRST);
    for round in 0..2 {
        let before = view(&arena);
        let page = std::ptr::from_ref(arena.alloc(Page)).addr();
        let pages = arena.alloc_slice_copy(&[Page; 3]).as_ptr().addr();
        let empty = arena.alloc_slice_copy::<u64>(&[]).as_ptr().addr();
        let block = arena.alloc_layout(layout(0, 1 << 16)).addr().get();
        assert_eq!(
            [page % 4096, pages % 4096, empty % 8, block % (1 << 16)],
            [0; 4],
            "addresses, round {round}"
        );
        let mut calls = 0;
        assert_eq!(arena.alloc_slice_fill_with(1000, |_| calls += 1).len(), 1000);
        assert_eq!(calls, 1000, "values made");
        assert_eq!(
            view(&arena),
            before,
            "chunks, held, allocated and free bytes, round {round}"
        );
        arena.alloc(1_u8);
    }
}

/// A tree is built from inside: the closure of each node makes its children.
#[phase7::test(points = 1, rule = 7)]
fn a_closure_may_allocate_in_the_same_arena() {
    struct Node<'arena> {
        depth: u64,
        children: &'arena [&'arena Node<'arena>],
    }
    fn grow(arena: &Bump, depth: u64) -> &Node<'_> {
        let count = if depth == 0 { 0 } else { 2 };
        arena.alloc_with(|| Node {
            depth,
            children: arena.alloc_slice_fill_with(count, |_| grow(arena, depth - 1)),
        })
    }
    /// Counts the nodes; each must be one level above its children.
    fn count(node: &Node<'_>, depth: u64) -> usize {
        assert_eq!(node.depth, depth, "the depth of a node");
        1 + node
            .children
            .iter()
            .map(|child| count(child, depth - 1))
            .sum::<usize>()
    }
    let arena = Bump::new();
    assert_eq!(count(grow(&arena, 9), 9), 1023, "nodes of a full tree");
}

/// What a closure made before its panic stays; values of a slice that was not finished are not dropped.
#[phase7::test(points = 1, rule = 7)]
fn a_closure_that_panics_loses_its_room_and_nothing_else() {
    struct Counted<'count>(&'count Cell<u32>);
    impl Drop for Counted<'_> {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
        }
    }
    let arena = Bump::new();
    let dropped = Cell::new(0);
    let kept: RefCell<Vec<&[u8]>> = RefCell::default();
    for round in 0..100_usize {
        let value = catch_unwind(AssertUnwindSafe(|| {
            arena.alloc_with(|| -> u64 {
                kept.borrow_mut().push(arena.alloc_slice_copy(&[round as u8; 24]));
                std::panic::resume_unwind(Box::new(()))
            });
        }));
        let slice = catch_unwind(AssertUnwindSafe(|| {
            arena.alloc_slice_fill_with(8, |index| {
                kept.borrow_mut().push(arena.alloc_slice_copy(&[round as u8; 24]));
                if index == 5 {
                    std::panic::resume_unwind(Box::new(()));
                }
                Counted(&dropped)
            });
        }));
        assert!(
            value.is_err() && slice.is_err(),
            "the panic comes out of the arena"
        );
        arena.alloc([0xff_u8; 64]);
    }
    for (index, slice) in kept.borrow().iter().enumerate() {
        assert_eq!(*slice, [(index / 7) as u8; 24], "the contents of block {index}");
    }
    assert_eq!(dropped.get(), 0, "destructors that ran");
}

/// Fourteen chunks; the last three have the same size.
#[phase7::test(points = 1, rule = 9)]
fn chunks_stop_doubling_at_the_cap() {
    let arena = Bump::new();
    let expected = (0..14).map(|index| CHUNK_MAX.min(CHUNK_FIRST << index) as u64);
    for (index, bytes) in expected.enumerate() {
        let mut counts;
        loop {
            ((), counts) = measure(|| take(&arena, 2000));
            if counts.allocations > 0 {
                break;
            }
        }
        assert_eq!(counts.allocated_bytes, bytes, "bytes of chunk {index}");
    }
}

/// One chunk has room for all that was asked for, and no request pays for more than it needs.
#[phase7::test(points = 1, rule = 10)]
fn chunks_for_large_blocks_are_no_larger_than_needed() {
    for (size, align) in [(5000, 1), (5000, 256), (CHUNK_MAX + 1, 16), (10_000, 1 << 16)] {
        let arena = Bump::new();
        let (_, counts) = measure(|| arena.alloc_layout(layout(size, align)));
        let most = (size + align + 64) as u64;
        assert_eq!(counts.allocations, 1, "chunks for {size} bytes");
        assert!(
            counts.allocated_bytes <= most,
            "{counts:?} for {size} bytes aligned to {align}"
        );
    }
    for capacity in [0, 1, 5000, 100_000] {
        let arena = Bump::with_capacity(capacity);
        let (_, counts) = measure(|| arena.alloc_layout(layout(capacity, 1)));
        assert_eq!(
            (arena.chunk_count(), counts.allocations),
            (1, 0),
            "chunks, and new ones for {capacity} bytes"
        );
    }
}

/// The largest chunk is neither the first nor the newest, and stays through a thousand rounds.
#[phase7::test(points = 2, rule = 11)]
fn reset_finds_the_largest_chunk() {
    let mut arena = Bump::new();
    arena.alloc(1_u8);
    let (_, counts) = measure(|| arena.alloc_layout(layout(50_000, 1)));
    let largest = counts.allocated_bytes as usize;
    arena.set_limit(Some(arena.held_bytes() + 3000));
    arena.alloc_layout(layout(2000, 1));
    assert_eq!(
        arena.chunk_count(),
        3,
        "chunks before the reset: 4 KiB, one for 50,000 bytes, one for 2000"
    );

    arena.reset();
    assert_eq!(
        (arena.chunk_count(), arena.held_bytes()),
        (1, largest),
        "chunks and bytes after the reset"
    );
    let ((), counts) = measure(|| {
        for round in 0..1000_u32 {
            for index in 0..49 {
                let slice = arena.alloc_slice_fill_with(250, |_| round + index);
                assert_eq!(slice[249], round + index);
            }
            arena.reset();
        }
    });
    assert_eq!(
        (counts.allocations, counts.deallocations),
        (0, 0),
        "calls of the global allocator in 1000 rounds"
    );

    arena.set_limit(None);
    let (_, counts) = measure(|| (0..60).for_each(|_| take(&arena, 1000)));
    assert_eq!(
        counts.allocated_bytes as usize,
        2 * largest,
        "bytes of the chunk after the one that was kept"
    );
    let ((), counts) = measure(|| drop(arena));
    assert_eq!(counts.deallocations, 2, "chunks given back at the end");
}

/// After every step the arena's figures are those of the global allocator.
#[phase7::test(points = 1, rule = 12)]
fn the_figures_are_exact() {
    let mut arena = Bump::new();
    let mut numbers = Numbers(7);
    let mut live = 0;
    for step in 0..3000 {
        let size = 1 + numbers.below(if step % 100 == 99 { 20_000 } else { 200 });
        let (allocated, free, chunks) = (arena.allocated_bytes(), arena.free_bytes(), arena.chunk_count());
        let ((), counts) = measure(|| take(&arena, size));
        live += counts.live_bytes as usize;
        assert_eq!(arena.held_bytes(), live, "bytes held after step {step}");
        assert_eq!(
            arena.allocated_bytes(),
            allocated + size,
            "bytes allocated after step {step}"
        );
        assert_eq!(
            arena.chunk_count(),
            chunks + counts.allocations as usize,
            "chunks after step {step}"
        );
        if counts.allocations == 0 {
            assert_eq!(arena.free_bytes(), free - size, "bytes free after step {step}");
        }
        if step % 1000 == 999 {
            let ((), counts) = measure(|| arena.reset());
            live = live.wrapping_add_signed(counts.live_bytes as isize);
            assert_eq!(
                (arena.held_bytes(), arena.allocated_bytes()),
                (live, 0),
                "figures after a reset"
            );
        }
    }
    arena.alloc(1_u8);
    arena.reset();
    arena.alloc(1_u8);
    arena.alloc(1_u64);
    assert_eq!(arena.allocated_bytes(), 16, "a byte, its padding and eight bytes");
}

/// With no room for a large chunk a small one does; with no room at all the arena stays as it is.
#[phase7::test(points = 1, rule = 14)]
fn the_arena_gets_by_when_memory_is_short() {
    let arena = Bump::new();
    let first = arena.alloc_slice_fill_with(CHUNK_FIRST - 100, |_| 1_u8);
    refusing(2 * CHUNK_FIRST, || {
        let small = arena.try_alloc([2_u8; 200]);
        assert_eq!(
            small.copied(),
            Ok([2; 200]),
            "a block for which the smallest chunk is small enough"
        );
    });
    assert!(
        arena.held_bytes() <= CHUNK_FIRST + 200 + 1 + 64,
        "{} bytes held",
        arena.held_bytes()
    );

    let before = view(&arena);
    refusing(1, || {
        let none = arena.try_alloc([3_u8; 5000]).map(drop);
        assert!(
            matches!(none, Err(AllocError::OutOfMemory { chunk_bytes: 5000.. })),
            "{none:?}"
        );
        let capacity = Bump::try_with_capacity(100).map(drop);
        assert!(
            matches!(capacity, Err(AllocError::OutOfMemory { .. })),
            "{capacity:?}"
        );
    });
    assert_eq!(
        view(&arena),
        before,
        "chunks, held, allocated and free bytes after a failure"
    );
    let later = arena.alloc([4_u8; 5000]);
    assert!(first.iter().all(|&byte| byte == 1) && later.iter().all(|&byte| byte == 4));
}

/// The limit is kept by chunks of all sizes, and counts what the arena has already.
#[phase7::test(points = 1, rule = 15)]
fn the_limit_is_never_passed() {
    let arena = Bump::with_limit(2000);
    let first = arena.try_alloc([1_u8; 1000]).copied();
    assert_eq!(
        first,
        Ok([1; 1000]),
        "a block whose smallest chunk is within the limit, the first chunk is not"
    );
    let second = arena.try_alloc([2_u8; 1000]).map(drop);
    assert!(
        matches!(
            second,
            Err(AllocError::LimitExceeded {
                limit_bytes: 2000,
                ..
            })
        ),
        "{second:?}"
    );
    assert!(arena.held_bytes() <= 2000, "{} bytes held", arena.held_bytes());

    let arena = Bump::new();
    arena.alloc(0_u8);
    arena.set_limit(Some(10));
    let room = arena.try_alloc_layout(layout(arena.free_bytes(), 1)).is_ok();
    assert!(room, "the chunk that is there stays in use below its own size");
    assert!(arena.try_alloc(1_u8).is_err(), "a new chunk beyond the limit");
    for limit in [CHUNK_FIRST + 500, 3 * CHUNK_FIRST, 40_000, usize::MAX] {
        arena.set_limit(Some(limit));
        let mut blocks = 0;
        while blocks < 1000 && arena.try_alloc([0_u8; 100]).is_ok() {
            blocks += 1;
        }
        assert!(
            arena.held_bytes() <= limit,
            "{} bytes held, the limit is {limit}",
            arena.held_bytes()
        );
        assert!(
            blocks > 0,
            "blocks of 100 bytes when the limit was raised to {limit}"
        );
    }
}

/// A chunk that takes the arena exactly to its limit is within it: the first one, and one behind others.
#[phase7::test(points = 1, rule = 15)]
fn the_limit_may_be_reached() {
    let arena = Bump::with_limit(3 * CHUNK_FIRST);
    for (chunks, bytes) in [(1, CHUNK_FIRST), (2, 3 * CHUNK_FIRST)] {
        while arena.chunk_count() < chunks {
            assert!(arena.try_alloc(1_u8).is_ok(), "room for a byte in chunk {chunks}");
        }
        assert_eq!(arena.held_bytes(), bytes, "bytes held with {chunks} chunks");
    }
    let arena = Bump::with_limit(CHUNK_FIRST);
    assert!(arena.try_alloc(1_u8).is_ok(), "room for a byte");
    assert_eq!(
        arena.held_bytes(),
        CHUNK_FIRST,
        "bytes held where one chunk is the limit"
    );
}

/// The error is told, the closure not called, the value dropped once, and the arena as it was.
#[phase7::test(points = 1, rule = 16)]
fn a_failure_changes_nothing() {
    struct Large<'count>(&'count Cell<u32>, [u64; 1000]);
    impl Drop for Large<'_> {
        fn drop(&mut self) {
            self.0.set(self.0.get() + self.1[999] as u32);
        }
    }
    let arena = Bump::with_limit(CHUNK_FIRST);
    let kept = arena.alloc_str("kept");
    let before = view(&arena);
    let dropped = Cell::new(0);
    assert!(
        arena.try_alloc(Large(&dropped, [1; 1000])).is_err(),
        "a value beyond the limit"
    );
    assert_eq!(dropped.get(), 1, "times that the value was dropped");
    assert!(
        arena
            .try_alloc_with(|| -> [u64; 1000] { unreachable!("no room, no value") })
            .is_err()
    );
    assert!(
        arena
            .try_alloc_slice_fill_with(1000, |_| -> u64 { unreachable!("no room, no value") })
            .is_err()
    );
    assert!(
        arena.try_alloc_slice_copy(&[0_u64; 1000]).is_err()
            && arena.try_alloc_str(&"x".repeat(8000)).is_err()
    );

    let error = arena
        .try_alloc_layout(layout(8000, 8))
        .expect_err("beyond the limit");
    assert_ne!(error.to_string(), "", "what the error says");
    let caught = catch_unwind(AssertUnwindSafe(|| arena.alloc_layout(layout(8000, 8))));
    let payload = caught.expect_err("without try_ a failure is a panic");
    let message = payload.downcast_ref::<String>().map_or("", String::as_str);
    assert!(
        message.contains(&error.to_string()),
        "the panic says {message:?}, the error is {error}"
    );
    assert_eq!(view(&arena), before, "chunks, held, allocated and free bytes");
    assert_eq!((&*kept, &*arena.alloc_str("more")), ("kept", "more"));
}

/// Asked of the type system: a constant of the type itself goes before one of a trait.
#[phase7::test(points = 1, rule = 18)]
fn an_arena_may_change_threads_but_not_be_shared() {
    struct Probe<T>(PhantomData<T>);
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
    let (is_send, is_sync) = (Probe::<Bump>::IS_SEND, Probe::<Bump>::IS_SYNC);
    assert_eq!(
        (is_send, is_sync),
        (true, false),
        "whether Bump is Send, and whether it is Sync"
    );
}

/// Programs that send arenas to other threads, and that allocate everything from a region.
#[phase7::test(points = 1, rule = 22, timeout_s = 300)]
fn programs_run_on_the_region_and_send_arenas() {
    compile::check(&["sent", "global"], &[]);
}

/// Odd sizes, absurd sizes, and a region that is aligned to 16 only.
#[phase7::test(points = 1, rule = 19)]
fn a_full_region_says_null_and_stays_as_it_is() {
    let region = Aligned(BumpGlobal::<{ 1 << 14 }>::new());
    let region = &region.0;
    let kept = Block::allocate(region, layout(1, 1)).expect("room for a byte");
    for align in (0..12).map(|power| 1 << power) {
        drop(Block::allocate(region, layout(3, align)).expect("room for three bytes"));
    }
    let used = region.used_bytes();
    let most = (1 << 14) - used;
    for absurd in [
        layout(most + 1, 1),
        layout(isize::MAX as usize, 1),
        layout(1, 1 << 62),
        layout(1 << 62, 1 << 62),
    ] {
        assert!(
            Block::allocate(region, absurd).is_none(),
            "a block of {absurd:?} in {most} bytes"
        );
        assert_eq!(region.used_bytes(), used, "bytes used after {absurd:?}");
    }
    let rest = Block::allocate(region, layout(most, 1)).expect("room for all that is left");
    assert_eq!(
        (region.used_bytes(), rest.bytes().len(), kept.bytes().len()),
        (1 << 14, most, 1)
    );
}

/// A zeroed block is zeroed also where another block has been.
#[phase7::test(points = 1, rule = 19)]
fn zeroed_blocks_are_zeroed_again() {
    let region = BumpGlobal::<256>::new();
    drop(Block::allocate(&region, layout(200, 1)).expect("room for 200 bytes"));
    let zeroed = Block::allocate_zeroed(&region, layout(200, 1)).expect("room for 200 bytes again");
    assert_eq!(zeroed.bytes(), [0; 200]);
}

/// Blocks in the middle give nothing back, not even later.
#[phase7::test(points = 1, rule = 20)]
fn only_the_last_block_is_given_back() {
    let region = Aligned(BumpGlobal::<256>::new());
    let region = &region.0;
    let first = Block::allocate(region, layout(10, 1)).expect("room");
    let second = Block::allocate(region, layout(16, 16)).expect("room");
    let third = Block::allocate(region, layout(16, 1)).expect("room");
    assert_eq!(region.used_bytes(), 48, "10 bytes, 6 of padding, 16 and 16");
    drop(second);
    assert_eq!(
        region.used_bytes(),
        48,
        "bytes used when the block in the middle is gone"
    );
    let fourth = Block::allocate(region, layout(16, 1)).expect("room");
    assert_eq!(
        fourth.address(),
        third.address() + 16,
        "the next block lies behind the last"
    );
    drop(fourth);
    drop(third);
    assert_eq!(
        region.used_bytes(),
        32,
        "bytes used up to where the third block began"
    );
    drop(first);
    assert_eq!(
        region.used_bytes(),
        32,
        "bytes used when the first is gone, which was not the last"
    );
}

/// A block that moves takes its contents along; one that cannot stays, with all it has.
#[phase7::test(points = 1, rule = 21)]
fn a_block_that_moves_keeps_its_contents() {
    let region = Aligned(BumpGlobal::<512>::new());
    let region = &region.0;
    let mut first = Block::allocate(region, layout(33, 32)).expect("room");
    (0..)
        .zip(first.bytes_mut())
        .for_each(|(index, byte)| *byte = index);
    let expected: Vec<u8> = (0..33).collect();
    let mut second = Block::allocate(region, layout(7, 1)).expect("room");
    second.bytes_mut().fill(0xee);
    let (before, behind) = (first.address(), second.address() + 7);

    let first = first.resize(20).expect("a block can shrink");
    assert_eq!(first.address(), before, "the address of a block that shrinks");
    let first = first.resize(100).expect("room for a block of 100 bytes");
    assert!(
        first.address() >= behind,
        "the block lies behind the one that was the last"
    );
    assert_eq!(first.bytes()[..20], expected[..20], "the contents after the move");
    assert_eq!(second.bytes(), [0xee; 7], "the contents of the neighbour");

    let (address, used) = (first.address(), region.used_bytes());
    let first = first.resize(600).expect_err("600 bytes in a region of 512");
    let second = second.resize(500).expect_err("500 bytes beside 100");
    assert_eq!(
        (first.address(), region.used_bytes()),
        (address, used),
        "the address and the bytes used"
    );
    assert_eq!(
        (&first.bytes()[..20], second.bytes()),
        (&expected[..20], &[0xee; 7][..]),
        "the contents"
    );
    let rest = 512 - (used - 100);
    let first = first
        .resize(rest)
        .expect("the last block may take all that is left");
    assert_eq!(
        (first.address(), region.used_bytes()),
        (address, 512),
        "the address and the bytes used"
    );
}

/// Four threads take all of a region at once, twenty times.
#[phase7::test(points = 2, rule = 22)]
fn threads_never_get_the_same_bytes() {
    const BYTES: usize = 1 << 17;
    fn round() {
        let region = BumpGlobal::<BYTES>::new();
        let together = Barrier::new(4);
        let take = || {
            together.wait();
            let mut blocks = Vec::new();
            // Every seventh block is given back at once, and taken again by whoever comes first.
            let mut taken = 0_u32;
            while let Some(block) = Block::allocate(&region, layout(8, 1)) {
                taken += 1;
                if !taken.is_multiple_of(7) {
                    blocks.push(block);
                }
            }
            blocks
        };
        let mut blocks: Vec<Block<'_, _>> = std::thread::scope(|scope| {
            let threads = [(); 4].map(|()| scope.spawn(take));
            threads
                .into_iter()
                .flat_map(|thread| thread.join().expect("no thread panics"))
                .collect()
        });
        blocks.sort_by_key(Block::address);
        for pair in blocks.windows(2) {
            let (low, high) = (pair[0].address(), pair[1].address());
            assert!(
                low + 8 <= high,
                "two blocks of 8 bytes overlap: {low:#x} and {high:#x}"
            );
        }
        assert!(
            blocks.len() > BYTES / 8 / 2,
            "{} blocks in {BYTES} bytes",
            blocks.len()
        );
        assert_eq!(region.used_bytes(), BYTES, "bytes used of a full region");
    }
    // The region is large for the stack of a test.
    let thread = std::thread::Builder::new()
        .stack_size(16 << 20)
        .spawn(|| (0..20).for_each(|_| round()));
    if let Err(panic) = thread.expect("a thread can be started").join() {
        std::panic::resume_unwind(panic);
    }
}

/// Miri interprets the open tests, with the rules of strict provenance and Stacked Borrows.
#[phase7::test(points = 3, rule = 23, timeout_s = 300, needs = "miri")]
fn miri_finds_no_undefined_behaviour() {
    let passed = phase7::miri_open_tests!();
    assert!(passed >= 16, "only {passed} tests ran under Miri");
}

/// The second block of an arena lies above the first.
#[phase7::wire]
fn blocks_lie_in_ascending_order() {
    let arena = Bump::new();
    let first = arena.alloc_layout(layout(8, 8)).addr();
    let second = arena.alloc_layout(layout(8, 8)).addr();
    assert!(first < second && second < first, "the addresses of two blocks");
}

/// The bytes used after one block are none and one.
#[phase7::wire]
fn used_bytes_are_counted() {
    let region = BumpGlobal::<64>::new();
    let block = Block::allocate(&region, layout(1, 1)).expect("room");
    let used = region.used_bytes();
    drop(block);
    assert!(used == 1 && used == 0, "bytes used after a block of one byte");
}
