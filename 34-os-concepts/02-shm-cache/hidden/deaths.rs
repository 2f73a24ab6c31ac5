//! A writer that dies at each of its stores, simulated: the words live in this process, and one that has run out of
//! stores panics. A process that is killed leaves the same words behind.

use std::cell::Cell as StdCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};

use shm_cache::cell::Cell;
use shm_cache::digest::{Key, tag_of};
use shm_cache::layout::control;
use shm_cache::set::{Lookup, Set};

const SEED: u64 = 11;
const SLAB_BYTES: u32 = 40;

thread_local! {
    /// Stores that are left to this life.
    static STORES_LEFT: StdCell<u64> = const { StdCell::new(u64::MAX) };
}

/// A word whose writer dies when its stores are used up.
struct Mortal(AtomicU64);

/// What a death is told by.
struct Death;

impl Cell for Mortal {
    fn load(&self, order: Ordering) -> u64 {
        self.0.load(order)
    }

    fn store(&self, value: u64, order: Ordering) {
        let left = STORES_LEFT.get();
        if left == 0 {
            std::panic::panic_any(Death);
        }
        STORES_LEFT.set(left - 1);
        self.0.store(value, order);
    }

    fn fence(order: Ordering) {
        std::sync::atomic::fence(order);
    }
}

/// Lets `act` make `stores` stores at most; whether it came to its end.
fn live(stores: u64, act: impl FnOnce()) -> bool {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let others = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !panic.payload().is::<Death>() {
                others(panic);
            }
        }));
    });
    STORES_LEFT.set(stores);
    let result = catch_unwind(AssertUnwindSafe(act));
    STORES_LEFT.set(u64::MAX);
    match result {
        Ok(()) => true,
        Err(payload) if payload.is::<Death>() => false,
        Err(payload) => std::panic::resume_unwind(payload),
    }
}

fn copy(cells: &[Mortal]) -> Vec<Mortal> {
    let words = cells.iter().map(|cell| cell.0.load(Ordering::SeqCst));
    words.map(|word| Mortal(AtomicU64::new(word))).collect()
}

fn over(cells: &[Mortal]) -> Set<'_, Mortal> {
    Set::new(cells, SLAB_BYTES, SEED)
}

/// The value of a key.
fn value(set: &Set<'_, Mortal>, name: &str) -> Option<String> {
    let mut buffer = [0; 64];
    match set.get(&Key::new(name.as_bytes(), SEED), &mut buffer) {
        Lookup::Hit { value_bytes, .. } => Some(String::from_utf8_lossy(&buffer[..value_bytes]).into_owned()),
        Lookup::Miss => None,
        Lookup::Unsure => Some("unsure".to_owned()),
    }
}

fn insert(set: &Set<'_, Mortal>, name: &str, value: &str) {
    set.insert(&Key::new(name.as_bytes(), SEED), value.as_bytes(), 0, 1);
}

/// A set with this many entries.
fn filled(entries: usize) -> Vec<Mortal> {
    let cells: Vec<Mortal> = (0..Set::<Mortal>::words(SLAB_BYTES))
        .map(|_| Mortal(AtomicU64::new(0)))
        .collect();
    for number in 0..entries {
        insert(&over(&cells), &format!("k{number}"), &format!("value {number}"));
    }
    cells
}

/// Everything that must hold behind a repair. `free` are the keys whose value may be missing.
fn assert_in_order(cells: &[Mortal], entries: usize, free: &[&str], when: &str) {
    let set = over(cells);
    for number in 0..entries {
        let name = format!("k{number}");
        if !free.contains(&name.as_str()) {
            assert_eq!(
                value(&set, &name),
                Some(format!("value {number}")),
                "{name}, {when}"
            );
        }
    }
    for index in 0..32 {
        let slot_at = 16 + index * (cells.len() - 16) / 32;
        let word = |at: usize| cells[at].0.load(Ordering::SeqCst);
        let tag = (word(8 + index / 4) >> (index % 4 * 16)) as u16;
        assert_eq!(word(slot_at) % 2, 0, "the sequence of slot {index}, {when}");
        assert_eq!(
            tag == 0,
            word(slot_at + 1) == 0,
            "tag and lengths of slot {index}, {when}"
        );
    }
    assert_eq!(set.check(), 0, "damaged entries, {when}");
}

/// Runs `act` on a copy of `cells` with every number of stores, and looks at what a repair makes of it.
fn at_each_store(cells: &[Mortal], act: impl Fn(&Set<'_, Mortal>), look: impl Fn(&[Mortal], &str)) {
    for stores in 0.. {
        assert!(stores < 1000, "an operation of a thousand stores");
        let left = copy(cells);
        let lived = live(stores, || act(&over(&left)));
        let when = format!("when it died behind {stores} stores");
        let recoveries = over(&left).counter(control::RECOVERIES);
        over(&left).repair();
        assert_eq!(
            over(&left).counter(control::RECOVERIES),
            recoveries + 1,
            "recoveries, {when}"
        );
        look(&left, &when);
        if lived {
            break;
        }
    }
}

/// A new entry: there or not, and the others are.
#[phase7::test(points = 2, rule = 16)]
fn an_insertion_may_be_cut_off_anywhere() {
    let cells = filled(20);
    let act = |set: &Set<'_, Mortal>| insert(set, "new", "the value of the new one");
    at_each_store(&cells, act, |left, when| {
        assert_in_order(left, 20, &[], when);
        let found = value(&over(left), "new");
        assert!(
            found.is_none() || found.as_deref() == Some("the value of the new one"),
            "{found:?}, {when}"
        );
        insert(&over(left), "new", "again");
        assert_eq!(
            value(&over(left), "new").as_deref(),
            Some("again"),
            "set again, {when}"
        );
        assert_eq!(over(left).entries(), 21, "entries, {when}");
    });
}

/// A replaced entry: the old one, the new one, or none.
#[phase7::test(points = 1, rule = 16)]
fn a_replacement_may_be_cut_off_anywhere() {
    let cells = filled(32);
    let act = |set: &Set<'_, Mortal>| insert(set, "k7", "another value for it");
    at_each_store(&cells, act, |left, when| {
        assert_in_order(left, 32, &["k7"], when);
        let found = value(&over(left), "k7");
        let possible = [
            None,
            Some("value 7".to_owned()),
            Some("another value for it".to_owned()),
        ];
        assert!(possible.contains(&found), "{found:?}, {when}");
    });
}

/// An eviction: one entry may go, and the new one may come.
#[phase7::test(points = 1, rule = 16)]
fn an_eviction_may_be_cut_off_anywhere() {
    let cells = filled(32);
    for name in ["k0", "k1", "k2"] {
        assert!(value(&over(&cells), name).is_some(), "{name} is read");
    }
    let act = |set: &Set<'_, Mortal>| insert(set, "new", "n");
    at_each_store(&cells, act, |left, when| {
        assert_in_order(left, 32, &["k3"], when);
        let both = (value(&over(left), "k3"), value(&over(left), "new"));
        let both = (both.0.as_deref(), both.1.as_deref());
        let possible = [(Some("value 3"), None), (None, None), (None, Some("n"))];
        assert!(possible.contains(&both), "{both:?}, {when}");
    });
}

/// A removal: the entry is there or not.
#[phase7::test(points = 1, rule = 16)]
fn a_removal_may_be_cut_off_anywhere() {
    let cells = filled(20);
    let act = |set: &Set<'_, Mortal>| {
        set.remove(&Key::new(b"k7", SEED), 1);
    };
    at_each_store(&cells, act, |left, when| {
        assert_in_order(left, 20, &["k7"], when);
        let found = value(&over(left), "k7");
        assert!(
            found.is_none() || found.as_deref() == Some("value 7"),
            "{found:?}, {when}"
        );
    });
}

/// Whoever repairs may die as well, anywhere; and so may the next.
#[phase7::test(points = 1, rule = 17, timeout_s = 60)]
fn a_repair_may_be_cut_off_anywhere() {
    let cells = filled(20);
    for stores in 1..=6 {
        let left = copy(&cells);
        assert!(
            !live(stores, || insert(&over(&left), "k7", "a value of another length")),
            "the writer died"
        );
        // And another one before, in another slot.
        left[16 + (left.len() - 16) / 32 * 3]
            .0
            .fetch_add(1, Ordering::SeqCst);
        let act = |set: &Set<'_, Mortal>| set.repair();
        at_each_store(&left, act, |repaired, when| {
            assert_in_order(repaired, 20, &["k7", "k3"], when);
            assert_eq!(
                value(&over(repaired), "k3"),
                None,
                "the slot that was odd, {when}"
            );
        });
    }
}

/// What is in order stays, bit by bit.
#[phase7::test(points = 1, rule = 17)]
fn a_repair_leaves_alone_what_is_in_order() {
    let cells = filled(25);
    over(&cells).remove(&Key::new(b"k4", SEED), 1);
    assert!(value(&over(&cells), "k9").is_some(), "one is read");
    let before: Vec<u64> = cells.iter().map(|cell| cell.0.load(Ordering::SeqCst)).collect();
    over(&cells).repair();
    let after: Vec<u64> = cells.iter().map(|cell| cell.0.load(Ordering::SeqCst)).collect();
    let changed: Vec<usize> = (1..before.len()).filter(|&at| before[at] != after[at]).collect();
    assert_eq!(changed, [control::RECOVERIES], "the words that a repair changes");
    // An entry without a tag, a tag without an entry, another key's tag, and a damaged one.
    let slot_at = |index: usize| 16 + (cells.len() - 16) / 32 * index;
    let retag = |index: usize, tag: u16| {
        let cell = &cells[8 + index / 4].0;
        let word = cell.load(Ordering::SeqCst) & !(0xffff << (index % 4 * 16));
        cell.store(word | u64::from(tag) << (index % 4 * 16), Ordering::SeqCst);
    };
    retag(1, 0);
    retag(28, 99);
    retag(2, tag_of(Key::new(b"k2", SEED).hash).wrapping_add(1).max(1));
    cells[slot_at(3) + 6].0.fetch_xor(1, Ordering::SeqCst);
    over(&cells).repair();
    assert_in_order(&cells, 25, &["k1", "k2", "k3", "k4"], "behind the repair");
    let gone = ["k1", "k2", "k3"].map(|name| value(&over(&cells), name));
    assert_eq!(gone, [None, None, None], "the entries that were not in order");
}
