//! Counters that many add to.

use std::panic::catch_unwind;

use cache_friendly::sharing::{
    APART_BYTES, Counters, PackedCounters, Padded, PaddedCounters, conflicts, place_of,
};

/// Four threads, each on its own counter and all on the first.
#[phase7::test(points = 2, rule = 28)]
fn no_addition_is_lost() {
    fn check<C: Counters>(name: &str) {
        let counters = C::new(5);
        std::thread::scope(|scope| {
            for thread in 1..5 {
                let counters = &counters;
                scope.spawn(move || {
                    for _ in 0..20_000 {
                        counters.add(thread, 2);
                        counters.add(0, 1);
                    }
                });
            }
        });
        let values: Vec<u64> = (0..5).map(|index| counters.value(index)).collect();
        assert_eq!(values, [80_000, 40_000, 40_000, 40_000, 40_000], "{name}");
        assert_eq!(counters.total(), 240_000, "{name}");
        counters.add(1, u64::MAX - 39_999);
        assert_eq!(
            (counters.value(1), counters.total()),
            (0, 200_000),
            "{name}: wrapped around"
        );
        assert!(
            catch_unwind(std::panic::AssertUnwindSafe(|| counters.add(5, 1))).is_err(),
            "{name}"
        );
        assert_eq!(C::new(0).total(), 0, "{name}: none");
    }
    check::<PackedCounters>("packed");
    check::<PaddedCounters>("padded");
}

/// Any type, in an array or alone.
#[phase7::test(points = 2, rule = 29)]
fn whatever_is_padded_is_apart() {
    fn check<T: Default + Copy>(name: &str) {
        let array = [Padded::new(T::default()); 3];
        let places: Vec<_> = array.iter().map(place_of::<Padded<T>>).collect();
        for place in &places {
            assert_eq!(place.start % APART_BYTES, 0, "{name}: where it begins");
            assert_eq!(place.len() % APART_BYTES, 0, "{name}: bytes that it takes");
        }
        assert_eq!(conflicts(&places, APART_BYTES), [], "{name}");
    }
    check::<u8>("a byte");
    check::<[u64; 20]>("160 bytes");
    check::<u128>("16 bytes");
    assert_eq!(
        size_of::<Padded<[u8; 129]>>(),
        256,
        "129 bytes take two pairs of lines"
    );
    assert_eq!(size_of::<Padded<u64>>(), 128, "8 bytes take one");
    for count in [1, 2, 33] {
        let places = PaddedCounters::new(count).places();
        assert_eq!(places.len(), count);
        assert!(
            places.iter().all(|place| place.start % 128 + place.len() <= 128),
            "{places:x?}"
        );
        assert_eq!(conflicts(&places, 128), [], "{count} counters");
    }
}

/// Places without bytes, of many lines, in any order, and equal ones.
#[phase7::test(points = 2, rule = 30)]
fn places_of_all_kinds_are_compared() {
    let places = [640..700, 0..1000, 64..64, 1000..1024, 1024..1025, 0..1, 0..1];
    assert_eq!(
        conflicts(&places, 64),
        [(0, 1), (1, 3), (1, 5), (1, 6), (5, 6)],
        "lines of 64 bytes"
    );
    assert_eq!(conflicts(&places[3..5], 2048), [(0, 1)], "one line of 2048 bytes");
    assert_eq!(conflicts(&[], 64), [], "no places");
    let high = [usize::MAX - 1..usize::MAX, usize::MAX - 64..usize::MAX - 63];
    assert_eq!(conflicts(&high, 64), [], "the end of the address space");
}
