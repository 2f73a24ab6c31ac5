//! Flipped bits and garbage.

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

use shm_cache::SharedCache;
use shm_cache::digest::Key;
use shm_cache::set::{Lookup, Set};
use shm_cache::slot::{Found, Slot};

use super::support::{DEADLINE, Fixture, Image, get, set};

/// A region with one entry, and its slot.
fn with_one_entry() -> (Fixture, SharedCache, Image, u64) {
    let fixture = Fixture::new(32, 88);
    let cache = fixture.open();
    set(&cache, "colour", "green as grass");
    set(&cache, "another", "untouched");
    let image = fixture.image();
    let slot_at = image.slot_of("colour");
    (fixture, cache, image, slot_at)
}

/// Each bit of lengths, time, checksum, key, value and what they are filled with.
#[phase7::test(points = 2, rule = 14, timeout_s = 60)]
fn every_flipped_bit_is_a_miss_and_counted() {
    let (_fixture, cache, image, slot_at) = with_one_entry();
    let mut corruptions = 0;
    for at in (8..32).chain(40..64) {
        for bit in 0..8 {
            image.flip(slot_at + at, bit);
            corruptions += 1;
            match bit % 3 {
                0 => assert_eq!(
                    get(&cache, "colour"),
                    None,
                    "get, byte {at} of the slot, bit {bit}"
                ),
                1 => assert_eq!(
                    cache.remove(b"colour"),
                    Ok(false),
                    "remove, byte {at} of the slot, bit {bit}"
                ),
                _ => {}
            }
            set(&cache, "colour", "green as grass");
            assert_eq!(
                cache.stats().corruptions,
                corruptions,
                "corruptions, byte {at} of the slot, bit {bit}"
            );
            assert_eq!(
                get(&cache, "colour").as_deref(),
                Some("green as grass"),
                "stored anew, byte {at}, bit {bit}"
            );
            assert_eq!(
                image.slot_of("colour"),
                slot_at,
                "the slot, which was empty again"
            );
        }
    }
    assert_eq!(
        get(&cache, "another").as_deref(),
        Some("untouched"),
        "the other entry"
    );
    assert_eq!(cache.stats().entries, 2, "entries");
}

/// A sequence that nobody will make even, and words that mean nothing.
#[phase7::test(points = 1, rule = 14)]
fn an_odd_sequence_without_a_writer_is_damage() {
    let (_fixture, cache, image, slot_at) = with_one_entry();
    image.flip(slot_at, 0);
    assert_eq!(get(&cache, "colour"), None, "an odd sequence");
    let stats = cache.stats();
    assert_eq!(
        (stats.corruptions, stats.recoveries, stats.entries),
        (1, 0, 1),
        "corruptions, recoveries, entries"
    );
    set(&cache, "colour", "blue");
    image.flip(slot_at, 7);
    image.flip(slot_at + 33, 7);
    image.write(slot_at + 80, &[0xee; 48]);
    assert_eq!(
        get(&cache, "colour").as_deref(),
        Some("blue"),
        "another even sequence, a strange referenced word, and bytes behind the value"
    );
    assert_eq!(cache.stats().corruptions, 1, "corruptions");
}

/// What lies where no request looks.
#[phase7::test(points = 1, rule = 14)]
fn check_finds_what_no_request_meets() {
    let (fixture, cache, image, slot_at) = with_one_entry();
    for number in 0..10 {
        set(&cache, &number.to_string(), "v");
    }
    assert_eq!(cache.check(), 0, "a region in order");
    let index = (slot_at - image.slot_at(0, 0)) / image.slot_bytes();
    // A tag that is no key's, one for an empty slot, an entry without a tag, and a damaged entry.
    image.write(image.set_at(0) + 64 + 2 * index, &[1, 0]);
    image.write(image.set_at(0) + 64 + 2 * 20, &[7, 7]);
    image.write(image.set_at(0) + 64 + 2 * 5, &[0, 0]);
    image.flip(image.slot_at(0, 3) + 41, 2);
    image.flip(image.slot_at(0, 31), 0);
    let output = fixture.run("check", []).expect_code(1);
    assert_eq!(output.stdout(), "5 damaged\n", "what `check` prints");
    assert_eq!(
        fixture.run("check", []).expect_code(0).stdout(),
        "0 damaged\n",
        "a second time"
    );
    let stats = cache.stats();
    assert_eq!(
        (stats.corruptions, stats.entries),
        (5, 9),
        "corruptions and entries"
    );
    assert_eq!(get(&cache, "colour"), None, "the entry with the wrong tag");
    assert_eq!(
        get(&cache, "another").as_deref(),
        Some("untouched"),
        "an entry in order"
    );
}

/// Lengths that would reach out of the slab, with or without a checksum that fits.
#[phase7::test(points = 1, rule = 10)]
fn lengths_are_not_believed() {
    let key = Key::new(b"k", 5);
    for (key_bytes, value_bytes) in [
        (1_u64, 81_u64),
        (1, 1 << 31),
        (1, u64::from(u32::MAX)),
        (255, 80),
        (256, 0),
        (0xffff, 0),
        (0, 1),
        (96, 0),
    ] {
        let cells: Vec<AtomicU64> = (0..16).map(|_| AtomicU64::new(0)).collect();
        let slot = Slot::new(&cells, 5);
        slot.write(&key, b"v", 0);
        cells[1].store(key_bytes | value_bytes << 32, SeqCst);
        let found = slot.read(&key, &mut [0; 128]);
        assert_eq!(found, Found::Damaged, "lengths {key_bytes} and {value_bytes}");
        assert_eq!(
            slot.sound_hash(),
            None,
            "the hash, lengths {key_bytes} and {value_bytes}"
        );
    }
    let cells: Vec<AtomicU64> = (0..16).map(|_| AtomicU64::new(0)).collect();
    let slot = Slot::new(&cells, 5);
    slot.write(&Key::new(b"another", 5), b"v", 0);
    assert_eq!(slot.read(&key, &mut [0; 8]), Found::OtherKey, "another key");
    cells[5].fetch_xor(1, SeqCst);
    assert_eq!(
        slot.read(&key, &mut [0; 8]),
        Found::Damaged,
        "another key, with a flipped bit"
    );
}

/// Sets full of random words, in memory of the test.
#[phase7::test(points = 2, rule = 14, timeout_s = 60)]
fn no_garbage_makes_a_set_panic() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for round in 0..300_u64 {
        // Some words are small, some large, and some zero, so that lengths of all kinds come up.
        let cells: Vec<AtomicU64> = (0..Set::<AtomicU64>::words(40))
            .map(|_| AtomicU64::new(next() >> (next() % 65).min(63)))
            .collect();
        let set = Set::new(&cells, 40, round);
        // Tags that agree, so that every slot is looked at.
        let name = [round as u8, 7];
        let key = Key::new(&name, round);
        for cell in &cells[8..16] {
            cell.store(u64::from(key.tag()) * 0x0001_0001_0001_0001, SeqCst);
        }
        let mut buffer = [0; 64];
        set.get(&key, &mut buffer);
        match round % 4 {
            0 => assert_eq!(
                set.get_locked(&key, &mut buffer),
                Lookup::Miss,
                "the key in round {round}"
            ),
            1 => set.repair(),
            2 => assert!(!set.remove(&key, 1), "removing the key in round {round}"),
            _ => {}
        }
        set.insert(&key, b"value", 0, next());
        let hit = Lookup::Hit {
            value_bytes: 5,
            expires_ns: 0,
        };
        assert_eq!(
            set.get(&key, &mut buffer),
            hit,
            "the key behind its insertion in round {round}"
        );
        set.check();
        assert_eq!(set.check(), 0, "a second check in round {round}");
        assert_eq!(set.get(&key, &mut buffer), hit, "the key behind the checks");
    }
}

/// A whole region of random bytes behind a good header, locks included.
#[phase7::test(points = 1, rule = 14, timeout_s = 60)]
fn a_region_of_garbage_is_put_in_order() {
    let fixture = Fixture::new(64, 88);
    let image = fixture.image();
    let mut state = 1_u32;
    let garbage: Vec<u8> = (4096..image.len())
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .collect();
    image.write(4096, &garbage);
    for number in 0..20 {
        let key = format!("k{number}");
        let output = fixture
            .program("set")
            .args([key.as_str(), "v"])
            .deadline(DEADLINE)
            .run();
        output.expect_code(0);
        assert_eq!(
            fixture.run("get", [&key]).expect_code(0).stdout(),
            "v\n",
            "the value of {key}"
        );
    }
    fixture.run("check", []).expect_code(0);
    let stats = fixture.open().stats();
    assert!(
        stats.entries >= 20 && stats.entries <= 64,
        "{} entries",
        stats.entries
    );
}
