//! Blocks and pools of one thread.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;

use memory_pool::{Blocks, Handle, Pool, PoolError, Statistics};
use phase7::counting::{measure, refusing};

use super::{Numbers, layout, send_and_sync};

/// Sizes below a pointer's, odd ones, and alignments up to a page.
#[phase7::test(points = 1, rule = 1)]
fn blocks_of_any_layout_are_aligned_and_apart() {
    for (size, align) in [
        (1, 1),
        (3, 1),
        (7, 2),
        (9, 1),
        (17, 8),
        (8, 64),
        (100, 4096),
        (5000, 16),
    ] {
        let blocks = Blocks::new(layout(size, align), usize::MAX);
        let mut addresses: Vec<usize> = (0..200)
            .map(|_| blocks.take().expect("memory for a block").addr().get())
            .collect();
        addresses.sort_unstable();
        assert!(
            addresses.iter().all(|address| address % align == 0),
            "a block of {size} bytes off its alignment of {align}"
        );
        assert!(
            addresses.windows(2).all(|pair| pair[0] + size <= pair[1]),
            "blocks of {size} bytes overlap"
        );
    }
}

/// What a chunk has is blocks, each as large as it must be, and nothing else.
#[phase7::test(points = 1, rule = 2)]
fn chunks_have_the_size_of_their_blocks() {
    for (size, align, stride) in [
        (1, 1, 8),
        (8, 8, 8),
        (9, 1, 16),
        (12, 4, 16),
        (40, 64, 64),
        (100, 1, 104),
    ] {
        let blocks = Blocks::new(layout(size, align), usize::MAX);
        let ((), counts) = measure(|| {
            for _ in 0..49 {
                blocks.take().expect("memory for a block");
            }
        });
        assert_eq!(
            (counts.allocations, counts.allocated_bytes),
            (3, (16 + 32 + 64) * stride),
            "chunks, and their bytes, for blocks of {size} bytes aligned to {align}"
        );
        let ((), counts) = measure(|| drop(blocks));
        assert_eq!(
            counts.live_bytes,
            -(112 * stride.cast_signed()),
            "bytes given back"
        );
    }
}

/// Against a list that counts.
#[phase7::test(points = 1, rule = 3)]
fn statistics_are_right_at_every_step() {
    let pool = Pool::new();
    let mut numbers = Numbers(35);
    let mut handles: Vec<Handle<'_, usize>> = Vec::new();
    let (mut peak, mut capacity) = (0, 0);
    for round in 0..20_000_usize {
        // Up to some hundreds, and down again, a few times.
        let grows = (round / 4000).is_multiple_of(2);
        if handles.is_empty() || numbers.below(10) < if grows { 6 } else { 4 } {
            handles.push(pool.insert(round));
        } else {
            handles.swap_remove(numbers.below(handles.len()));
        }
        peak = peak.max(handles.len());
        while capacity < peak {
            capacity = capacity * 2 + 16;
        }
        let expected = Statistics {
            live: handles.len(),
            peak,
            capacity,
        };
        assert_eq!(pool.statistics(), expected, "after step {round}");
    }
}

/// Limits on, below and above the border of a chunk, and none at all.
#[phase7::test(points = 1, rule = 4)]
fn no_more_memory_than_the_limit_allows() {
    for limit in [0, 1, 15, 16, 17, 47, 48, 49, 200] {
        let pool = Pool::with_limit(limit);
        let full = PoolError::Full { limit };
        let mut handles: Vec<_> = (0..limit).map(|number| pool.insert([number; 4])).collect();
        for _ in 0..2 {
            let rejected = pool.try_insert([9; 4]).expect_err("the pool is full");
            assert_eq!((rejected.value, rejected.error), ([9; 4], full));
            let expected = Statistics {
                live: limit,
                peak: limit,
                capacity: limit,
            };
            assert_eq!(pool.statistics(), expected);
        }
        handles.truncate(limit / 2);
        let more: Vec<_> = (limit / 2..limit)
            .map(|number| pool.insert([number; 4]))
            .collect();
        assert!(pool.try_insert([9; 4]).is_err(), "full again at {limit}");
        let all = handles.iter().chain(&more);
        assert!((0..).zip(all).all(|(number, handle)| **handle == [number; 4]));

        let ((), counts) = measure(|| {
            let again = Pool::with_limit(limit);
            for number in 0..limit {
                Handle::leak(again.insert([number; 4]));
            }
        });
        assert_eq!(
            (counts.allocated_bytes, counts.live_bytes),
            (32 * limit as u64, 0),
            "bytes taken for {limit} values, and kept"
        );
    }
}

/// The allocator refuses a chunk: the value comes back, and what there was stays.
#[phase7::test(points = 1, rule = 4)]
fn a_refused_chunk_is_an_error_and_no_more() {
    let pool = Pool::new();
    let handles: Vec<_> = (0..16).map(|number| pool.insert([number; 100])).collect();
    let before = pool.statistics();
    for _ in 0..3 {
        let rejected = refusing(10_000, || pool.try_insert([99; 100]).expect_err("no chunk"));
        assert_eq!((rejected.value[99], rejected.error), (99, PoolError::OutOfMemory));
        assert_eq!(pool.statistics(), before, "after the refusal");
    }
    assert_eq!(pool.insert([16; 100])[7], 16, "when there is memory again");
    assert!(
        (0..)
            .zip(&handles)
            .all(|(number, handle)| **handle == [number; 100])
    );

    let huge = Blocks::new(layout(isize::MAX as usize, 1), usize::MAX);
    assert_eq!(
        huge.take(),
        Err(PoolError::OutOfMemory),
        "half of the address space"
    );
    let large = Blocks::new(layout(1 << 60, 1 << 60), usize::MAX);
    assert_eq!(
        large.take(),
        Err(PoolError::OutOfMemory),
        "sixteen times 2^60 bytes"
    );
}

/// Markers have destructors, a limit and an alignment, but no bytes.
#[phase7::test(points = 1, rule = 5)]
fn values_without_bytes_are_values() {
    thread_local!(static DROPPED: Cell<u32> = const { Cell::new(0) });
    #[repr(align(4096))]
    struct Marker;
    impl Drop for Marker {
        fn drop(&mut self) {
            DROPPED.set(DROPPED.get() + 1);
        }
    }
    let mut pool = Pool::with_limit(100);
    let ((), counts) = measure(|| {
        let first = pool.insert(Marker);
        assert_eq!(std::ptr::from_ref::<Marker>(&first).addr() % 4096, 0);
        drop(first);
        for _ in 0..99 {
            Handle::leak(pool.insert(Marker));
        }
        let last = pool.insert(Marker);
        let rejected = pool.try_insert(Marker).map(drop).expect_err("a hundred are out");
        assert_eq!(rejected.error, PoolError::Full { limit: 100 });
        drop(last);
    });
    drop(pool.try_insert(Marker));
    assert_eq!(
        (DROPPED.get(), pool.leaked()),
        (4, 99),
        "values dropped, and leaked"
    );
    assert_eq!((pool.statistics().peak, pool.statistics().capacity), (100, 100));
    assert_eq!(counts.allocations, 0, "chunks");
}

/// One destructor panics: its slot is returned, and no other value is concerned.
#[phase7::test(points = 1, rule = 8)]
fn a_destructor_that_panics_returns_its_slot() {
    struct Loud<'count>(u32, &'count Cell<u32>);
    impl Drop for Loud<'_> {
        fn drop(&mut self) {
            self.1.set(self.1.get() + 1);
            if self.0 % 2 == 1 {
                resume_unwind(Box::new(()));
            }
        }
    }
    let dropped = Cell::new(0);
    let pool = Pool::with_limit(1);
    for round in 0..10 {
        let value = pool.try_insert(Loud(round, &dropped)).map_err(std::mem::forget);
        let handle = value.expect("the slot was returned");
        let result = catch_unwind(AssertUnwindSafe(|| drop(handle)));
        assert_eq!(result.is_err(), round % 2 == 1, "whether the panic comes out");
        assert_eq!(
            (dropped.get(), pool.statistics().live),
            (round + 1, 0),
            "round {round}"
        );
    }
}

/// A value that goes makes another one, in the same pool.
#[phase7::test(points = 1, rule = 8)]
fn a_destructor_may_use_its_pool() {
    struct Heir<'pool> {
        pool: &'pool Pool<Heir<'pool>>,
        heirs: u32,
        log: &'pool RefCell<Vec<u32>>,
    }
    impl Drop for Heir<'_> {
        fn drop(&mut self) {
            self.log.borrow_mut().push(self.heirs);
            if self.heirs > 0 {
                let heir = self.pool.insert(Heir {
                    heirs: self.heirs - 1,
                    ..*self
                });
                assert!(
                    !std::ptr::eq(&raw const *heir, &raw const *self),
                    "the slot of a value that is still there"
                );
            }
        }
    }
    let log = RefCell::default();
    let pool = Pool::new();
    let first = Heir {
        pool: &pool,
        heirs: 30,
        log: &log,
    };
    // The pool cannot be gone when the last one goes: it is leaked and read again.
    let first = pool.insert(first);
    drop(first);
    assert_eq!(*log.borrow(), (0..=30).rev().collect::<Vec<u32>>());
    let statistics = pool.statistics();
    assert_eq!(
        (statistics.live, statistics.peak),
        (0, 31),
        "values now, and at most"
    );
}

/// Each value is dropped once, whichever way it goes.
#[phase7::test(points = 1, rule = 6)]
fn every_value_is_dropped_once() {
    let pool = Pool::new();
    let value = Rc::new(());
    let mut numbers = Numbers(7);
    let (mut kept, mut taken, mut leaked) = (Vec::new(), Vec::new(), 0);
    for _ in 0..3000 {
        let handle = pool.insert(Rc::clone(&value));
        match numbers.below(5) {
            0 => drop(handle),
            1 => taken.push(Handle::into_inner(handle)),
            2 => {
                Handle::leak(handle);
                leaked += 1;
            }
            _ => kept.push(handle),
        }
        let count = 1 + kept.len() + taken.len() + leaked;
        assert_eq!(Rc::strong_count(&value), count, "values that are alive");
        assert_eq!(
            pool.statistics().live,
            kept.len() + leaked,
            "slots that are taken"
        );
    }
    drop((kept, taken));
    drop(pool);
    assert_eq!(Rc::strong_count(&value), 1 + leaked, "those that were leaked");
}

/// A failure is the error, or a panic that says so.
#[phase7::test(points = 1, rule = 7)]
fn the_twin_without_try_panics() {
    let pool = Pool::with_limit(1);
    let _first = pool.insert(Box::new(1));
    let error = pool.try_insert(Box::new(2)).expect_err("one slot").to_string();
    let dropped = Rc::new(3);
    let boxes = Pool::with_limit(0);
    let caught = catch_unwind(AssertUnwindSafe(|| drop(boxes.insert(Rc::clone(&dropped)))));
    assert!(caught.is_err(), "no slot at all");
    assert_eq!(
        Rc::strong_count(&dropped),
        1,
        "the value that had no slot is dropped"
    );
    let caught = catch_unwind(AssertUnwindSafe(|| drop(pool.insert(Box::new(2)))));
    let payload = caught.expect_err("without try_ a failure is a panic");
    let message = payload.downcast_ref::<String>().map_or("", String::as_str);
    assert!(
        message.contains(&error),
        "the panic says {message:?}, the error is {error}"
    );
}

/// A pool goes to another thread when its values may; nothing of it is shared.
#[phase7::test(points = 1, rule = 10)]
fn a_pool_may_change_threads_but_not_be_shared() {
    assert_eq!(send_and_sync!(Pool<u8>), (true, false), "a pool of numbers");
    assert_eq!(
        send_and_sync!(Pool<Rc<u8>>),
        (false, false),
        "a pool of what stays on its thread"
    );
    assert_eq!(send_and_sync!(Handle<'static, u8>), (false, false), "a handle");
    let pool = Pool::new();
    let first = std::ptr::from_ref(Handle::leak(pool.insert(1_u8))).addr();
    let second = std::thread::spawn(move || std::ptr::from_ref(Handle::leak(pool.insert(2_u8))).addr());
    assert_ne!(
        second.join().expect("no thread panics"),
        first,
        "a slot that is taken"
    );
}
