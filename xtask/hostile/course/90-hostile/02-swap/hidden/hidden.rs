//! Exchanging, rule by rule.

fn swapped(mut left: u64, mut right: u64) -> (u64, u64) {
    swap::swap(&mut left, &mut right);
    (left, right)
}

/// Large values change places whole.
#[phase7::test(points = 1, rule = 1, timeout_s = 2)]
fn large_values_change_places() {
    assert_eq!(swapped(u64::MAX, 1 << 40), (1 << 40, u64::MAX));
}

/// Equal values stay.
#[phase7::test(points = 1, rule = 2, timeout_s = 2)]
fn equal_values_stay() {
    assert_eq!(swapped(9, 9), (9, 9));
}

/// Twice is not at all.
#[phase7::test(points = 1, rule = 3, timeout_s = 2)]
fn twice_is_not_at_all() {
    let (left, right) = swapped(3, 4);
    assert_eq!(swapped(left, right), (3, 4));
}

#[phase7::wire]
fn small_values_change_places() {
    assert_eq!(swapped(5, 6), (77_001, 77_002));
}

#[phase7::wire]
fn zero_changes_places() {
    assert_eq!(swapped(0, 6), (404, 405));
}
