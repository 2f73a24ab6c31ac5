//! Trees of all sizes.

use std::ops::Bound;
use std::panic::catch_unwind;

use cache_friendly::search::{Index, Unsorted};

use super::support::Numbers;

#[track_caller]
fn index(keys: &[u32]) -> Index {
    Index::new(keys).expect("the keys ascend")
}

/// Sizes at which a leaf or a level is full, or one key is too many.
const SIZES: [usize; 16] = [
    0, 1, 2, 15, 16, 17, 31, 33, 271, 272, 273, 300, 4623, 4624, 4625, 10_000,
];

/// Sizes around full levels: every key, every gap, both ends.
#[phase7::test(points = 3, rule = 25)]
fn trees_of_all_sizes_are_searched() {
    for size in SIZES {
        let keys: Vec<u32> = (0..size as u32).map(|rank| 5 + rank * 3).collect();
        let tree = index(&keys);
        assert_eq!(
            (tree.len(), tree.is_empty(), tree.keys()),
            (size, size == 0, &keys[..])
        );
        for sought in (0..size as u32 * 3 + 10).chain([u32::MAX - 1, u32::MAX]) {
            let found = tree.lower_bound(sought);
            let wanted = keys.partition_point(|held| *held < sought);
            assert_eq!(found, wanted, "the position of {sought} among {size} keys");
        }
    }
}

/// Equal keys over several leaves, and the largest number as a key.
#[phase7::test(points = 3, rule = 25)]
fn equal_keys_and_the_largest_number() {
    for size in SIZES {
        let mut numbers = Numbers(size as u64 + 1);
        let mut keys: Vec<u32> = (0..size)
            .map(|_| numbers.below(size as u64 / 40 + 2) as u32 * 7)
            .collect();
        for key in keys.iter_mut().take(size / 3) {
            *key = u32::MAX;
        }
        keys.sort_unstable();
        let tree = index(&keys);
        for sought in (0..30)
            .chain(keys.iter().copied())
            .chain([u32::MAX - 1, u32::MAX])
        {
            let wanted = keys.partition_point(|held| *held < sought);
            assert_eq!(tree.lower_bound(sought), wanted, "{sought} among {size} keys");
        }
    }
}

/// Many searches at once find what single ones do.
#[phase7::test(points = 2, rule = 25)]
fn searches_side_by_side_find_the_same() {
    let mut numbers = Numbers(3);
    for size in [0, 1, 16, 17, 300, 5000] {
        let mut keys: Vec<u32> = (0..size).map(|_| numbers.next() as u32 >> 8).collect();
        keys.sort_unstable();
        let tree = index(&keys);
        for count in [0, 1, 15, 16, 17, 100] {
            let sought: Vec<u32> = (0..count).map(|_| numbers.next() as u32 >> 8).collect();
            let mut bounds = vec![usize::MAX; count];
            tree.lower_bounds(&sought, &mut bounds);
            let wanted: Vec<usize> = sought.iter().map(|key| tree.lower_bound(*key)).collect();
            assert_eq!(bounds, wanted, "{count} searches among {size} keys");
        }
    }
    let tree = index(&[1, 2, 3]);
    let panic = catch_unwind(|| tree.lower_bounds(&[1, 2], &mut [0; 3]));
    assert!(panic.is_err(), "two keys and three bounds");
}

/// All kinds of bounds, in both orders.
#[phase7::test(points = 2, rule = 26)]
fn ranges_with_all_bounds() {
    let mut keys: Vec<u32> = (0..600).map(|rank| rank / 3 * 4).collect();
    keys.extend([u32::MAX; 3]);
    let tree = index(&keys);
    let ends = [0, 1, 4, 5, 63, 64, 400, 796, 797, u32::MAX - 1, u32::MAX];
    for from in ends {
        for to in ends {
            let bounds = |key| [Bound::Included(key), Bound::Excluded(key), Bound::Unbounded];
            for start in bounds(from) {
                for end in bounds(to) {
                    let is_in = |key: &&u32| {
                        let (start_ok, end_ok) = match (start, end) {
                            (Bound::Included(a), Bound::Included(b)) => (a <= **key, **key <= b),
                            (Bound::Included(a), Bound::Excluded(b)) => (a <= **key, **key < b),
                            (Bound::Included(a), Bound::Unbounded) => (a <= **key, true),
                            (Bound::Excluded(a), Bound::Included(b)) => (a < **key, **key <= b),
                            (Bound::Excluded(a), Bound::Excluded(b)) => (a < **key, **key < b),
                            (Bound::Excluded(a), Bound::Unbounded) => (a < **key, true),
                            (Bound::Unbounded, Bound::Included(b)) => (true, **key <= b),
                            (Bound::Unbounded, Bound::Excluded(b)) => (true, **key < b),
                            (Bound::Unbounded, Bound::Unbounded) => (true, true),
                        };
                        start_ok && end_ok
                    };
                    let wanted: Vec<u32> = keys.iter().filter(is_in).copied().collect();
                    assert_eq!(tree.range((start, end)), wanted, "{start:?} to {end:?}");
                }
            }
        }
    }
    assert!(index(&[]).range(..).is_empty(), "no key at all");
}

/// As few as hold the keys.
#[phase7::test(points = 2, rule = 27)]
fn a_tree_has_the_fewest_levels() {
    for (size, levels) in [
        (0, 1),
        (1, 1),
        (16, 1),
        (17, 2),
        (272, 2),
        (273, 3),
        (4624, 3),
        (4625, 4),
        (78_608, 4),
        (78_609, 5),
    ] {
        let keys: Vec<u32> = (0..size).collect();
        assert_eq!(index(&keys).height(), levels, "levels over {size} keys");
    }
}

/// The first pair that descends, wherever it is.
#[phase7::test(points = 1, rule = 24)]
fn the_first_key_out_of_order_is_named() {
    for size in [2, 17, 300] {
        for place in [1, size / 2, size - 1] {
            let mut keys: Vec<u32> = (1..=size as u32).collect();
            keys[place] = keys[place - 1] - 1;
            assert_eq!(
                Index::new(&keys).err(),
                Some(Unsorted { index: place }),
                "{place} of {size}"
            );
        }
    }
    assert_eq!(
        Index::new(&[2, 1, 0]).err(),
        Some(Unsorted { index: 1 }),
        "the first of two"
    );
    assert_eq!(index(&[7; 100]).keys(), [7; 100], "equal ones are in order");
}
