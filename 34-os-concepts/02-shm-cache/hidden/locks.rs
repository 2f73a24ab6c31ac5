//! The lock between processes that live, stop and die.

use std::fs::{File, OpenOptions};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

use phase7::process::Signal;
use phase7::wait;
use shm_cache::SharedCache;
use shm_cache::lock::{self, Acquired, Owners, WAITERS, Wake, Word};
use shm_cache::owner::{self, Owner};
use shm_cache::region::Region;

use super::support::{DEADLINE, Fixture, get, set};

/// A region's file, opened once more.
fn file(fixture: &Fixture) -> File {
    let opened = OpenOptions::new().read(true).write(true).open(fixture.path());
    opened.expect("it is there")
}

/// A word that counts how often sleeping on it was in vain.
struct Counted<'a> {
    word: &'a AtomicU32,
    timeouts: &'a AtomicU64,
}

impl Word for Counted<'_> {
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
        let wake = Word::wait(self.word, expected);
        if wake == Wake::TimedOut {
            self.timeouts.fetch_add(1, SeqCst);
        }
        wake
    }

    fn wake_one(&self) {
        self.word.wake_one();
    }
}

/// A process is stopped with the lock in its hand: it lives, and is waited for. Then it is killed, and nobody reaps it.
#[phase7::test(points = 2, rule = 16, timeout_s = 120)]
fn the_stopped_are_waited_for_and_the_dead_are_not() {
    let fixture = Fixture::new(32, 88);
    set(&fixture.open(), "k", "v");
    let (holder, waiter) = (fixture.image().u64(64) as u32, fixture.image().u64(64) as u32 + 1);
    let session = fixture.session();
    let region = Region::open(&fixture.path()).expect("it is in order");
    let own = file(&fixture);
    assert_eq!(
        owner::register(&own, region.next_owner()).expect("the kernel can"),
        waiter,
        "the next number"
    );
    let owner = Owner::new(&own, waiter);
    let word = region.lock_word(4096);
    word.store(holder, SeqCst);
    session.running.signal(Signal::SIGSTOP);
    let timeouts = AtomicU64::new(0);
    thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            lock::acquire(
                &Counted {
                    word,
                    timeouts: &timeouts,
                },
                waiter,
                &owner,
            )
        });
        wait::until("five sleeps in vain", DEADLINE, || timeouts.load(SeqCst) >= 5);
        assert_eq!(
            word.load(SeqCst),
            holder | WAITERS,
            "the lock of one that is stopped"
        );
        // A zombie until the session is dropped.
        session.running.signal(Signal::SIGKILL);
        let acquired = waiting.join().expect("it has the lock now");
        assert_eq!(acquired, Acquired::Inherited, "the lock of one that was killed");
        assert_eq!(word.load(SeqCst), waiter | WAITERS, "who has it");
        lock::release(word);
        assert_eq!(word.load(SeqCst), 0, "the lock at the end");
    });
    drop(session);
}

/// The handle itself lives, other handles of this process do, and numbers that nobody has do not.
#[phase7::test(points = 1, rule = 16)]
fn handles_know_who_lives() {
    let fixture = Fixture::new(32, 88);
    let first = fixture.image().u64(64) as u32;
    let (one, two) = (fixture.open(), fixture.open());
    let own = file(&fixture);
    let region = Region::open(&fixture.path()).expect("it is in order");
    let number = owner::register(&own, region.next_owner()).expect("the kernel can");
    let owner = Owner::new(&own, number);
    let gone = || [first, first + 1, number, number + 1, 0].map(|number| owner.is_gone(number));
    assert_eq!(
        gone(),
        [false, false, false, true, true],
        "two handles, itself, the next one, nobody"
    );
    drop(one);
    assert_eq!(
        gone(),
        [true, false, false, true, true],
        "when the first has gone"
    );
    // The descriptor of the second is opened anew, so its lock is its own.
    let attached = SharedCache::attach(two.descriptor()).expect("it is in order");
    drop(two);
    assert_eq!(
        gone(),
        [true, true, false, false, true],
        "when the second has given way to one that was attached"
    );
    drop(attached);
}

/// One mapping wakes another: the futex is the file's, not the address's.
#[phase7::test(points = 1, rule = 15, timeout_s = 60)]
fn a_release_wakes_through_another_mapping() {
    let fixture = Fixture::new(32, 88);
    let (one, two) = (
        Region::open(&fixture.path()).expect("it is in order"),
        Region::open(&fixture.path()).expect("it is in order"),
    );
    one.lock_word(4096).store(7 | WAITERS, SeqCst);
    let woken = AtomicBool::new(false);
    let timed_out = AtomicU64::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !woken.load(SeqCst) {
                match Word::wait(two.lock_word(4096), 7 | WAITERS) {
                    Wake::Woken => woken.store(true, SeqCst),
                    Wake::TimedOut => {
                        timed_out.fetch_add(1, SeqCst);
                    }
                }
            }
        });
        wait::until("three sleeps that nobody ended", DEADLINE, || {
            timed_out.load(SeqCst) >= 3
        });
        wait::until("the sleeper to be woken", DEADLINE, || {
            one.lock_word(4096).wake_one();
            woken.load(SeqCst)
        });
    });
    assert_eq!(
        Word::wait(one.lock_word(4096), 8),
        Wake::Woken,
        "waiting for a number that it is not"
    );
}

/// Threads of one handle have one number, and still exclude each other, also when one of them is slow.
#[phase7::test(points = 1, rule = 15, timeout_s = 60)]
fn threads_of_one_handle_exclude_each_other() {
    let fixture = Fixture::new(32, 88);
    let region = Region::open(&fixture.path()).expect("it is in order");
    let own = file(&fixture);
    let number = owner::register(&own, region.next_owner()).expect("the kernel can");
    let owner = Owner::new(&own, number);
    let word = region.lock_word(4096);
    let (timeouts, total) = (AtomicU64::new(0), AtomicU64::new(0));
    thread::scope(|scope| {
        assert_eq!(
            lock::acquire(word, number, &owner),
            Acquired::Clean,
            "a free lock"
        );
        let threads: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let counted = Counted {
                        word,
                        timeouts: &timeouts,
                    };
                    for _ in 0..2_000 {
                        assert_eq!(
                            lock::acquire(&counted, number, &owner),
                            Acquired::Clean,
                            "a living thread's lock"
                        );
                        total.store(total.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
                        lock::release(&counted);
                    }
                })
            })
            .collect();
        wait::until("ten sleeps in vain", DEADLINE, || timeouts.load(SeqCst) >= 10);
        assert_eq!(
            total.load(SeqCst),
            0,
            "increments while the lock is somebody else's"
        );
        lock::release(word);
        for thread in threads {
            thread.join().expect("it came to its end");
        }
    });
    assert_eq!(total.load(SeqCst), 8_000, "increments");
}

/// Who reads needs no lock; who writes sleeps until the living holder releases it.
#[phase7::test(points = 2, rule = 12, timeout_s = 120)]
fn a_held_lock_stops_writers_and_no_reader() {
    let fixture = Fixture::new(32, 88);
    let cache = fixture.open();
    set(&cache, "k", "v");
    let holder = fixture.image().u64(64) as u32;
    let mut living = fixture.session();
    let mut reader = fixture.session();
    let mut writer = fixture.session();
    let region = Region::open(&fixture.path()).expect("it is in order");
    let word = region.lock_word(4096);
    word.store(holder, SeqCst);
    writer.send("set k w");
    wait::until("the writer to wait", DEADLINE, || {
        word.load(SeqCst) == holder | WAITERS
    });
    for _ in 0..100 {
        assert_eq!(reader.ask("get k"), "value v", "the value while the lock is held");
        assert_eq!(
            reader.ask("get nobody"),
            "miss",
            "another key while the lock is held"
        );
    }
    assert_eq!(living.ask("get k"), "value v", "the holder lives");
    assert_eq!(
        word.load(SeqCst),
        holder | WAITERS,
        "the lock is still the holder's"
    );
    lock::release(word);
    assert_eq!(writer.reply(), "stored", "the writer's reply");
    assert_eq!(reader.ask("get k"), "value w", "the value behind it");
    let stats = cache.stats();
    assert_eq!(
        (stats.recoveries, stats.corruptions),
        (0, 0),
        "recoveries and corruptions"
    );
}

/// The lock of a dead holder, half an entry, a lost tag: the next writer repairs it all, a reader that needs it too.
#[phase7::test(points = 2, rule = 17, timeout_s = 60)]
fn an_inherited_set_is_repaired_before_it_is_used() {
    let fixture = Fixture::new(32, 88);
    let cache = fixture.open();
    for number in 0..10 {
        set(&cache, &format!("k{number}"), &format!("value {number}"));
    }
    let image = fixture.image();
    let odd_at = image.slot_of("k3");
    // Nobody has had this number.
    image.write(4096, &77_777_u32.to_le_bytes());
    image.write(odd_at, &(image.u64(odd_at) + 1).to_le_bytes());
    image.write(4096 + 64 + 2 * 5, &[0, 0]);
    image.write(4096 + 64 + 2 * 20, &[9, 9]);
    assert_eq!(
        get(&cache, "k4").as_deref(),
        Some("value 4"),
        "a read needs no repair"
    );
    assert_eq!(image.u32(4096) & !WAITERS, 77_777, "and does not touch the lock");
    set(&cache, "new", "n");
    let there: Vec<bool> = (0..10)
        .map(|number| get(&cache, &format!("k{number}")).is_some())
        .collect();
    let expected: Vec<bool> = (0..10).map(|number| number != 3 && number != 5).collect();
    assert_eq!(there, expected, "which entries are left");
    let stats = cache.stats();
    assert_eq!(
        (stats.recoveries, stats.corruptions, stats.entries),
        (1, 0, 9),
        "recoveries, corruptions, entries"
    );
    assert_eq!(image.u64(odd_at) % 2, 0, "the sequence that was odd");
    // A reader that meets an odd sequence asks for the lock.
    let odd_at = image.slot_of("k7");
    image.write(4096, &(77_778 | WAITERS).to_le_bytes());
    image.write(odd_at, &(image.u64(odd_at) + 1).to_le_bytes());
    assert_eq!(
        get(&cache, "k7"),
        None,
        "the entry that was being written by the dead"
    );
    assert_eq!(cache.stats().recoveries, 2, "recoveries");
    assert_eq!(image.u32(4096), 0, "the lock at rest");
    assert_eq!(get(&cache, "k8").as_deref(), Some("value 8"), "an entry in order");
}

/// A hundred sets, a hundred dead holders.
#[phase7::test(points = 1, rule = 16, timeout_s = 120)]
fn every_lock_of_the_dead_is_had() {
    let fixture = Fixture::new(32 * 20, 88);
    let cache = fixture.open();
    let image = fixture.image();
    for number in 0..200 {
        set(&cache, &format!("k{number}"), "v");
    }
    for index in 0..image.set_count() {
        image.write(image.set_at(index), &(1_000_000 + index as u32).to_le_bytes());
    }
    let started = std::time::Instant::now();
    for number in 0..200 {
        set(&cache, &format!("k{number}"), "w");
    }
    assert!(
        started.elapsed() < Duration::from_secs(20),
        "a second for each of 20 locks"
    );
    assert_eq!(cache.stats().recoveries, image.set_count(), "recoveries");
    assert_eq!(cache.check(), 0, "damaged entries");
    for number in 0..200 {
        assert_eq!(
            get(&cache, &format!("k{number}")).as_deref(),
            Some("w"),
            "the value of k{number}"
        );
    }
}
