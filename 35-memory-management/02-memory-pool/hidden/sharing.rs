//! The free list and the shared pool.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, MutexGuard};
use std::thread;

use memory_pool::free_list::{FreeList, Word};
use memory_pool::{Owned, PoolError, SharedPool};
use phase7::counting::{measure, refusing};

use super::{Numbers, send_and_sync};

/// A word whose exchanges fail two times out of three, as a weak one may, and that can be looked at.
#[derive(Clone, Default)]
struct Flaky {
    value: Rc<Cell<u64>>,
    calls: Rc<Cell<u32>>,
}

impl Word for Flaky {
    fn load(&self, _order: Ordering) -> u64 {
        self.value.get()
    }

    fn store(&self, value: u64, _order: Ordering) {
        self.value.set(value);
    }

    fn compare_exchange_weak(
        &self,
        current: u64,
        new: u64,
        _success: Ordering,
        _failure: Ordering,
    ) -> Result<u64, u64> {
        self.calls.set(self.calls.get() + 1);
        let value = self.value.get();
        if value == current && self.calls.get().is_multiple_of(3) {
            self.value.set(new);
            return Ok(value);
        }
        Err(value)
    }
}

/// Against a vector; the head is as it is drawn, and its tag has another value after each change, also behind the last.
#[phase7::test(points = 1, rule = 11)]
fn the_words_are_as_drawn() {
    let links = vec![Flaky::default(); 10];
    let links: Vec<Flaky> = links.iter().map(|_| Flaky::default()).collect();
    let head = Flaky::default();
    head.value.set((u64::from(u32::MAX) - 100) << 32);
    let list = FreeList::new(head.clone());
    let (mut expected, mut outside) = (Vec::new(), (0..10).collect::<Vec<u32>>());
    let mut numbers = Numbers(12);
    for step in 0..2000 {
        let before = head.value.get();
        if !outside.is_empty() && numbers.below(2) == 0 {
            let index = outside.swap_remove(numbers.below(outside.len()));
            list.push(links.as_slice(), index);
            expected.push(index);
        } else {
            let popped = list.pop(links.as_slice());
            assert_eq!(popped, expected.pop(), "what is popped in step {step}");
            let Some(index) = popped else { continue };
            outside.push(index);
        }
        let word = |index: Option<&u32>| index.map_or(0, |index| u64::from(index + 1));
        let now = head.value.get();
        assert_eq!(
            now & 0xffff_ffff,
            word(expected.last()),
            "the low half of the head"
        );
        assert_ne!(now >> 32, before >> 32, "the tag after a change");
        if let [.., below, top] = expected.as_slice() {
            let link = links[*top as usize].value.get();
            assert_eq!(
                link & 0xffff_ffff,
                word(Some(below)),
                "the link of the place on top"
            );
        }
    }
}

/// Eight threads take and return places as fast as they can.
#[phase7::test(points = 1, rule = 12, timeout_s = 60)]
fn no_place_is_taken_twice() {
    let links: Vec<AtomicU64> = (0..16).map(|_| AtomicU64::new(0)).collect();
    let links = links.as_slice();
    let owners: Vec<AtomicUsize> = (0..16).map(|_| AtomicUsize::new(0)).collect();
    let list = FreeList::new(AtomicU64::new(0));
    (0..16).for_each(|index| list.push(links, index));
    let work = || {
        for _ in 0..20_000 {
            let taken = [(); 3].map(|()| list.pop(links));
            for index in taken.into_iter().flatten() {
                let others = owners[index as usize].fetch_add(1, Ordering::Relaxed);
                assert_eq!(others, 0, "other owners of place {index}");
                owners[index as usize].fetch_sub(1, Ordering::Relaxed);
                list.push(links, index);
            }
        }
    };
    thread::scope(|scope| (0..8).for_each(|_| drop(scope.spawn(work))));
    let mut left: Vec<_> = std::iter::from_fn(|| list.pop(links)).collect();
    left.sort_unstable();
    assert_eq!(
        left,
        (0..16).collect::<Vec<u32>>(),
        "places in the list at the end"
    );
}

/// Values made by four threads are dropped by four others, each once, and no two of them are in one place.
#[phase7::test(points = 1, rule = 13, timeout_s = 60)]
fn values_travel_between_threads() {
    struct Counted(Arc<AtomicUsize>, [u64; 3]);
    impl Drop for Counted {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
    let (pool, dropped) = (SharedPool::new(), Arc::new(AtomicUsize::new(0)));
    thread::scope(|scope| {
        for worker in 0..4 {
            let (sender, receiver) = std::sync::mpsc::sync_channel::<Owned<Counted>>(50);
            let (pool, dropped) = (pool.clone(), Arc::clone(&dropped));
            scope.spawn(move || {
                for number in 0..5000 {
                    let value = Counted(Arc::clone(&dropped), [worker, number, worker ^ number]);
                    sender.send(pool.insert(value)).expect("somebody listens");
                }
            });
            scope.spawn(move || {
                for (number, value) in (0..).zip(receiver) {
                    assert_eq!(
                        value.1,
                        [worker, number, worker ^ number],
                        "a value that travelled"
                    );
                }
            });
        }
    });
    assert_eq!(dropped.load(Ordering::Relaxed), 20_000, "values dropped");
    let statistics = pool.statistics();
    assert_eq!(statistics.live, 0, "values at the end");
    assert!(
        statistics.peak <= 4 * 52 && statistics.capacity <= statistics.peak + 8,
        "{statistics:?} for channels of 50 values"
    );
}

/// Threads at the limit: there are never more values, and whoever finds room gets a slot.
#[phase7::test(points = 1, rule = 14, timeout_s = 60)]
fn the_limit_holds_for_all_threads_together() {
    const LIMIT: usize = 5;
    let pool = SharedPool::with_limit(LIMIT);
    let (out, together) = (AtomicUsize::new(0), Barrier::new(4));
    let work = || {
        together.wait();
        let mut inserted = 0;
        while inserted < 5000 {
            let values: Vec<_> = (0..3).flat_map(|number| pool.try_insert(number)).collect();
            let now = out.fetch_add(values.len(), Ordering::SeqCst) + values.len();
            assert!(now <= LIMIT, "{now} values at a time, and a limit of {LIMIT}");
            inserted += values.len();
            out.fetch_sub(values.len(), Ordering::SeqCst);
            if values.is_empty() {
                thread::yield_now();
            }
        }
    };
    thread::scope(|scope| (0..4).for_each(|_| drop(scope.spawn(work))));
    let statistics = pool.statistics();
    assert!(
        statistics.live == 0 && statistics.peak <= LIMIT && statistics.capacity <= LIMIT,
        "{statistics:?}"
    );
    let all: Vec<_> = (0..LIMIT).map(|number| pool.insert(number)).collect();
    assert_eq!(all.iter().map(|value| **value).sum::<usize>(), 10);
}

/// Without memory the value comes back; with memory again the pool goes on. Memory goes with the last owner.
#[phase7::test(points = 1, rule = 14)]
fn a_shared_pool_without_memory_returns_the_value() {
    let ((), counts) = measure(|| {
        let pool = SharedPool::new();
        let rejected = refusing(1000, || pool.try_insert([7_u64; 16]).expect_err("no chunk"));
        assert_eq!(
            (rejected.value, rejected.error),
            ([7; 16], PoolError::OutOfMemory)
        );
        let statistics = pool.statistics();
        assert_eq!((statistics.live, statistics.peak), (0, 0), "after the refusal");
        let mut values: Vec<_> = (0..300_u64).map(|number| pool.insert([number; 16])).collect();
        drop(pool);
        assert!((0..).zip(&values).all(|(number, value)| **value == [number; 16]));
        let last = values.pop();
        drop(values);
        assert_eq!(last.map(Owned::into_inner), Some([299; 16]));
    });
    assert_eq!(counts.live_bytes, 0, "bytes that were not given back");
}

/// The rules of destructors hold for owners, too.
#[phase7::test(points = 1, rule = 8)]
fn an_owner_returns_its_slot_when_a_destructor_panics() {
    struct Loud;
    impl Drop for Loud {
        fn drop(&mut self) {
            resume_unwind(Box::new(()));
        }
    }
    let pool = SharedPool::with_limit(1);
    for round in 0..5 {
        let owned = pool.try_insert(Loud).map_err(std::mem::forget);
        let owned = owned.expect("the slot was returned");
        let result = catch_unwind(AssertUnwindSafe(|| drop(owned)));
        assert!(result.is_err(), "the panic comes out in round {round}");
        assert_eq!(pool.statistics().live, 0, "values after round {round}");
    }
}

/// A pool may be shared by threads to which its values may go; an owner is like a box.
#[phase7::test(points = 1, rule = 15)]
fn what_may_be_sent_and_shared_follows_from_the_value() {
    type Guard = MutexGuard<'static, u8>;
    assert_eq!(send_and_sync!(SharedPool<u8>), (true, true), "a pool of numbers");
    assert_eq!(
        send_and_sync!(SharedPool<Cell<u8>>),
        (true, true),
        "a pool of cells"
    );
    assert_eq!(
        send_and_sync!(SharedPool<Rc<u8>>),
        (false, false),
        "a pool of reference counts"
    );
    assert_eq!(
        send_and_sync!(SharedPool<Guard>),
        (false, false),
        "a pool of guards"
    );
    assert_eq!(send_and_sync!(Owned<u8>), (true, true), "an owner of a number");
    assert_eq!(
        send_and_sync!(Owned<Cell<u8>>),
        (true, false),
        "an owner of a cell"
    );
    assert_eq!(
        send_and_sync!(Owned<Rc<u8>>),
        (false, false),
        "an owner of a reference count"
    );
}
