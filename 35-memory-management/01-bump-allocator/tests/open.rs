//! The open tests, easiest first. Miri runs those that it can: see `hidden/hidden.rs`.

use std::alloc::{Layout, System};
use std::cell::Cell;

use bump_allocator::{AllocError, Bump, BumpGlobal, CHUNK_FIRST, placement};
use phase7::counting::{Block, Counting, FILL, measure};

#[path = "support/compile.rs"]
mod compile;

#[global_allocator]
static ALLOCATOR: Counting = Counting::new(System);

/// A layout of `size` bytes aligned to `align`.
#[track_caller]
fn layout(size: usize, align: usize) -> Layout {
    Layout::from_size_align(size, align).expect("a valid layout")
}

/// The address of the first byte of a value.
fn address_of<T: ?Sized>(value: &T) -> usize {
    std::ptr::from_ref(value).addr()
}

/// Below the cursor: the size is taken off first, then the address is rounded down.
#[phase7::test(points = 1, rule = 1)]
fn down_places_a_block_below_the_cursor() {
    assert_eq!(
        placement::down(1000, 2000, layout(100, 1)),
        Some(1900),
        "100 bytes anywhere"
    );
    assert_eq!(
        placement::down(1000, 2000, layout(100, 8)),
        Some(1896),
        "rounded down to a multiple of 8"
    );
    assert_eq!(
        placement::down(1000, 2000, layout(1000, 8)),
        Some(1000),
        "all there is"
    );
    assert_eq!(
        placement::down(1000, 2000, layout(1001, 1)),
        None,
        "a byte more than there is"
    );
    assert_eq!(
        placement::down(1000, 2000, layout(995, 16)),
        None,
        "rounded down below the start"
    );
}

/// Above the cursor: the address is rounded up first, then the size must fit.
#[phase7::test(points = 1, rule = 2)]
fn up_places_a_block_above_the_cursor() {
    assert_eq!(
        placement::up(1000, 2000, layout(100, 1)),
        Some(1000),
        "100 bytes anywhere"
    );
    assert_eq!(
        placement::up(1001, 2000, layout(100, 8)),
        Some(1008),
        "rounded up to a multiple of 8"
    );
    assert_eq!(
        placement::up(1001, 2000, layout(992, 8)),
        Some(1008),
        "all that is left"
    );
    assert_eq!(
        placement::up(1001, 2000, layout(993, 8)),
        None,
        "a byte more than is left"
    );
}

/// Values are moved in, can be changed, and refer to each other.
#[phase7::test(points = 1, rule = 6)]
fn a_value_is_moved_in_and_lent() {
    let arena = Bump::new();
    let number = arena.alloc(7_u64);
    let pair = arena.alloc_with(|| (1_u8, 'x'));
    *number += 1;
    pair.0 += 1;
    let reference = arena.alloc(&*number);
    assert_eq!((**reference, *pair), (8, (2, 'x')));
}

/// Two hundred blocks of many sizes and alignments, none on top of another.
#[phase7::test(points = 1, rule = 3)]
fn blocks_are_aligned_and_apart() {
    let arena = Bump::new();
    let mut blocks = Vec::new();
    for round in 0..200_usize {
        let wanted = layout(1 + round * 7 % 61, 1 << (round % 8));
        let address = arena.alloc_layout(wanted).addr().get();
        assert_eq!(
            address % wanted.align(),
            0,
            "the address modulo its alignment, {wanted:?}"
        );
        blocks.push((address, wanted.size()));
    }
    blocks.sort_unstable();
    for pair in blocks.windows(2) {
        assert!(
            pair[0].0 + pair[0].1 <= pair[1].0,
            "two blocks overlap, (address, size): {pair:?}"
        );
    }
}

/// Slices keep their order, strings their bytes.
#[phase7::test(points = 1, rule = 6)]
fn slices_and_strings_are_copied() {
    let arena = Bump::new();
    let copied = arena.alloc_slice_copy(&[1_u32, 2, 3]);
    let squares = arena.alloc_slice_fill_with(5, |index| (index * index) as u16);
    let text = arena.alloc_str("Grüße");
    copied[0] = 9;
    text.make_ascii_uppercase();
    assert_eq!(copied, [9, 2, 3]);
    assert_eq!(squares, [0, 1, 4, 9, 16]);
    assert_eq!(text, "GRüßE");
}

/// A value without bytes needs no chunk.
#[phase7::test(points = 1, rule = 5)]
fn values_without_bytes_take_nothing() {
    #[repr(align(64))]
    struct Marker;

    let arena = Bump::new();
    let (marker, counts) = measure(|| arena.alloc(Marker));
    assert_eq!(address_of(marker) % 64, 0, "the address modulo its alignment");
    assert_eq!(arena.alloc_str("").len(), 0);
    assert_eq!(
        (counts.allocations, arena.held_bytes(), arena.allocated_bytes()),
        (0, 0, 0)
    );
}

/// Four chunks hold 60 KiB, and no chunk is taken before it is needed.
#[phase7::test(points = 1, rule = 9)]
fn chunks_double() {
    let (arena, counts) = measure(Bump::new);
    assert_eq!(counts.allocations, 0, "chunks of a new arena");

    let ((), counts) = measure(|| {
        arena.alloc(0_u8);
    });
    let first = (counts.allocations, counts.allocated_bytes);
    assert_eq!(
        first,
        (1, CHUNK_FIRST as u64),
        "chunks and bytes for the first block"
    );

    let ((), counts) = measure(|| {
        while arena.chunk_count() < 4 {
            arena.alloc([0_u8; 64]);
        }
    });
    assert_eq!(counts.allocations, 3, "chunks taken");
    assert_eq!(
        counts.allocated_bytes,
        (2 + 4 + 8) * CHUNK_FIRST as u64,
        "bytes of three more chunks"
    );
    assert_eq!(arena.held_bytes(), 15 * CHUNK_FIRST, "bytes of four chunks");
}

/// A slice larger than the next chunk gets one that is made for it.
#[phase7::test(points = 1, rule = 10)]
fn a_large_block_gets_a_chunk_that_fits() {
    let arena = Bump::new();
    let (slice, counts) = measure(|| arena.alloc_slice_fill_with(20_000, |index| index as u8));
    assert_eq!(slice[19_999], 19_999_usize as u8);
    assert_eq!(counts.allocations, 1, "chunks taken");
    let bytes = counts.allocated_bytes;
    assert!(
        (20_001..=20_000 + 1 + 64).contains(&bytes),
        "a chunk of {bytes} bytes for a block of 20000"
    );
}

/// The arena is filled twice; the second time it has the room already.
#[phase7::test(points = 1, rule = 11)]
fn reset_keeps_the_largest_chunk() {
    let mut arena = Bump::new();
    let held = |arena: &Bump| (arena.chunk_count(), arena.held_bytes(), arena.allocated_bytes());
    while arena.chunk_count() < 4 {
        arena.alloc(0_u64);
    }
    let ((), counts) = measure(|| arena.reset());
    assert_eq!(
        held(&arena),
        (1, 8 * CHUNK_FIRST, 0),
        "chunks, bytes held, bytes allocated after the reset"
    );
    assert_eq!(counts.deallocations, 3, "chunks given back");

    let ((), counts) = measure(|| {
        for number in 0..4000_u64 {
            assert_eq!(*arena.alloc(number), number);
        }
    });
    assert_eq!(
        counts.allocations, 0,
        "chunks taken for 32,000 bytes after the reset"
    );
}

/// What the arena took, it gives back.
#[phase7::test(points = 1, rule = 11)]
fn dropping_the_arena_gives_everything_back() {
    let (taken, counts) = measure(|| {
        let arena = Bump::new();
        for _ in 0..300 {
            arena.alloc([0_u64; 32]);
        }
        arena.chunk_count() as u64
    });
    assert!(taken > 3, "{taken} chunks for 76,800 bytes");
    assert_eq!(
        (counts.allocations, counts.deallocations),
        (taken, taken),
        "chunks taken and given back"
    );
    assert_eq!(counts.live_bytes, 0, "bytes that were not given back");
}

/// Neither the reset nor the end of the arena runs a destructor.
#[phase7::test(points = 1, rule = 8)]
fn destructors_do_not_run() {
    struct Counted<'count>(&'count Cell<u32>);
    impl Drop for Counted<'_> {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
        }
    }
    let dropped = Cell::new(0);
    let mut arena = Bump::new();
    arena.alloc(Counted(&dropped));
    arena.reset();
    arena.alloc_slice_fill_with(3, |_| Counted(&dropped));
    drop(arena);
    assert_eq!(dropped.get(), 0, "destructors that ran");
}

/// The chunks together stay below the limit; raising it lets the arena go on.
#[phase7::test(points = 1, rule = 15)]
fn the_limit_stops_growth() {
    let limit = 3 * CHUNK_FIRST;
    let arena = Bump::with_limit(limit);
    let mut blocks = 0;
    let error = loop {
        match arena.try_alloc([0_u8; 256]) {
            Ok(_) => blocks += 1,
            Err(error) => break error,
        }
        assert!(
            arena.held_bytes() <= limit,
            "{} bytes held, the limit is {limit}",
            arena.held_bytes()
        );
    };
    assert!(
        matches!(error, AllocError::LimitExceeded { limit_bytes, .. } if limit_bytes == limit),
        "{error:?}"
    );
    assert!(blocks >= 40, "{blocks} blocks of 256 bytes in {limit}");
    arena.set_limit(None);
    assert_eq!(arena.try_alloc(5).copied(), Ok(5), "after the limit is lifted");
}

/// Sizes that no chunk can have are told before anything is asked for.
#[phase7::test(points = 1, rule = 13)]
fn sizes_that_overflow_are_errors() {
    let arena = Bump::new();
    assert_eq!(arena.alloc(1), &1);
    let overflow = Err(AllocError::SizeOverflow);
    let most = layout(isize::MAX as usize, 1);
    assert_eq!(
        arena.try_alloc_layout(most).map(drop),
        overflow,
        "isize::MAX bytes and a header"
    );
    assert_eq!(
        arena
            .try_alloc_slice_fill_with(usize::MAX / 4, |_| 0_u64)
            .map(drop),
        overflow,
        "a slice"
    );
    assert_eq!(
        Bump::try_with_capacity(usize::MAX).map(drop),
        overflow,
        "a capacity"
    );
    assert_eq!(arena.chunk_count(), 1, "chunks after requests that failed");
}

/// Sixteen blocks of 16 bytes in 256 bytes, and then null.
#[phase7::test(points = 1, rule = 19)]
fn a_region_hands_out_blocks_until_it_is_full() {
    #[repr(align(16))]
    struct Aligned(BumpGlobal<256>);
    let region = Aligned(BumpGlobal::new());
    let mut blocks = Vec::new();
    while let Some(mut block) = Block::allocate(&region.0, layout(16, 16)) {
        block.bytes_mut().fill(blocks.len() as u8);
        blocks.push(block);
        assert!(blocks.len() <= 16, "more blocks than bytes for them");
    }
    assert_eq!(
        (blocks.len(), region.0.used_bytes()),
        (16, 256),
        "blocks, and bytes used"
    );
    for (index, block) in blocks.iter().enumerate() {
        assert_eq!(block.bytes(), [index as u8; 16], "the contents of block {index}");
    }
}

/// Blocks that go in the reverse order leave an empty region.
#[phase7::test(points = 1, rule = 20)]
fn the_last_block_is_given_back() {
    let region = BumpGlobal::<256>::new();
    let first = Block::allocate(&region, layout(100, 1)).expect("room for 100 bytes");
    let second = Block::allocate(&region, layout(100, 1)).expect("room for 100 bytes more");
    let address = second.address();
    drop(second);
    assert_eq!(
        region.used_bytes(),
        100,
        "bytes used when the second block is gone"
    );
    let third = Block::allocate(&region, layout(100, 1)).expect("room for 100 bytes again");
    assert_eq!(third.address(), address, "the address of the block in its place");
    drop(third);
    drop(first);
    assert_eq!(region.used_bytes(), 0, "bytes used when all are gone");
}

/// A vector that is alone at the end grows without a copy.
#[phase7::test(points = 1, rule = 21)]
fn the_last_block_grows_and_shrinks_in_place() {
    let region = BumpGlobal::<256>::new();
    let block = Block::allocate(&region, layout(10, 1)).expect("room for 10 bytes");
    let address = block.address();
    let block = block.resize(200).expect("room for 200 bytes");
    assert_eq!(
        (block.address(), region.used_bytes()),
        (address, 200),
        "address and bytes used after growing"
    );
    assert_eq!(block.bytes(), [FILL; 200]);
    let block = block.resize(20).expect("a block can shrink");
    assert_eq!(
        (block.address(), region.used_bytes()),
        (address, 20),
        "address and bytes used after shrinking"
    );
}

/// The compiler accepts the right program, and refuses those that would read what is gone.
#[cfg_attr(miri, ignore = "starts a compiler")]
#[phase7::test(points = 2, rule = 17, timeout_s = 300)]
fn the_compiler_refuses_references_that_would_dangle() {
    compile::check(&["lent"], &["outlives", "used_after_reset", "moved_away"]);
}
