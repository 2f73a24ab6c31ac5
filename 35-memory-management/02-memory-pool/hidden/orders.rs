//! The free list under every order that the memory model allows. Loom runs each model again and again, with every
//! schedule, and lets a load return every value that it may.

use std::sync::atomic::Ordering;

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::sync::atomic::AtomicU64;
use loom::thread;
use memory_pool::free_list::{FreeList, Word};

/// A word of Loom's.
struct Checked(AtomicU64);

impl Word for Checked {
    fn load(&self, order: Ordering) -> u64 {
        self.0.load(order)
    }

    fn store(&self, value: u64, order: Ordering) {
        self.0.store(value, order);
    }

    fn compare_exchange_weak(
        &self,
        current: u64,
        new: u64,
        success: Ordering,
        failure: Ordering,
    ) -> Result<u64, u64> {
        self.0.compare_exchange_weak(current, new, success, failure)
    }
}

/// A list, its links, and what the places are for: Loom objects when two have one at a time, or when the next owner
/// does not see the end of the last.
struct Places {
    list: FreeList<Checked>,
    links: Vec<Checked>,
    contents: Vec<UnsafeCell<()>>,
}

impl Places {
    /// `count` places, all in the list; 0 on top.
    fn new(count: u32) -> Arc<Self> {
        let word = || Checked(AtomicU64::new(0));
        let places = Self {
            list: FreeList::new(word()),
            links: (0..count).map(|_| word()).collect(),
            contents: (0..count).map(|_| UnsafeCell::new(())).collect(),
        };
        (0..count).rev().for_each(|index| places.push(index));
        Arc::new(places)
    }

    fn pop(&self) -> Option<u32> {
        let index = self.list.pop(self.links.as_slice())?;
        self.contents[index as usize].with_mut(|_| ());
        Some(index)
    }

    fn push(&self, index: u32) {
        self.contents[index as usize].with_mut(|_| ());
        self.list.push(self.links.as_slice(), index);
    }
}

/// A model that tries all schedules with at most this many preemptions.
fn model(preemptions: usize, run: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(preemptions);
    builder.check(run);
}

/// While one reads the head, another takes two places and brings the first one back: the index is the same, and the
/// place below it is somebody's.
#[phase7::test(points = 2, rule = 12, timeout_s = 120)]
fn a_head_that_comes_back_is_not_the_same() {
    model(3, || {
        let places = Places::new(3);
        let other = {
            let places = Arc::clone(&places);
            thread::spawn(move || {
                let (first, second) = (places.pop(), places.pop());
                first.into_iter().for_each(|index| places.push(index));
                second
            })
        };
        let mine = places.pop();
        let mut taken = vec![mine, other.join().expect("it came to its end")];
        while let Some(index) = places.pop() {
            taken.push(Some(index));
        }
        let mut taken: Vec<u32> = taken.into_iter().flatten().collect();
        taken.sort_unstable();
        assert_eq!(taken, [0, 1, 2], "every place once");
    });
}

/// Places go round between three threads: each owner sees the end of the last one's work.
#[phase7::test(points = 2, rule = 12, timeout_s = 120)]
fn an_owner_sees_what_the_last_one_did() {
    model(2, || {
        let places = Places::new(2);
        let round = |places: &Places| places.pop().into_iter().for_each(|index| places.push(index));
        let threads: Vec<_> = (0..2)
            .map(|_| {
                let places = Arc::clone(&places);
                thread::spawn(move || round(&places))
            })
            .collect();
        round(&places);
        for thread in threads {
            thread.join().expect("it came to its end");
        }
        let mut all = [places.pop(), places.pop()];
        all.sort_unstable();
        assert_eq!(
            (all, places.pop()),
            ([Some(0), Some(1)], None),
            "the places at the end"
        );
    });
}
