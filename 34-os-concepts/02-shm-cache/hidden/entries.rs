//! Keys, values, times, the hand.

use std::collections::HashMap;
use std::fs;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::Duration;

use shm_cache::digest::{Digest, Key};
use shm_cache::layout::control;
use shm_cache::set::{Lookup, Set};
use shm_cache::slot::{Found, Slot};
use shm_cache::{CacheError, SharedCache};

use super::support::{Fixture, SET_SLOTS, get, pass, set};

/// The set of a hash, at both ends, and the slots in their order.
#[phase7::test(points = 2, rule = 6)]
fn keys_lie_where_their_hash_says() {
    let fixture = Fixture::new(32 * 7, 16);
    let cache = fixture.open();
    let image = fixture.image();
    let geometry = shm_cache::layout::Geometry::new(fixture.config).expect("it can be");
    assert_eq!(geometry.set_at(0), 4096, "the set of hash 0");
    assert_eq!(
        geometry.set_at(u64::MAX),
        4096 + 6 * geometry.set_bytes(),
        "the set of the last hash"
    );
    let seventh = (1_u128 << 64) / 7;
    assert_eq!(
        geometry.set_at(seventh as u64 + 1),
        4096 + geometry.set_bytes(),
        "behind a seventh"
    );
    let mut filled: HashMap<u64, u64> = HashMap::new();
    for number in 0..60 {
        let key = format!("k{number}");
        set(&cache, &key, "v");
        let (home, tag) = (image.set_of(&key), Key::new(key.as_bytes(), image.seed()).tag());
        let slot = filled.entry(home).or_default();
        assert_eq!(
            image.tag(home, *slot),
            tag,
            "the tag of {key} in slot {slot} of set {home}"
        );
        assert_eq!(
            image.bytes::<3>(image.slot_at(home, *slot) + 40)[..key.len()],
            *key.as_bytes(),
            "the key"
        );
        *slot += 1;
    }
    // A hole is filled before the end grows.
    let home = image.set_of("k0");
    let before: Vec<u16> = (0..SET_SLOTS).map(|index| image.tag(home, index)).collect();
    assert_eq!(cache.remove(b"k0"), Ok(true), "removing the first");
    assert_eq!(image.tag(home, 0), 0, "its tag");
    let key = (100..)
        .map(|number| format!("k{number}"))
        .find(|key| image.set_of(key) == home);
    let key = key.expect("there are many");
    set(&cache, &key, "v");
    let after: Vec<u16> = (1..SET_SLOTS).map(|index| image.tag(home, index)).collect();
    assert_eq!(
        image.tag(home, 0),
        Key::new(key.as_bytes(), image.seed()).tag(),
        "who has its slot"
    );
    assert_eq!(after, before[1..], "the other tags");
}

/// The bytes of an entry, compared with what the drawing says.
#[phase7::test(points = 2, rule = 9)]
fn an_entry_has_the_bytes_drawn() {
    for (key, value, expires_ns) in [
        (&b"abc"[..], &b"0123456789"[..], 0),
        (&b"12345678"[..], &b""[..], 77),
        (&[0xff; 9][..], &[0; 24][..], u64::MAX),
        (&b"k"[..], &b"0123456789abcdef"[..], 1),
    ] {
        let cells: Vec<AtomicU64> = (0..16).map(|_| AtomicU64::new(u64::MAX)).collect();
        cells[0].store(40, SeqCst);
        cells[4].store(1, SeqCst);
        let key = Key::new(key, 99);
        Slot::new(&cells, 99).write(&key, value, expires_ns);
        let words: Vec<u64> = cells.iter().map(|cell| cell.load(SeqCst)).collect();
        assert_eq!(words[0], 42, "the sequence behind 40");
        assert_eq!(
            words[1],
            key.bytes.len() as u64 | (value.len() as u64) << 32,
            "the lengths"
        );
        assert_eq!(words[2], expires_ns, "expires");
        let padded = |bytes: &[u8]| -> Vec<u64> {
            let chunks = bytes.chunks(8).map(|chunk| {
                let mut word = [0; 8];
                word[..chunk.len()].copy_from_slice(chunk);
                u64::from_le_bytes(word)
            });
            chunks.collect()
        };
        let (key_words, mut value_words) = (padded(key.bytes), padded(value));
        let data = [key_words, value_words.clone()].concat();
        assert_eq!(words[5..5 + data.len()], data, "key and value");
        if value_words.len() % 2 == 1 {
            value_words.push(0);
        }
        let mut digest = Digest::new(key.hash);
        digest.pair(words[1], words[2]);
        value_words
            .chunks(2)
            .for_each(|pair| digest.pair(pair[0], pair[1]));
        assert_eq!(words[3], digest.finish(), "the checksum");
        assert_eq!(
            words[4], 1,
            "the referenced word, which is not the entry's business"
        );
    }
    let cells: Vec<AtomicU64> = (0..16).map(|_| AtomicU64::new(0)).collect();
    let slot = Slot::new(&cells, 99);
    slot.write(&Key::new(b"k", 99), b"v", 0);
    slot.clear();
    assert_eq!(cells[0].load(SeqCst), 4, "the sequence behind two changes");
    assert_eq!(cells[1].load(SeqCst), 0, "the lengths of no entry");
    // A writer has died in it.
    cells[0].store(7, SeqCst);
    slot.write(&Key::new(b"k", 99), b"v", 0);
    assert_eq!(
        cells[0].load(SeqCst),
        8,
        "the sequence behind one that was odd already"
    );
}

/// Keys that differ in a zero byte or in their length alone, and values of every length.
#[phase7::test(points = 1, rule = 7)]
fn any_bytes_are_a_key_and_a_value() {
    let fixture = Fixture::new(320, 344);
    let cache = fixture.open();
    let mut buffer = [0; 400];
    let keys: Vec<Vec<u8>> = [1, 2, 7, 8, 9, 16, 255]
        .into_iter()
        .flat_map(|bytes| [vec![0; bytes], vec![0xff; bytes]])
        .chain([b"a".to_vec(), b"a\0".to_vec(), b"\0a".to_vec()])
        .collect();
    for (number, key) in keys.iter().enumerate() {
        cache.set(key, &[number as u8; 3], None).expect("it fits");
    }
    for (number, key) in keys.iter().enumerate() {
        let value = cache.get(key, &mut buffer).expect("a key that can be");
        assert_eq!(value, Some(&[number as u8; 3][..]), "the value of {key:?}");
    }
    let long: Vec<u8> = (0..=255).cycle().take(336).collect();
    for bytes in (0..=336).chain((0..=336).rev().step_by(5)) {
        cache.set(b"a", &long[..bytes], None).expect("it fits");
        let value = cache.get(b"a", &mut buffer).expect("a key that can be");
        assert_eq!(value, Some(&long[..bytes]), "a value of {bytes} bytes");
        let exact = cache
            .get(b"a", &mut buffer[..bytes])
            .map(|value| value.map(<[u8]>::len));
        assert_eq!(exact, Ok(Some(bytes)), "into a buffer of {bytes} bytes");
    }
    assert_eq!(
        cache.remove(b"a\0"),
        Ok(true),
        "removing a key that ends with zero"
    );
    assert!(
        cache.get(b"a", &mut buffer).unwrap().is_some(),
        "the key without it"
    );
}

/// What is refused changes nothing.
#[phase7::test(points = 1, rule = 8)]
fn what_is_refused_changes_nothing() {
    let fixture = Fixture::new(64, 264);
    let cache = fixture.open();
    let mut buffer = [0; 300];
    set(&cache, "k", "kept");
    let too_large = |bytes| CacheError::EntryTooLarge {
        bytes,
        slab_bytes: 264,
    };
    assert_eq!(
        cache.set(b"k", &[0; 257], None),
        Err(too_large(272)),
        "257 bytes and a key"
    );
    assert_eq!(
        cache.set(b"k", &vec![0; 1 << 21], None),
        Err(too_large(8 + (1 << 21))),
        "2 MiB"
    );
    assert_eq!(
        get(&cache, "k").as_deref(),
        Some("kept"),
        "the value that was there"
    );
    let long = [b'x'; 256];
    assert_eq!(
        cache.set(&long[..255], b"12345678", None),
        Ok(()),
        "255 bytes and 8"
    );
    assert_eq!(
        cache.set(&long[..255], b"123456789", None),
        Err(too_large(272)),
        "255 bytes and 9"
    );
    let value = cache.get(&long[..255], &mut buffer);
    assert_eq!(value, Ok(Some(&b"12345678"[..])), "the value of the longest key");
    let too_long = CacheError::KeyTooLong { bytes: 256 };
    assert_eq!(cache.set(&long, b"", None), Err(too_long), "set, 256 bytes");
    assert_eq!(cache.get(&long, &mut buffer), Err(too_long), "get, 256 bytes");
    assert_eq!(cache.remove(&long), Err(too_long), "remove, 256 bytes");
    assert_eq!(
        cache.get(b"", &mut buffer),
        Err(CacheError::KeyEmpty),
        "get, no bytes"
    );
    assert_eq!(cache.remove(b""), Err(CacheError::KeyEmpty), "remove, no bytes");
    let short = CacheError::BufferTooShort { value_bytes: 4 };
    assert_eq!(cache.get(b"k", &mut []), Err(short), "no buffer");
    assert_eq!(cache.get(b"nobody", &mut []), Ok(None), "no buffer, and no value");
    assert_eq!(cache.stats().entries, 2, "entries");
    // The smallest slab: a word for the key, and one for the value.
    let smallest = Fixture::new(1, 16);
    let cache = smallest.open();
    assert_eq!(cache.set(b"12345678", b"12345678", None), Ok(()), "8 bytes and 8");
    let error = CacheError::EntryTooLarge {
        bytes: 24,
        slab_bytes: 16,
    };
    assert_eq!(cache.set(b"123456789", b"1", None), Err(error), "9 bytes and 1");
}

/// No time, all the time, another time.
#[phase7::test(points = 1, rule = 11)]
fn times_to_live_have_edges() {
    let fixture = Fixture::new(64, 88);
    let (cache, now_ns) = fixture.open_with_clock();
    let store = |key: &[u8], ttl| cache.set(key, b"v", ttl).expect("it fits");
    store(b"at once", Some(Duration::ZERO));
    assert_eq!(get(&cache, "at once"), None, "no time at all");
    store(b"never", Some(Duration::MAX));
    store(b"forgotten", Some(Duration::from_secs(1)));
    store(b"forgotten", None);
    store(b"set again", None);
    store(b"set again", Some(Duration::from_secs(1)));
    store(b"longer", Some(Duration::from_secs(1)));
    store(b"longer", Some(Duration::from_secs(3)));
    store(b"a nanosecond", Some(Duration::from_nanos(1)));
    pass(&now_ns, Duration::from_secs(2));
    let there =
        ["never", "forgotten", "set again", "longer", "a nanosecond"].map(|key| get(&cache, key).is_some());
    assert_eq!(
        there,
        [true, true, false, true, false],
        "what is there behind two seconds"
    );
    assert_eq!(cache.stats().entries, 6, "entries in their slots, expired or not");
    assert_eq!(
        cache.remove(b"set again"),
        Ok(false),
        "removing one that has expired"
    );
    assert_eq!(cache.stats().entries, 5, "entries behind that");
    now_ns.store(u64::MAX - 1, SeqCst);
    assert!(get(&cache, "never").is_some(), "nearly at the end of the clock");
    store(b"late", Some(Duration::from_secs(1)));
    assert!(get(&cache, "late").is_some(), "a time beyond the end");
    // A handle with a clock of its own.
    let (earlier, earlier_ns) = fixture.open_with_clock();
    earlier_ns.store(5, SeqCst);
    assert!(
        get(&earlier, "a nanosecond").is_some(),
        "by a clock that is behind"
    );
}

/// Not one byte of the region changes while it is read.
#[phase7::test(points = 2, rule = 12)]
fn a_get_leaves_the_region_as_it_is() {
    let fixture = Fixture::new(256, 88);
    let (cache, now_ns) = fixture.open_with_clock();
    for number in 0..100 {
        cache
            .set(
                format!("k{number}").as_bytes(),
                b"v",
                Some(Duration::from_secs(1 + number % 2)),
            )
            .expect("it fits");
    }
    let bytes = || fs::read(fixture.path()).expect("it is there");
    let before = bytes();
    assert!(get(&cache, "k1").is_some(), "the first read");
    let slot_at = fixture.image().slot_of("k1") as usize;
    let after = bytes();
    let changed: Vec<usize> = (0..before.len()).filter(|&at| before[at] != after[at]).collect();
    assert_eq!(
        changed,
        [slot_at + 32],
        "the bytes that a first read changes, from the slot's start {slot_at}"
    );
    let read_all = || {
        for number in 0..150 {
            get(&cache, &format!("k{number}"));
        }
    };
    read_all();
    let before = bytes();
    read_all();
    pass(&now_ns, Duration::from_millis(1500));
    read_all();
    assert!(cache.get(b"k1", &mut []).is_err(), "a buffer that is too short");
    assert!(bytes() == before, "reading again has changed the region");
}

/// A set as the rules tell it, without any of its tricks.
#[derive(Default)]
struct Model {
    slots: Vec<Option<(u8, u64, bool)>>,
    hand: usize,
    evictions: u64,
    expirations: u64,
}

impl Model {
    fn position(&self, key: u8) -> Option<usize> {
        self.slots
            .iter()
            .position(|slot| slot.is_some_and(|slot| slot.0 == key))
    }

    fn read(&mut self, key: u8) -> bool {
        let position = self.position(key);
        if let Some(slot) = position.and_then(|at| self.slots[at].as_mut()) {
            slot.2 = true;
        }
        position.is_some()
    }

    fn insert(&mut self, key: u8, expires: u64, now: u64) {
        if let Some(slot) = self.position(key).and_then(|at| self.slots[at].as_mut()) {
            slot.1 = expires;
            return;
        }
        let empty = self.slots.iter().position(Option::is_none);
        let at = empty.unwrap_or_else(|| self.victim(now));
        self.slots[at] = Some((key, expires, false));
    }

    fn victim(&mut self, now: u64) -> usize {
        loop {
            let at = self.hand;
            let slot = self.slots[at].as_mut().expect("the set is full");
            self.hand = (self.hand + 1) % 32;
            if slot.1 != 0 && slot.1 <= now {
                self.expirations += 1;
                return at;
            }
            if !slot.2 {
                self.evictions += 1;
                return at;
            }
            slot.2 = false;
        }
    }
}

/// Twenty thousand random steps against the model.
#[phase7::test(points = 2, rule = 13, timeout_s = 60)]
fn the_hand_goes_round_as_the_rule_says() {
    let cells: Vec<AtomicU64> = (0..Set::<AtomicU64>::words(16))
        .map(|_| AtomicU64::new(0))
        .collect();
    let set = Set::new(&cells, 16, 3);
    let mut model = Model {
        slots: vec![None; 32],
        ..Model::default()
    };
    let mut state = 88_172_645_463_325_252_u64;
    let mut below = |bound: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % bound
    };
    for now in 1..20_000_u64 {
        let key = below(48) as u8;
        let name = [key];
        let key_here = Key::new(&name, 3);
        match below(10) {
            0..4 => {
                let hit = matches!(set.get(&key_here, &mut []), Lookup::Hit { .. });
                assert_eq!(hit, model.read(key), "whether {key} is there at step {now}");
            }
            9 if below(4) == 0 => {
                set.remove(&key_here, now);
                if let Some(at) = model.position(key) {
                    model.slots[at] = None;
                }
            }
            _ => {
                let expires = if below(3) == 0 { now + below(60) } else { 0 };
                set.insert(&key_here, b"", expires, now);
                model.insert(key, expires, now);
            }
        }
        let counted = [control::HAND, control::EVICTIONS, control::EXPIRATIONS].map(|word| set.counter(word));
        let expected = [model.hand as u64, model.evictions, model.expirations];
        assert_eq!(counted, expected, "hand, evictions and expirations at step {now}");
    }
}

/// All were read: the hand clears all, and takes the one at which it began.
#[phase7::test(points = 1, rule = 13)]
fn a_full_round_of_the_hand_ends() {
    let fixture = Fixture::new(32, 16);
    let cache = fixture.open();
    for number in 0..32 {
        set(&cache, &format!("{number}"), "v");
    }
    let present = |cache: &SharedCache| -> Vec<u32> {
        let mut numbers: Vec<u32> = (0..40).collect();
        let mut buffer = [0; 8];
        numbers.retain(|number| {
            cache
                .get(number.to_string().as_bytes(), &mut buffer)
                .unwrap()
                .is_some()
        });
        numbers
    };
    assert_eq!(present(&cache).len(), 32, "a full set, all read");
    set(&cache, "32", "v");
    let there = present(&cache);
    assert_eq!(there, (1..=32).collect::<Vec<u32>>(), "behind the first eviction");
    set(&cache, "33", "v");
    assert_eq!(
        present(&cache).len(),
        32,
        "behind the second, all read again in between"
    );
    let stats = cache.stats();
    assert_eq!((stats.evictions, stats.entries), (2, 32), "evictions and entries");
}

/// Keys of one tag and one set are told apart by the keys themselves.
#[phase7::test(points = 1, rule = 9)]
fn keys_with_one_tag_are_told_apart() {
    let cells: Vec<AtomicU64> = (0..Set::<AtomicU64>::words(24))
        .map(|_| AtomicU64::new(0))
        .collect();
    let set = Set::new(&cells, 24, 3);
    let wanted = Key::new(&0_u64.to_le_bytes(), 3).tag();
    let names: Vec<[u8; 8]> = (0..)
        .map(u64::to_le_bytes)
        .filter(|name| Key::new(name, 3).tag() == wanted)
        .take(6)
        .collect();
    for (index, name) in names.iter().enumerate() {
        set.insert(&Key::new(name, 3), &[index as u8], 0, 1);
    }
    let mut buffer = [0; 8];
    for (index, name) in names.iter().enumerate() {
        let lookup = set.get(&Key::new(name, 3), &mut buffer);
        assert!(
            matches!(lookup, Lookup::Hit { value_bytes: 1, .. }),
            "key {index}: {lookup:?}"
        );
        assert_eq!(buffer[0], index as u8, "the value of key {index}");
    }
    assert!(set.remove(&Key::new(&names[2], 3), 1), "removing one of them");
    assert_eq!(
        set.get(&Key::new(&names[2], 3), &mut buffer),
        Lookup::Miss,
        "the removed one"
    );
    assert_eq!(set.entries(), 5, "the others");
    let slot_cells: Vec<AtomicU64> = (0..8).map(|_| AtomicU64::new(0)).collect();
    let slot = Slot::new(&slot_cells, 3);
    slot.write(&Key::new(&names[0], 3), b"v", 0);
    assert_eq!(
        slot.read(&Key::new(&names[1], 3), &mut buffer),
        Found::OtherKey,
        "another key of that tag"
    );
}
