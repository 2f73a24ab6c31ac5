//! The lock and the slot under every order that the memory model allows. Loom runs each model again and again, with
//! every schedule, and lets a relaxed load return every value that it may.

use loom::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, fence};
use loom::sync::{Arc, Condvar, Mutex};
use loom::thread;
use shm_cache::cell::Cell;
use shm_cache::digest::Key;
use shm_cache::lock::{self, Acquired, Owners, Wake, Word};
use shm_cache::slot::{Found, Slot};
use std::sync::atomic::Ordering::{self, Acquire, Relaxed, Release, SeqCst};

/// A model that tries all schedules with at most this many preemptions.
fn model(preemptions: usize, run: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(preemptions);
    builder.check(run);
}

/// A lock's word, with a futex that wakes whom it is told to and nobody else.
struct Futex {
    word: AtomicU32,
    queue: Mutex<()>,
    bell: Condvar,
}

impl Futex {
    fn new() -> Self {
        Self {
            word: AtomicU32::new(0),
            queue: Mutex::new(()),
            bell: Condvar::new(),
        }
    }
}

impl Word for Futex {
    const SPINS: u32 = 0;

    fn load(&self, order: Ordering) -> u32 {
        self.word.load(order)
    }

    fn compare_exchange(
        &self,
        current: u32,
        new: u32,
        success: Ordering,
        failure: Ordering,
    ) -> Result<u32, u32> {
        self.word.compare_exchange(current, new, success, failure)
    }

    fn swap(&self, value: u32, order: Ordering) -> u32 {
        self.word.swap(value, order)
    }

    fn wait(&self, expected: u32) -> Wake {
        let queue = self.queue.lock().expect("nobody panics with it");
        if self.word.load(SeqCst) == expected {
            drop(self.bell.wait(queue).expect("nobody panics with it"));
        }
        Wake::Woken
    }

    fn wake_one(&self) {
        let _queue = self.queue.lock().expect("nobody panics with it");
        self.bell.notify_one();
    }
}

/// Everybody lives.
struct Alive;

impl Owners for Alive {
    fn is_gone(&self, number: u32) -> bool {
        panic!("nobody's patience has ended, and still somebody asks whether {number} is gone");
    }
}

/// What the lock protects: a number that only the lock orders.
fn increment(shared: &AtomicU64) {
    let seen = shared.load(Relaxed);
    thread::yield_now();
    shared.store(seen + 1, Relaxed);
}

/// Three that want the lock at once: nobody sleeps for ever, and no increment is lost.
#[phase7::test(points = 2, rule = 15, timeout_s = 120)]
fn the_lock_excludes_and_wakes_in_every_order() {
    model(2, || {
        let shared = Arc::new((Futex::new(), AtomicU64::new(0)));
        let work = |number: u32, shared: &(Futex, AtomicU64)| {
            assert_eq!(
                lock::acquire(&shared.0, number, &Alive),
                Acquired::Clean,
                "the lock of one who lived"
            );
            increment(&shared.1);
            lock::release(&shared.0);
        };
        let threads: Vec<_> = (2..4)
            .map(|number| {
                let shared = Arc::clone(&shared);
                thread::spawn(move || work(number, &shared))
            })
            .collect();
        work(1, &shared);
        for thread in threads {
            thread.join().expect("it came to its end");
        }
        assert_eq!(shared.1.load(Relaxed), 3, "increments");
        assert_eq!(shared.0.load(Relaxed), 0, "the lock at the end");
    });
}

/// A lock whose first holder dies with it. Patience ends when that has happened, and not before.
struct Deathbed {
    futex: Futex,
    first_is_gone: AtomicBool,
}

impl Deathbed {
    fn die(&self) {
        let _queue = self.futex.queue.lock().expect("nobody panics with it");
        self.first_is_gone.store(true, Release);
        self.futex.bell.notify_all();
    }
}

impl Word for Deathbed {
    const SPINS: u32 = 0;

    fn load(&self, order: Ordering) -> u32 {
        self.futex.load(order)
    }

    fn compare_exchange(
        &self,
        current: u32,
        new: u32,
        success: Ordering,
        failure: Ordering,
    ) -> Result<u32, u32> {
        self.futex.compare_exchange(current, new, success, failure)
    }

    fn swap(&self, value: u32, order: Ordering) -> u32 {
        self.futex.swap(value, order)
    }

    fn wait(&self, expected: u32) -> Wake {
        let queue = self.futex.queue.lock().expect("nobody panics with it");
        let of_the_first = expected & !lock::WAITERS == 1;
        if of_the_first && self.first_is_gone.load(Relaxed) {
            return Wake::TimedOut;
        }
        if self.load(SeqCst) == expected {
            drop(self.futex.bell.wait(queue).expect("nobody panics with it"));
        }
        Wake::Woken
    }

    fn wake_one(&self) {
        self.futex.wake_one();
    }
}

impl Owners for Deathbed {
    fn is_gone(&self, number: u32) -> bool {
        number == 1 && self.first_is_gone.load(Acquire)
    }
}

/// One dies with the lock; of the others exactly one inherits it, and sees what the dead one did.
#[phase7::test(points = 2, rule = 16, timeout_s = 120)]
fn one_inherits_the_lock_in_every_order() {
    model(2, || {
        let bed = Deathbed {
            futex: Futex::new(),
            first_is_gone: AtomicBool::new(false),
        };
        let shared = Arc::new((bed, AtomicU64::new(0)));
        let heir = |number: u32, shared: &(Deathbed, AtomicU64)| {
            let acquired = lock::acquire(&shared.0, number, &shared.0);
            increment(&shared.1);
            lock::release(&shared.0);
            acquired
        };
        // The first has it already when the others come.
        assert_eq!(
            lock::acquire(&shared.0, 1, &shared.0),
            Acquired::Clean,
            "a free lock"
        );
        let threads: Vec<_> = (2..4)
            .map(|number| {
                let shared = Arc::clone(&shared);
                thread::spawn(move || heir(number, &shared))
            })
            .collect();
        increment(&shared.1);
        shared.0.die();
        let acquired: Vec<Acquired> = threads
            .into_iter()
            .map(|thread| thread.join().expect("it came to its end"))
            .collect();
        let inherited = acquired
            .iter()
            .filter(|acquired| **acquired == Acquired::Inherited)
            .count();
        assert_eq!(inherited, 1, "how often it was inherited: {acquired:?}");
        assert_eq!(shared.1.load(Relaxed), 3, "increments");
    });
}

/// A word of a slot.
struct LoomCell(AtomicU64);

impl Cell for LoomCell {
    fn load(&self, order: Ordering) -> u64 {
        self.0.load(order)
    }

    fn store(&self, value: u64, order: Ordering) {
        self.0.store(value, order);
    }

    fn fence(order: Ordering) {
        fence(order);
    }
}

fn slot_cells() -> Vec<LoomCell> {
    (0..7).map(|_| LoomCell(AtomicU64::new(0))).collect()
}

/// One writes, one reads: the old value, the new value, or nothing to believe.
#[phase7::test(points = 2, rule = 10, timeout_s = 120)]
fn a_reader_sees_whole_entries_in_every_order() {
    model(2, || {
        let cells = Arc::new(slot_cells());
        let key = Key::new(b"k", 1);
        Slot::new(&cells, 1).write(&key, b"old", 0);
        let writer = {
            let cells = Arc::clone(&cells);
            thread::spawn(move || Slot::new(&cells, 1).write(&Key::new(b"k", 1), b"newer", 0))
        };
        let mut buffer = [0; 8];
        match Slot::new(&cells, 1).read(&key, &mut buffer) {
            Found::Value { value_bytes, .. } => {
                let value = &buffer[..value_bytes];
                assert!(
                    value == b"old" || value == b"newer",
                    "read {:?}",
                    String::from_utf8_lossy(value)
                );
            }
            Found::Unstable => {}
            other => panic!("a slot with an entry in order looks like {other:?}"),
        }
        writer.join().expect("it came to its end");
    });
}

/// One changes the slot to another key's; whoever looks for the first one finds it, or does not.
#[phase7::test(points = 1, rule = 10, timeout_s = 120)]
fn a_reader_sees_no_mixture_of_two_keys() {
    model(2, || {
        let cells = Arc::new(slot_cells());
        let key = Key::new(b"k", 1);
        Slot::new(&cells, 1).write(&key, b"old", 0);
        let writer = {
            let cells = Arc::clone(&cells);
            thread::spawn(move || {
                let slot = Slot::new(&cells, 1);
                slot.clear();
                slot.write(&Key::new(b"q", 1), b"new", 0);
            })
        };
        let mut buffer = [0; 8];
        let found = Slot::new(&cells, 1).read(&key, &mut buffer);
        match found {
            Found::Value { value_bytes, .. } => assert_eq!(&buffer[..value_bytes], b"old", "the value of k"),
            Found::Unstable | Found::Nothing | Found::OtherKey => {}
            Found::Damaged => panic!("whole entries look damaged"),
        }
        writer.join().expect("it came to its end");
    });
}
