//! The open tests, easiest first.
#![allow(clippy::duplicate_mod, reason = "the test files share support modules")]

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use phase7::process::Signal;
use shm_cache::digest::Key;
use shm_cache::layout::{Config, Geometry, Header};
use shm_cache::lock::{self, Acquired, Owners, Wake, Word};
use shm_cache::set::{Lookup, Set};
use shm_cache::slot::{Found, Slot};
use shm_cache::{CacheError, OpenError, SharedCache};

#[path = "support/mod.rs"]
mod support;

use support::{Fixture, get, pass, set};

/// Words that belong to this test alone.
fn words(count: usize) -> Vec<AtomicU64> {
    (0..count).map(|_| AtomicU64::new(0)).collect()
}

/// The drawn header, number by number.
#[phase7::test(points = 1, rule = 1)]
fn the_header_is_written_as_drawn() {
    let config = Config {
        slots: 33,
        slab_bytes: 88,
    };
    let geometry = Geometry::new(config).expect("a region can be so");
    assert_eq!(geometry.set_count, 2, "33 slots take two sets of 32");
    assert_eq!(geometry.set_bytes(), 128 + 32 * 128, "bytes of a set");
    assert_eq!(geometry.region_bytes(), 4096 + 2 * 4224, "bytes of the region");
    let seed = 0x1122_3344_5566_7788;
    let bytes = Header { geometry, seed }.encode();
    assert_eq!(bytes[..8], *b"SHMCACHE", "the magic number");
    let number = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
    assert_eq!(number(8), 1 | 4096 << 32, "version and bytes of the header");
    assert_eq!(number(16), 12_544, "bytes of the region");
    assert_eq!((number(24), number(32)), (2, 88), "sets and bytes of a slab");
    assert_eq!(number(40), seed, "the seed");
    let decoded = Header::decode(&bytes, 12_544).expect("it is its own");
    assert_eq!(decoded, Header { geometry, seed }, "the header read back");
}

/// A region from another time, or of another length, is refused with a reason.
#[phase7::test(points = 1, rule = 2)]
fn another_version_is_refused_by_its_number() {
    let geometry = Geometry::new(Config::default()).expect("the default can be");
    let mut bytes = Header { geometry, seed: 7 }.encode();
    let size = geometry.region_bytes();
    let longer = Header::decode(&bytes, size + 1).expect_err("the file is longer");
    assert_eq!(
        longer.to_string(),
        format!("the file has {} bytes, and its header says {size}", size + 1)
    );
    bytes[8] = 2;
    let error = Header::decode(&bytes, size).expect_err("another version");
    assert!(
        matches!(error, OpenError::Version { found: 2 }),
        "the error is {error:?}"
    );
}

/// One slot: what was written comes back, for its key alone.
#[phase7::test(points = 1, rule = 9)]
fn a_slot_gives_back_its_entry() {
    let cells = words(16);
    let slot = Slot::new(&cells, 7);
    let (key, other) = (Key::new(b"apple", 7), Key::new(b"pear", 7));
    let mut buffer = [0; 32];
    assert_eq!(slot.read(&key, &mut buffer), Found::Nothing, "an empty slot");
    slot.write(&key, b"a red one", 99);
    let value = Found::Value {
        value_bytes: 9,
        expires_ns: 99,
    };
    assert_eq!(slot.read(&key, &mut buffer), value, "the entry");
    assert_eq!(buffer[..9], *b"a red one", "the value");
    assert_eq!(slot.read(&other, &mut buffer), Found::OtherKey, "another key");
    slot.clear();
    assert_eq!(slot.read(&key, &mut buffer), Found::Nothing, "a cleared slot");
}

/// Sequence odd: hands off. Checksum wrong: damaged.
#[phase7::test(points = 1, rule = 10)]
fn a_slot_tells_when_it_cannot_be_believed() {
    use std::sync::atomic::Ordering::SeqCst;
    let cells = words(16);
    let slot = Slot::new(&cells, 7);
    let key = Key::new(b"apple", 7);
    slot.write(&key, b"a red one", 0);
    let before = cells[0].load(SeqCst);
    assert_eq!(before % 2, 0, "the sequence at rest");
    slot.write(&key, b"a green one", 0);
    assert_eq!(cells[0].load(SeqCst), before + 2, "the sequence behind a write");
    cells[0].fetch_add(1, SeqCst);
    assert_eq!(
        slot.read(&key, &mut [0; 32]),
        Found::Unstable,
        "while somebody writes"
    );
    cells[0].fetch_add(1, SeqCst);
    cells[6].fetch_xor(1 << 20, SeqCst);
    assert_eq!(
        slot.read(&key, &mut [0; 32]),
        Found::Damaged,
        "a bit of the value"
    );
}

/// A set of slots: insert, find, replace, remove.
#[phase7::test(points = 1, rule = 6)]
fn a_set_finds_what_was_put_into_it() {
    let cells = words(Set::<AtomicU64>::words(88));
    let set = Set::new(&cells, 88, 7);
    let mut buffer = [0; 88];
    for number in 0..32_u8 {
        set.insert(&Key::new(&[number], 7), &[number; 3], 0, 1);
    }
    assert_eq!(set.entries(), 32, "entries of a full set");
    for number in 0..32_u8 {
        let hit = Lookup::Hit {
            value_bytes: 3,
            expires_ns: 0,
        };
        assert_eq!(set.get(&Key::new(&[number], 7), &mut buffer), hit, "key {number}");
        assert_eq!(buffer[..3], [number; 3], "its value");
    }
    assert_eq!(
        set.get(&Key::new(b"x", 7), &mut buffer),
        Lookup::Miss,
        "another key"
    );
    assert!(set.remove(&Key::new(&[5], 7), 1), "removing a key");
    assert!(!set.remove(&Key::new(&[5], 7), 1), "removing it again");
    assert_eq!(
        set.get(&Key::new(&[5], 7), &mut buffer),
        Lookup::Miss,
        "a removed key"
    );
}

/// The hand passes by what was read, once, and takes what was not.
#[phase7::test(points = 1, rule = 13)]
fn the_clock_spares_what_was_read() {
    let cells = words(Set::<AtomicU64>::words(16));
    let set = Set::new(&cells, 16, 7);
    let key = |number: u8| [number];
    for number in 0..32 {
        set.insert(&Key::new(&key(number), 7), b"", 0, 1);
    }
    let hit = |number: u8| matches!(set.get(&Key::new(&key(number), 7), &mut []), Lookup::Hit { .. });
    assert!(hit(0) && hit(1) && hit(3), "three are read");
    set.insert(&Key::new(&key(100), 7), b"", 0, 1);
    assert!(!hit(2), "the first that was not read has gone");
    assert!(hit(100) && hit(0) && hit(1) && hit(3), "the others are there");
}

struct NoThreads;

impl Owners for NoThreads {
    fn is_gone(&self, number: u32) -> bool {
        number == 77
    }
}

/// A word without a kernel: whoever sleeps on it has waited long enough.
#[derive(Default)]
struct Plain(std::sync::atomic::AtomicU32);

impl Word for Plain {
    const SPINS: u32 = 0;

    fn load(&self, order: std::sync::atomic::Ordering) -> u32 {
        self.0.load(order)
    }

    fn compare_exchange(
        &self,
        current: u32,
        new: u32,
        success: std::sync::atomic::Ordering,
        failure: std::sync::atomic::Ordering,
    ) -> Result<u32, u32> {
        self.0.compare_exchange(current, new, success, failure)
    }

    fn swap(&self, value: u32, order: std::sync::atomic::Ordering) -> u32 {
        self.0.swap(value, order)
    }

    fn wait(&self, _: u32) -> Wake {
        Wake::TimedOut
    }

    fn wake_one(&self) {}
}

/// Free, held, released; and taken over from somebody who is gone.
#[phase7::test(points = 1, rule = 15)]
fn a_lock_is_taken_over_from_the_dead() {
    use std::sync::atomic::Ordering::SeqCst;
    let word = Plain::default();
    assert_eq!(
        lock::acquire(&word, 5, &NoThreads),
        Acquired::Clean,
        "a free lock"
    );
    assert_eq!(word.load(SeqCst), 5, "the word of a held lock");
    lock::release(&word);
    assert_eq!(word.load(SeqCst), 0, "the word of a released lock");
    word.swap(77, SeqCst);
    assert_eq!(
        lock::acquire(&word, 5, &NoThreads),
        Acquired::Inherited,
        "a dead holder's lock"
    );
    assert_eq!(word.load(SeqCst) & !lock::WAITERS, 5, "who holds it now");
}

/// The whole cache in one process.
#[phase7::test(points = 1, rule = 7)]
fn a_value_is_stored_replaced_and_removed() {
    let fixture = Fixture::new(64, 88);
    let cache = fixture.open();
    assert_eq!(get(&cache, "k"), None, "before anything is stored");
    set(&cache, "k", "one");
    assert_eq!(get(&cache, "k").as_deref(), Some("one"), "the value");
    set(&cache, "k", "another, longer than the first");
    assert_eq!(
        get(&cache, "k").as_deref(),
        Some("another, longer than the first"),
        "the new value"
    );
    assert_eq!(cache.stats().entries, 1, "entries");
    assert_eq!(cache.remove(b"k"), Ok(true), "removing it");
    assert_eq!(cache.remove(b"k"), Ok(false), "removing it again");
    assert_eq!(get(&cache, "k"), None, "a removed key");
}

/// What does not fit is refused.
#[phase7::test(points = 1, rule = 8)]
fn keys_and_values_have_limits() {
    let fixture = Fixture::new(64, 88);
    let cache = fixture.open();
    assert_eq!(cache.set(b"", b"v", None), Err(CacheError::KeyEmpty));
    let entry = CacheError::EntryTooLarge {
        bytes: 96,
        slab_bytes: 88,
    };
    assert_eq!(cache.set(b"k", &[7; 81], None), Err(entry), "81 bytes and a key");
    assert_eq!(cache.set(b"k", &[7; 80], None), Ok(()), "80 bytes and a key");
    let short = CacheError::BufferTooShort { value_bytes: 80 };
    assert_eq!(cache.get(b"k", &mut [0; 79]), Err(short), "a buffer of 79 bytes");
    assert_eq!(
        cache.get(b"k", &mut [0; 80]),
        Ok(Some(&[7; 80][..])),
        "a buffer of 80 bytes"
    );
}

/// By the clock that the handle was given.
#[phase7::test(points = 1, rule = 11)]
fn an_entry_expires() {
    let fixture = Fixture::new(64, 88);
    let (cache, now_ns) = fixture.open_with_clock();
    cache
        .set(b"k", b"v", Some(Duration::from_secs(60)))
        .expect("it fits");
    pass(&now_ns, Duration::from_secs(60) - Duration::from_nanos(1));
    assert_eq!(get(&cache, "k").as_deref(), Some("v"), "a nanosecond before");
    pass(&now_ns, Duration::from_nanos(1));
    assert_eq!(get(&cache, "k"), None, "at the time");
}

/// Another process, another mapping, the same values.
#[phase7::test(points = 1, rule = 4)]
fn processes_share_a_region() {
    let fixture = Fixture::new(64, 88);
    let cache = fixture.open();
    set(&cache, "k", "from the test");
    let output = fixture.run("get", ["k"]).expect_code(0);
    assert_eq!(output.stdout(), "from the test\n", "what `get` prints");
    fixture.run("set", ["k", "from outside"]).expect_code(0);
    assert_eq!(
        get(&cache, "k").as_deref(),
        Some("from outside"),
        "what `set` left"
    );
    fixture.run("remove", ["k"]).expect_code(0);
    fixture.run("get", ["k"]).expect_code(1);
}

/// A file that is there is left alone.
#[phase7::test(points = 1, rule = 3)]
fn a_region_is_made_once() {
    let fixture = Fixture::new(64, 88);
    set(&fixture.open(), "k", "v");
    let Err(error) = SharedCache::create(&fixture.path(), fixture.config) else {
        panic!("a second region was made over the first");
    };
    assert!(
        error.to_string().starts_with("cannot make the file: "),
        "the error is {error}"
    );
    let again = SharedCache::open_or_create(&fixture.path(), fixture.config).expect("it is there");
    assert_eq!(get(&again, "k").as_deref(), Some("v"), "what was in it");
}

/// A process that was killed while it wrote leaves a lock and half an entry.
#[phase7::test(points = 2, rule = 16, timeout_s = 60)]
fn what_a_killed_writer_leaves_is_repaired() {
    let fixture = Fixture::new(64, 88);
    let cache = fixture.open();
    set(&cache, "k", "v");
    let image = fixture.image();
    let (lock_at, slot_at) = (image.set_at(image.set_of("k")), image.slot_of("k"));
    // Its number: the next one that the counter gives.
    let number = image.u64(64) as u32;
    let writer = fixture.session();
    image.write(lock_at, &number.to_le_bytes());
    image.write(slot_at, &(image.u64(slot_at) + 1).to_le_bytes());
    writer.running.signal(Signal::SIGKILL);
    assert_eq!(get(&cache, "k"), None, "the entry that was being written");
    set(&cache, "k", "w");
    assert_eq!(get(&cache, "k").as_deref(), Some("w"), "a new value");
    assert_eq!(cache.stats().recoveries, 1, "locks that were taken over");
    assert_eq!(image.u32(lock_at), 0, "the lock at rest");
}
