//! The open tests, easiest first. Miri runs those that it can: see `hidden/hidden.rs`.

use std::path::Path;

use cache_friendly::cache::{Cache, GeometryError};
use cache_friendly::group::{DELETED, EMPTY, Group, Mask, Native, Portable};
use cache_friendly::layout::Hole;
use cache_friendly::layout_of;
use cache_friendly::numa::placement::{Policy, affinity, pin, prefer};
use cache_friendly::numa::{CpuListError, Topology, cpulist};
use cache_friendly::particles::aos::Structs;
use cache_friendly::particles::blocked::Blocks;
use cache_friendly::particles::soa::Columns;
use cache_friendly::particles::{Particle, Particles};
use cache_friendly::search::{Index, Unsorted};
use cache_friendly::sharing::{Counters, PackedCounters, PaddedCounters, conflicts};
use cache_friendly::table::Table;

#[allow(dead_code, reason = "each test file uses a part")]
#[path = "support/mod.rs"]
mod support;

use support::{Alive, Itself, control, key, nodes, simulate};

/// Fields in an order that wastes ten bytes of 24.
#[allow(dead_code, reason = "only its layout is of interest")]
#[repr(C)]
struct Careless {
    flag: u8,
    count: u64,
    kind: u16,
    state: u8,
}

/// Bytes between fields, and bytes behind the last.
#[phase7::test(points = 1, rule = 1)]
fn holes_and_tail_of_a_careless_struct() {
    let layout = layout_of!(Careless: flag, count, kind, state);
    assert_eq!(layout.holes(), [Hole { offset: 1, size: 7 }], "holes");
    assert_eq!(
        (layout.tail(), layout.padding()),
        (5, 12),
        "bytes of the tail, and of tail and holes"
    );
}

/// The same fields take 16 bytes instead of 24.
#[phase7::test(points = 1, rule = 2)]
fn the_strictest_alignment_comes_first() {
    let ordered = layout_of!(Careless: flag, count, kind, state).reordered();
    let fields: Vec<_> = ordered
        .fields()
        .iter()
        .map(|field| (field.offset, field.name))
        .collect();
    assert_eq!(
        fields,
        [(0, "count"), (8, "kind"), (10, "flag"), (11, "state")],
        "offsets and names"
    );
    assert_eq!((ordered.size(), ordered.padding()), (16, 4), "size and padding");
}

/// A pass over a field of 24-byte structs loads every line; a record is on one line or two.
#[phase7::test(points = 1, rule = 3)]
fn lines_of_a_record_and_of_a_pass() {
    let layout = layout_of!(Careless: flag, count, kind, state);
    assert_eq!(
        layout.lines_of_pass(8, &["count"]),
        Some(3),
        "8 × 24 bytes are 3 lines"
    );
    assert_eq!(layout.lines_of_pass(0, &["count"]), Some(0), "no element");
    assert_eq!(
        layout.lines_of_record(2, &["flag", "kind"]),
        Some(2),
        "element 2 begins at 48, its `kind` at 64"
    );
    assert_eq!(
        layout.lines_of_record(2, &["flag", "count"]),
        Some(1),
        "both before 64"
    );
    assert_eq!(layout.lines_of_pass(8, &["size"]), None, "no such field");
}

/// A line for each field, hole and tail.
#[phase7::test(points = 1, rule = 4)]
fn a_layout_is_drawn() {
    let layout = layout_of!(Careless: flag, count, kind, state);
    assert_eq!(
        layout.to_string(),
        "\
Careless: 24 bytes, align 8, 12 of padding
offset  size  align  field
     0     1      1  flag
     1     7         -
     8     8      8  count
    16     2      2  kind
    18     1      1  state
    19     5         -"
    );
}

/// 32 KiB in 8 ways are 64 sets; addresses 4096 apart have the same one.
#[phase7::test(points = 1, rule = 5)]
fn an_address_belongs_to_one_set() {
    let cache = Cache::new(32 << 10, 8, 64).expect("such a cache exists");
    assert_eq!(cache.sets(), 64, "sets");
    let sets = [0, 63, 64, 4095, 4096, 8192 + 65].map(|address| cache.set_of(address));
    assert_eq!(sets, [0, 0, 1, 63, 0, 1], "sets of the addresses");
    let error = Cache::new(32 << 10, 8, 48).expect_err("no line has 48 bytes");
    assert_eq!(error, GeometryError::NoPowerOfTwo);
}

/// Two ways: the third line of a set takes the place of the one that was used longest ago.
#[phase7::test(points = 1, rule = 6)]
fn a_full_set_gives_up_the_line_used_longest_ago() {
    let mut cache = Cache::new(1024, 2, 64).expect("such a cache exists");
    let mut misses =
        |addresses: &[usize]| -> usize { addresses.iter().map(|address| cache.access(*address, 8)).sum() };
    assert_eq!(misses(&[0, 512, 0, 8, 512]), 2, "two lines of set 0 have room");
    assert_eq!(misses(&[0, 1024]), 1, "1024 is a third one, and 512 goes");
    assert_eq!(misses(&[0, 1024, 512]), 1, "512 is missed, and 0 goes");
    assert_eq!(
        cache.access(512 + 60, 8),
        1,
        "on two lines, of which one is there"
    );
}

/// Runs a check for the three arrangements.
macro_rules! for_all {
    ($check:ident) => {
        $check::<Structs>("array of structs");
        $check::<Columns>("struct of arrays");
        $check::<Blocks>("blocks");
    };
}

/// A particle whose fields all differ from those of any other number.
fn particle(number: u64) -> Particle {
    let number = number as f64 * 10.0;
    Particle::from_array(std::array::from_fn(|field| number + field as f64))
}

/// Particles 0 to `count`.
fn particles<P: Particles>(count: u64) -> P {
    let mut particles = P::default();
    for number in 0..count {
        particles.push(particle(number));
    }
    particles
}

/// What is added is found, changed, and taken out.
#[phase7::test(points = 1, rule = 7)]
fn particles_are_a_list() {
    fn check<P: Particles>(name: &str) {
        let mut list: P = particles(10);
        assert_eq!((list.len(), list.get(8)), (10, Some(particle(8))), "{name}");
        assert_eq!(
            list.set(3, particle(33)),
            Some(particle(3)),
            "{name}: the old one"
        );
        assert_eq!(list.swap_remove(1), Some(particle(1)), "{name}: taken out");
        let held: Vec<_> = (0..10).map(|index| list.get(index)).collect();
        let wanted = [0, 9, 2, 33, 4, 5, 6, 7, 8].map(|number| Some(particle(number)));
        assert_eq!(held, [&wanted[..], &[None]].concat(), "{name}");
    }
    for_all!(check);
}

/// The sum is that of eight running sums, whatever the arrangement.
#[phase7::test(points = 1, rule = 8)]
fn all_arrangements_compute_the_same() {
    fn check<P: Particles>(name: &str) {
        let mut list: P = particles(10);
        assert_eq!(list.total_mass(), 510.0, "{name}: 6 + 16 + … + 96");
        // Running sum 0 is 1e16, then 1e16 + 1, which is 1e16; from left to right it would be the same.
        for (index, mass) in [1e16, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, -3.0]
            .into_iter()
            .enumerate()
        {
            list.set(
                index,
                Particle {
                    mass,
                    vx: mass,
                    ..Particle::default()
                },
            );
        }
        assert_eq!(list.total_mass(), 1e16, "{name}: 3 and -3 are of one running sum");
        list.drift(0.5);
        let places = [0, 1, 8].map(|index| list.get(index).map(|particle| particle.x));
        assert_eq!(
            places,
            [Some(5e15), Some(1.5), Some(0.5)],
            "{name}: x after a drift"
        );
    }
    for_all!(check);
}

/// A pass over the masses of 8192 particles: a line for each, or a line for eight.
#[cfg_attr(miri, ignore = "starts valgrind")]
#[phase7::test(points = 2, rule = 10, needs = "/proc, valgrind", timeout_s = 60)]
fn a_pass_over_one_field_loads_an_eighth_of_the_lines() {
    let (one, before) = simulate("soa", 8192, 1, 0);
    let (two, after) = simulate("soa", 8192, 2, 0);
    assert_eq!((one, two), (61_440, 122_880), "the masses, and twice the masses");
    let misses = after - before;
    assert!(
        (900..=1100).contains(&misses),
        "{misses} misses for 8192 masses; eight of them are a line"
    );
}

/// Lowest first.
#[phase7::test(points = 1, rule = 13)]
fn a_mask_yields_its_slots() {
    assert_eq!(Mask(0b1000_0000_0001_0010).collect::<Vec<_>>(), [1, 4, 15]);
    assert_eq!((Mask(0).any(), Mask(0).first()), (false, None));
    assert_eq!((Mask(0x8000).any(), Mask(0x8000).first()), (true, Some(15)));
}

/// One byte of sixteen, at each place.
#[phase7::test(points = 1, rule = 11)]
fn a_bit_stands_for_its_slot() {
    for slot in 0..16 {
        let mut bytes = [0x2a; 16];
        bytes[slot] = 0x15;
        let control = control(&bytes);
        let masks = [
            Portable::load(&control).matching(0x15),
            Native::load(&control).matching(0x15),
        ];
        assert_eq!(masks, [Mask(1 << slot); 2], "portable and native, slot {slot}");
    }
}

/// Tags, EMPTY and DELETED of a group, by both ways.
#[phase7::test(points = 2, rule = 12)]
fn sixteen_bytes_are_compared_at_once() {
    fn check<G: Group>(name: &str) {
        let group = G::load(&control(&[0x11, DELETED, 0x10, 0x11, EMPTY, 0, 0x11]));
        assert_eq!(
            group.matching(0x11),
            Mask(0b100_1001),
            "{name}: slots with tag 0x11"
        );
        assert_eq!(group.matching(0x12), Mask(0), "{name}: slots with tag 0x12");
        assert_eq!(group.empty(), Mask(0xff90), "{name}: EMPTY");
        assert_eq!(group.free(), Mask(0xff92), "{name}: EMPTY and DELETED");
        assert_eq!(group.full(), Mask(0b110_1101), "{name}: full");
    }
    check::<Portable>("portable");
    check::<Native>("native");
}

/// A table that counts words.
#[phase7::test(points = 2, rule = 14)]
fn a_table_counts_words() {
    let mut table = Table::new();
    assert_eq!((table.len(), table.get("the")), (0, None), "an empty table");
    for word in "the cat and the dog and the fox".split(' ') {
        *table.get_or_insert_with(word.to_owned(), || 0) += 1;
    }
    assert_eq!(
        (table.len(), table.get("the"), table.get("and")),
        (5, Some(&3), Some(&2))
    );
    assert_eq!(table.insert("cat".to_owned(), 7), Some(1), "the value before");
    assert_eq!((table.remove("cat"), table.remove("cat")), (Some(7), None));
    assert_eq!(
        (table.len(), table.contains_key("cat"), table.contains_key("dog")),
        (4, false, true)
    );
    *table.get_mut("dog").expect("there is a dog") = 9;
    assert_eq!(table.get("dog"), Some(&9));
}

/// The low bits of a hash choose the group, the seven highest are the tag.
#[phase7::test(points = 2, rule = 15)]
fn an_entry_goes_to_the_first_free_slot_of_its_search() {
    let mut table = Table::with_capacity_and_hasher(28, Itself);
    table.insert(key(0x11, 0, 1), 'a');
    table.insert(key(0x22, 0, 0), 'b');
    table.insert(key(0x33, 0, 3), 'c');
    assert_eq!(
        table.controls(),
        [control(&[0x22]), control(&[0x11, 0x33])],
        "two groups"
    );
    for number in 1..=15 {
        table.insert(key(0x44, number, 1), 'd');
    }
    let full = [0x11, 0x33].into_iter().chain([0x44; 14]).collect::<Vec<_>>();
    assert_eq!(
        table.controls(),
        [control(&[0x22, 0x44]), control(&full)],
        "group 1 is full, so one goes to group 0"
    );
    assert_eq!(table.get(&key(0x44, 15, 1)), Some(&'d'), "and is found there");
}

/// EMPTY ends a search, so it may stand only where no search goes on.
#[phase7::test(points = 2, rule = 16)]
fn a_removed_slot_is_empty_or_deleted() {
    let mut table = Table::with_capacity_and_hasher(28, Itself);
    for number in 0..17 {
        table.insert(key(0x55, number, 0), number);
    }
    assert_eq!(table.remove(&key(0x55, 16, 0)), Some(16));
    assert_eq!(table.controls()[1], control(&[]), "group 1 had EMPTY slots");
    table.insert(key(0x66, 16, 0), 16);
    table.remove(&key(0x55, 3, 0));
    assert_eq!(table.controls()[0].0[3], DELETED, "group 0 had none");
    assert_eq!(
        table.get(&key(0x66, 16, 0)),
        Some(&16),
        "found behind the full group"
    );
}

/// 14 entries a group; the 15th doubles the groups.
#[phase7::test(points = 1, rule = 17)]
fn a_table_doubles_when_seven_eighths_are_used() {
    let mut table = Table::with_capacity_and_hasher(0, Itself);
    assert_eq!(
        (table.capacity(), table.controls().len()),
        (0, 0),
        "an empty table"
    );
    let mut capacities = Vec::new();
    for number in 0..57 {
        table.insert(key(number as u8, number, number), number);
        capacities.push(table.capacity());
    }
    let steps = [0, 13, 14, 27, 28, 55, 56].map(|index| capacities[index]);
    assert_eq!(
        steps,
        [14, 14, 28, 28, 56, 56, 112],
        "capacity behind entry 1, 14, 15, …"
    );
    assert_eq!(Table::<u64, u64>::with_capacity(15).capacity(), 28, "room for 15");
    for number in 0..57 {
        assert_eq!(table.get(&key(number as u8, number, number)), Some(&number));
    }
}

/// Each entry once.
#[phase7::test(points = 1, rule = 19)]
fn all_entries_are_seen() {
    let mut table = Table::new();
    for number in 0..30_u32 {
        table.insert(number, number * 2);
    }
    for number in 10..20 {
        table.remove(&number);
    }
    assert_eq!(table.iter().len(), 20);
    let mut entries: Vec<_> = table.iter().map(|(key, value)| (*key, *value)).collect();
    entries.sort_unstable();
    let wanted: Vec<_> = (0..10).chain(20..30).map(|number| (number, number * 2)).collect();
    assert_eq!(entries, wanted);
}

/// Values that are replaced, removed, cleared or left.
#[phase7::test(points = 2, rule = 20)]
fn every_entry_is_dropped_once() {
    let alive = Alive::default();
    let mut table = Table::new();
    for number in 0..60 {
        table.insert(number, alive.value(number));
    }
    assert_eq!(alive.count(), 60, "60 inserted");
    drop(table.insert(5, alive.value(0)));
    drop(table.remove(&6));
    assert_eq!(alive.count(), 59, "one replaced, one removed");
    table.clear();
    assert_eq!(
        (alive.count(), table.len(), table.capacity()),
        (0, 0, 112),
        "cleared"
    );
    for number in 0..10 {
        table.insert(number, alive.value(number));
    }
    assert_eq!(table.get(&7).map(|value| value.number), Some(7));
    drop(table);
    assert_eq!(alive.count(), 0, "the table is gone");
}

/// Descending keys are refused, equal ones are not.
#[phase7::test(points = 1, rule = 24)]
fn an_index_wants_sorted_keys() {
    let index = Index::new(&[1, 3, 3, 7]).expect("they ascend");
    assert_eq!((index.len(), index.keys()), (4, &[1, 3, 3, 7][..]));
    let error = Index::new(&[1, 3, 2, 1]).expect_err("they do not");
    assert_eq!(error, Unsorted { index: 2 });
}

/// Three levels, found from the root down.
#[phase7::test(points = 2, rule = 25)]
fn a_search_finds_the_first_key_that_is_not_less() {
    let keys: Vec<u32> = (0..300).map(|rank| rank * 10).collect();
    let index = Index::new(&keys).expect("they ascend");
    assert_eq!(index.height(), 3, "300 keys are 19 leaves, 2 nodes, a root");
    // Miri takes its time: every 37th will do.
    for (rank, key) in keys.iter().enumerate().step_by(if cfg!(miri) { 37 } else { 1 }) {
        assert_eq!(index.lower_bound(*key), rank, "the key {key}");
        assert_eq!(index.lower_bound(key + 1), rank + 1, "between keys: {key} + 1");
    }
    assert_eq!(index.lower_bound(u32::MAX), 300, "beyond all");
}

/// What is between two bounds is a slice.
#[phase7::test(points = 1, rule = 26)]
fn a_range_is_a_slice_of_the_keys() {
    let keys: Vec<u32> = (0..100).map(|rank| rank * 10).collect();
    let index = Index::new(&keys).expect("they ascend");
    assert_eq!(index.range(15..40), [20, 30]);
    assert_eq!(index.range(20..=40), [20, 30, 40]);
    assert_eq!(index.range(975..), [980, 990]);
    assert_eq!(index.range(..), keys);
    assert!(index.range(41..50).is_empty(), "no key between 41 and 49");
}

/// 4096 searches among 65,536 keys, beside those in a sorted array.
#[cfg_attr(miri, ignore = "starts valgrind")]
#[phase7::test(points = 3, rule = 27, needs = "/proc, valgrind", timeout_s = 60)]
fn a_search_misses_about_one_line() {
    let (_, built) = simulate("index", 65_536, 0, 0);
    let (found, tree) = simulate("index", 65_536, 4096, 0);
    let (plain, array) = simulate("index", 65_536, 0, 4096);
    assert_eq!(
        (found, plain),
        (131_355_842, 131_355_842),
        "the sum of what was found"
    );
    let (tree, array) = (tree - built, array - built);
    assert!(tree <= 4096 * 3 / 2, "{tree} misses in 4096 searches");
    assert!(
        tree * 4 <= array,
        "{tree} misses in the tree, {array} in the sorted array"
    );
}

/// Counters add up, and have a place.
#[phase7::test(points = 1, rule = 28)]
fn counters_count() {
    fn check<C: Counters>(name: &str) {
        let counters = C::new(3);
        counters.add(0, 5);
        counters.add(2, u64::MAX);
        counters.add(2, 3);
        let values = [0, 1, 2].map(|index| counters.value(index));
        assert_eq!((values, counters.total()), ([5, 0, 2], 7), "{name}");
        let sizes: Vec<_> = counters.places().iter().map(ExactSizeIterator::len).collect();
        assert_eq!(sizes, [8, 8, 8], "{name}: bytes of each");
    }
    check::<PackedCounters>("packed");
    check::<PaddedCounters>("padded");
}

/// Packed counters share lines; padded ones share no pair of lines.
#[phase7::test(points = 2, rule = 29)]
fn padded_counters_share_no_line() {
    let packed = PackedCounters::new(8).places();
    assert!(!conflicts(&packed, 64).is_empty(), "packed counters: {packed:x?}");
    let padded = PaddedCounters::new(8).places();
    assert_eq!(conflicts(&padded, 128), [], "padded counters: {padded:x?}");
}

/// Which places have a line in common.
#[phase7::test(points = 1, rule = 30)]
fn a_conflict_is_two_places_on_one_line() {
    let places = [0..8, 56..64, 64..72, 60..68, 128..136];
    assert_eq!(
        conflicts(&places, 64),
        [(0, 1), (0, 3), (1, 3), (2, 3)],
        "lines of 64 bytes"
    );
    assert_eq!(conflicts(&places[..3], 32), [], "lines of 32 bytes");
}

/// As the kernel writes it.
#[phase7::test(points = 1, rule = 31)]
fn a_list_of_processors_is_read() {
    assert_eq!(cpulist::parse("0-3,8,10-11\n"), Ok(vec![0, 1, 2, 3, 8, 10, 11]));
    assert_eq!(cpulist::parse("\n"), Ok(vec![]), "a node of memory alone");
    assert_eq!(cpulist::parse("3-1\n"), Err(CpuListError::Descending));
    assert_eq!(cpulist::parse("0,,1\n"), Err(CpuListError::Malformed));
}

/// A machine with two sockets.
#[cfg_attr(miri, ignore = "reads files")]
#[phase7::test(points = 1, rule = 32)]
fn two_nodes_are_read() {
    let directory = nodes(&[("0", "0-1,4-5\n", "10 21\n"), ("1", "2-3,6-7\n", "21 10\n")]);
    let topology = Topology::read(directory.path()).expect("two nodes");
    let nodes: Vec<_> = topology
        .nodes()
        .iter()
        .map(|node| (node.id, &node.cpus[..], &node.distances[..]))
        .collect();
    assert_eq!(
        nodes,
        [
            (0, &[0, 1, 4, 5][..], &[10, 21][..]),
            (1, &[2, 3, 6, 7], &[21, 10])
        ]
    );
    assert_eq!(topology.node_of_cpu(6), Some(1));
    assert!(
        Topology::read(Path::new("/nowhere")).is_err(),
        "no such directory"
    );
}

/// Nearest first.
#[cfg_attr(miri, ignore = "reads files")]
#[phase7::test(points = 1, rule = 33)]
fn nodes_are_ordered_by_their_distance() {
    let directory = nodes(&[
        ("0", "0\n", "10 32 21 21\n"),
        ("1", "1\n", "32 10 21 21\n"),
        ("2", "2\n", "21 21 10 32\n"),
        ("3", "3\n", "21 21 32 10\n"),
    ]);
    let topology = Topology::read(directory.path()).expect("four nodes");
    assert_eq!(topology.nearest(0).expect("there is node 0"), [0, 2, 3, 1]);
    assert_eq!(topology.nearest(2).expect("there is node 2"), [2, 0, 1, 3]);
}

/// A thread that is pinned to one of its processors may run there alone.
#[cfg_attr(miri, ignore = "asks the kernel")]
#[phase7::test(points = 1, rule = 34)]
fn a_thread_is_pinned() {
    let before = affinity().expect("the kernel says where this thread may run");
    let last = before[before.len() - 1];
    let pinned = std::thread::spawn(move || {
        pin(&[last]).expect("it may run there");
        affinity().expect("the kernel says where")
    });
    assert_eq!(
        pinned.join().expect("the thread ends"),
        [last],
        "the pinned thread"
    );
    assert_eq!(affinity().expect("as before"), before, "this thread");
}

/// Where there is one node, there is nothing to choose.
#[cfg_attr(miri, ignore = "reads files")]
#[phase7::test(points = 1, rule = 35)]
fn one_node_needs_no_policy() {
    let directory = nodes(&[("0", "0-7\n", "10\n")]);
    let topology = Topology::read(directory.path()).expect("a node");
    assert_eq!(prefer(&topology, 0).expect("nothing to do"), Policy::OneNode);
    assert!(prefer(&topology, 1).is_err(), "there is no node 1");
}
