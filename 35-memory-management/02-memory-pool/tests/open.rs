//! The open tests, easiest first. Miri runs those that it can: see `hidden/hidden.rs`.
//!
//! With the feature `heap` they run on the heap that they test: `cargo test -p memory-pool --test open --features heap`.
#![allow(unexpected_cfgs, reason = "hidden tests are a program of their own")]

use std::alloc::Layout;
use std::cell::{Cell, RefCell};
use std::sync::atomic::AtomicU64;
use std::thread;

use memory_pool::free_list::FreeList;
use memory_pool::pages::{PAGE, Pages};
use memory_pool::{Blocks, CHUNK_FIRST, Class, Handle, Heap, Owned, Pool, PoolError, SharedPool, Statistics};
use phase7::counting::{Block, Counting, FILL, measure};

#[path = "support/compile.rs"]
mod compile;

#[cfg(not(feature = "heap"))]
#[global_allocator]
static ALLOCATOR: Counting = Counting::new(std::alloc::System);

#[cfg(feature = "heap")]
#[global_allocator]
static ALLOCATOR: Counting<Heap> = Counting::new(Heap::new());

/// A layout of `size` bytes aligned to `align`.
#[track_caller]
fn layout(size: usize, align: usize) -> Layout {
    Layout::from_size_align(size, align).expect("a valid layout")
}

/// Counts how often it was dropped.
struct Counted<'count>(&'count Cell<u32>);

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

/// A hundred blocks, none on top of another.
#[phase7::test(points = 1, rule = 1)]
fn blocks_are_aligned_and_apart() {
    for wanted in [layout(1, 1), layout(24, 8), layout(40, 64)] {
        let blocks = Blocks::new(wanted, usize::MAX);
        let mut addresses: Vec<usize> = (0..100)
            .map(|_| blocks.take().expect("memory for a block").addr().get())
            .collect();
        addresses.sort_unstable();
        for address in &addresses {
            assert_eq!(
                address % wanted.align(),
                0,
                "the address modulo its alignment, {wanted:?}"
            );
        }
        for pair in addresses.windows(2) {
            assert!(
                pair[0] + wanted.size() <= pair[1],
                "two blocks of {wanted:?} overlap: {pair:x?}"
            );
        }
    }
}

/// Sixteen slots, then thirty-two, then sixty-four; none before the first value.
#[phase7::test(points = 1, rule = 2)]
fn chunks_double() {
    let (pool, counts) = measure(Pool::<[u64; 4]>::new);
    assert_eq!(counts.allocations, 0, "chunks of a new pool");
    let mut handles = Vec::with_capacity(100);
    let ((), counts) = measure(|| {
        for number in 0..100 {
            handles.push(pool.insert([number; 4]));
        }
    });
    assert_eq!(counts.allocations, 3, "chunks for a hundred values");
    assert_eq!(
        counts.allocated_bytes,
        (1 + 2 + 4) * (CHUNK_FIRST * 32) as u64,
        "bytes of 112 slots of 32 bytes"
    );
    assert!(
        (0..)
            .zip(&handles)
            .all(|(number, handle)| **handle == [number; 4])
    );
    drop(handles);
    let ((), counts) = measure(|| drop(pool));
    assert_eq!(counts.deallocations, 3, "chunks given back at the end");
}

/// The slot that was returned last is warm, and goes out first.
#[phase7::test(points = 1, rule = 1)]
fn the_slot_returned_last_goes_out_first() {
    let pool = Pool::new();
    let address = |handle: &Handle<'_, u64>| std::ptr::from_ref::<u64>(handle).addr();
    let (first, second, third) = (pool.insert(1_u64), pool.insert(2), pool.insert(3));
    let (first_was, third_was) = (address(&first), address(&third));
    drop(first);
    drop(third);
    let (fourth, fifth) = (pool.insert(4), pool.insert(5));
    assert_eq!(
        [address(&fourth), address(&fifth)],
        [third_was, first_was],
        "the addresses of two new values"
    );
    assert_eq!([*second, *fourth, *fifth], [2, 4, 5]);
}

/// The high-water mark stays when values go.
#[phase7::test(points = 1, rule = 3)]
fn the_high_water_mark_is_exact() {
    let pool = Pool::new();
    let statistics = |live, peak, capacity| Statistics { live, peak, capacity };
    assert_eq!(pool.statistics(), statistics(0, 0, 0), "a new pool");
    let mut handles: Vec<_> = (0..20).map(|number| pool.insert(number)).collect();
    assert_eq!(pool.statistics(), statistics(20, 20, 48), "with 20 values");
    handles.truncate(5);
    assert_eq!(pool.statistics(), statistics(5, 20, 48), "when 15 have gone");
    handles.extend((0..10).map(|number| pool.insert(number)));
    assert_eq!(pool.statistics(), statistics(15, 20, 48), "when 10 have come");
    handles.extend((0..6).map(|number| pool.insert(number)));
    assert_eq!(
        pool.statistics(),
        statistics(21, 21, 48),
        "with one more than ever"
    );
}

/// A value is dropped once: by its handle, or by whoever took it out.
#[phase7::test(points = 1, rule = 6)]
fn a_value_lives_as_long_as_its_handle() {
    let dropped = Cell::new(0);
    let mut pool = Pool::new();
    {
        let _first = pool.insert(Counted(&dropped));
        let second = pool.insert(Counted(&dropped));
        drop(second);
        assert_eq!(dropped.get(), 1, "values dropped with one handle");
    }
    assert_eq!(dropped.get(), 2, "values dropped with both");
    let taken = Handle::into_inner(pool.insert(Counted(&dropped)));
    assert_eq!(
        (dropped.get(), pool.statistics().live),
        (2, 0),
        "drops and slots when it was taken out"
    );
    drop(taken);
    let leaked = Handle::leak(pool.insert(Counted(&dropped)));
    leaked.0.set(leaked.0.get() + 10);
    assert_eq!(
        (dropped.get(), pool.leaked()),
        (13, 1),
        "drops, and leaked values"
    );
}

/// Each value owns the next one, in the same pool.
#[phase7::test(points = 1, rule = 9)]
fn a_list_is_made_of_handles() {
    struct Node<'pool> {
        number: u32,
        next: Option<Handle<'pool, Node<'pool>>>,
    }
    let pool = Pool::new();
    let mut list = None;
    for number in 0..50 {
        list = Some(pool.insert(Node { number, next: list }));
    }
    let mut sum = 0;
    let mut next = &list;
    while let Some(node) = next {
        sum += node.number;
        next = &node.next;
    }
    assert_eq!((sum, pool.statistics().live), (1225, 50));
    drop(list);
    assert_eq!(pool.statistics().live, 0, "nodes when the first one is gone");
}

/// Three slots, four values.
#[phase7::test(points = 1, rule = 4)]
fn a_full_pool_returns_the_value() {
    let pool = Pool::with_limit(3);
    let mut handles: Vec<_> = ["a", "b", "c"]
        .map(|text| pool.insert(text.to_owned()))
        .into_iter()
        .collect();
    let rejected = pool
        .try_insert("d".to_owned())
        .expect_err("three slots are taken");
    assert_eq!(
        (rejected.value.as_str(), rejected.error),
        ("d", PoolError::Full { limit: 3 })
    );
    assert_eq!(pool.statistics().capacity, 3, "slots with memory");
    handles.remove(1);
    let again = pool.try_insert(rejected.value).expect("a slot is free");
    assert_eq!(*again, "d");
}

/// Fifty markers of no bytes: counted, and nothing else.
#[phase7::test(points = 1, rule = 5)]
fn values_without_bytes_take_nothing() {
    #[repr(align(64))]
    struct Marker;

    let pool = Pool::new();
    let mut handles = Vec::with_capacity(50);
    let ((), counts) = measure(|| handles.extend((0..50).map(|_| pool.insert(Marker))));
    assert_eq!(counts.allocations, 0, "chunks for values without bytes");
    for handle in &handles {
        let address = std::ptr::from_ref::<Marker>(handle).addr();
        assert_eq!(address % 64, 0, "the address modulo its alignment");
    }
    handles.truncate(20);
    let expected = Statistics {
        live: 20,
        peak: 50,
        capacity: 50,
    };
    assert_eq!(pool.statistics(), expected);
}

/// The compiler accepts the right programs, and refuses those that would use what is gone.
#[cfg_attr(miri, ignore = "starts a compiler")]
#[phase7::test(points = 2, rule = 9, timeout_s = 300)]
fn the_compiler_refuses_misuse() {
    compile::check(&["lent"], &["outlives", "used_afterwards", "returned_twice"]);
}

/// Last in, first out, each place once.
#[phase7::test(points = 1, rule = 11)]
fn a_free_list_is_a_stack() {
    let links: Vec<AtomicU64> = (0..8).map(|_| AtomicU64::new(0)).collect();
    let links = links.as_slice();
    let list = FreeList::new(AtomicU64::new(0));
    assert_eq!(list.pop(links), None, "from an empty list");
    for index in [3, 0, 7] {
        list.push(links, index);
    }
    assert_eq!(list.pop(links), Some(7));
    list.push(links, 5);
    assert_eq!(
        [(); 4].map(|()| list.pop(links)),
        [Some(5), Some(0), Some(3), None]
    );
}

/// Values are made on one thread, changed on a second and dropped on a third.
#[phase7::test(points = 1, rule = 13)]
fn owners_go_from_thread_to_thread() {
    let pool = SharedPool::new();
    let made: Vec<_> = (0..10).map(|number| pool.insert(vec![number])).collect();
    let changed = thread::spawn(move || {
        let mut values = made;
        values.iter_mut().for_each(|value| value.push(7));
        values
    });
    let changed = changed.join().expect("no thread panics");
    assert_eq!(pool.statistics().live, 10, "values while they travel");
    let sum = thread::spawn(move || changed.iter().map(|value| value[0] + value[1]).sum::<i32>());
    assert_eq!(sum.join().expect("no thread panics"), 45 + 70);
    assert_eq!(pool.statistics().live, 0, "values at the end");
}

/// An owner keeps the memory that its value is in.
#[phase7::test(points = 1, rule = 13)]
fn an_owner_outlives_the_last_name_of_its_pool() {
    let pool = SharedPool::new();
    let owner = pool.clone().insert("kept".to_owned());
    drop(pool);
    assert_eq!(*owner, "kept");
    assert_eq!(Owned::into_inner(owner), "kept");
}

/// A limit for all threads together.
#[phase7::test(points = 1, rule = 14)]
fn a_shared_pool_has_a_limit() {
    let pool = SharedPool::with_limit(2);
    let (first, _second) = (pool.insert(1), pool.insert(2));
    let rejected = pool.try_insert(3).expect_err("two slots are taken");
    assert_eq!(
        (rejected.value, rejected.error),
        (3, PoolError::Full { limit: 2 })
    );
    drop(first);
    let third = pool.try_insert(rejected.value).expect("a slot is free");
    let expected = Statistics {
        live: 2,
        peak: 2,
        capacity: 2,
    };
    assert_eq!((*third, pool.statistics()), (3, expected));
}

/// The forty sizes of the table in the brief.
#[phase7::test(points = 1, rule = 16)]
fn classes_have_their_sizes() {
    let sizes: Vec<usize> = (0..).map_while(Class::nth).map(Class::size).collect();
    assert_eq!(
        sizes[..12],
        [16, 32, 48, 64, 80, 96, 112, 128, 160, 192, 224, 256]
    );
    assert_eq!(
        (sizes.len(), &sizes[36..]),
        (40, &[20 << 10, 24 << 10, 28 << 10, 32 << 10][..])
    );
    assert!((0..40).all(|index| Class::nth(index).map(Class::index) == Some(index)));
}

/// Layouts and what they are rounded up to.
#[phase7::test(points = 1, rule = 17)]
fn a_layout_has_the_smallest_class_that_suits() {
    let class_size = |size, align| Class::of(layout(size, align)).map(Class::size);
    assert_eq!(
        [1, 16, 17, 128].map(|size| class_size(size, 1)),
        [16, 16, 32, 128].map(Some)
    );
    assert_eq!(
        [129, 160, 161, 1025].map(|size| class_size(size, 8)),
        [160, 160, 192, 1280].map(Some)
    );
    assert_eq!(class_size(70, 64), Some(128), "80 is no multiple of 64");
    assert_eq!(
        [32 << 10, (32 << 10) + 1].map(|size| class_size(size, 16)),
        [Some(32 << 10), None]
    );
}

/// Pages are zeroed, aligned, and counted.
#[cfg_attr(miri, ignore = "maps memory")]
#[phase7::test(points = 1, rule = 18)]
fn pages_are_mapped_and_counted() {
    let pages = Pages::new();
    let block = pages.map(5000, 1 << 16).expect("two pages of memory");
    assert_eq!(
        block.addr().get() % (1 << 16),
        0,
        "the address modulo its alignment"
    );
    assert_eq!(
        (pages.mapped_bytes(), pages.peak_bytes()),
        (2 * PAGE, 2 * PAGE),
        "bytes mapped, and at most"
    );
    pages.set_limit(3 * PAGE);
    assert_eq!(
        pages.map(PAGE + 1, PAGE),
        None,
        "four pages, and a limit of three"
    );
    assert_eq!(pages.mapped_bytes(), 2 * PAGE, "bytes mapped after the refusal");
}

/// Blocks of a heap: aligned, apart, and filled again and again.
#[cfg_attr(miri, ignore = "maps memory")]
#[phase7::test(points = 1, rule = 19)]
fn a_heap_hands_out_blocks() {
    let heap = Heap::new();
    let mut blocks = Vec::new();
    for round in 0..2000_usize {
        let wanted = layout(1 + round * 7 % 500, 1 << (round % 8));
        let mut block = Block::allocate(&heap, wanted).expect("memory for a block");
        block.bytes_mut().fill(round as u8);
        blocks.push((block, round as u8));
        if round % 3 == 0 {
            blocks.swap_remove(round % blocks.len());
        }
    }
    for (block, mark) in &blocks {
        assert!(
            block.bytes().iter().all(|byte| byte == mark),
            "a block of {mark} reads {:?}",
            block.bytes()
        );
    }
}

/// A zeroed block is zeroed also where another block has been.
#[cfg_attr(miri, ignore = "maps memory")]
#[phase7::test(points = 1, rule = 19)]
fn zeroed_blocks_are_zeroed_again() {
    let heap = Heap::new();
    for size in [100, 100_000] {
        drop(Block::allocate(&heap, layout(size, 1)).expect("memory for a block"));
        let zeroed = Block::allocate_zeroed(&heap, layout(size, 1)).expect("memory for a block");
        assert!(zeroed.bytes().iter().all(|&byte| byte == 0), "{size} bytes");
    }
}

/// Within its class a block stays; beyond, its contents move.
#[cfg_attr(miri, ignore = "maps memory")]
#[phase7::test(points = 1, rule = 20)]
fn a_block_changes_its_size() {
    let heap = Heap::new();
    let block = Block::allocate(&heap, layout(65, 1)).expect("memory for a block");
    let address = block.address();
    let block = block.resize(80).expect("80 bytes are the same class");
    assert_eq!(block.address(), address, "the address within the class");
    let mut block = block.resize(81).expect("memory for a block");
    block.bytes_mut()[80] = 1;
    let mut block = block.resize(100_000).expect("memory for a large block");
    assert_eq!((&block.bytes()[..80], block.bytes()[80]), (&[FILL; 80][..], 1));
    block.bytes_mut()[99_999] = 2;
    let block = block.resize(10_000_000).expect("memory for a larger block");
    assert_eq!((block.bytes()[80], block.bytes()[99_999]), (1, 2));
    let block = block.resize(90).expect("memory for a block");
    assert_eq!((&block.bytes()[..80], block.bytes()[80]), (&[FILL; 80][..], 1));
}

/// What is out, by class; and a heap that has everything back says so.
#[cfg_attr(miri, ignore = "maps memory")]
#[phase7::test(points = 1, rule = 25)]
fn the_report_names_what_is_out() {
    let heap = Heap::new();
    let take = |size| Block::allocate(&heap, layout(size, 1)).expect("memory for a block");
    let kept = RefCell::new(vec![take(33), take(40), take(48), take(2000), take(100_000)]);
    drop(take(500));
    let report = heap.report();
    assert_eq!(
        (report.live_blocks(), report.live_bytes()),
        (5, 3 * 48 + 2048 + 25 * PAGE)
    );
    assert_eq!(
        report.to_string(),
        "3 blocks of 48 bytes\n1 block of 2048 bytes\n1 block, large, 102400 bytes\n"
    );
    kept.borrow_mut().clear();
    assert_eq!(heap.report().to_string(), "nothing is out\n");
}

/// One thread allocates, another one frees, and nothing more is mapped.
#[cfg_attr(miri, ignore = "maps memory")]
#[phase7::test(points = 1, rule = 22)]
fn blocks_are_freed_by_another_thread() {
    let heap = Heap::new();
    let round = || {
        let blocks: Vec<_> = (0..10_000)
            .map(|_| Block::allocate(&heap, layout(256, 16)).expect("memory for a block"))
            .collect();
        thread::scope(|scope| {
            scope
                .spawn(move || drop(blocks))
                .join()
                .expect("no thread panics")
        });
    };
    round();
    let mapped = heap.report().mapped_bytes;
    (0..20).for_each(|_| round());
    let more = heap.report().mapped_bytes - mapped;
    assert!(more <= 1 << 20, "{more} bytes more for the same blocks again");
    assert_eq!(heap.report().live_blocks(), 0, "blocks at the end");
}

/// A program whose every allocation is from the heap, on threads that come and go.
#[cfg_attr(miri, ignore = "starts a compiler")]
#[phase7::test(points = 2, rule = 26, timeout_s = 300)]
fn a_program_runs_on_the_heap() {
    compile::check(&["global"], &[]);
}
