//! Exchanging, as a learner sees it.

/// Two values change places.
#[phase7::test(points = 1, rule = 1, timeout_s = 2)]
fn two_values_change_places() {
    let (mut left, mut right) = (1, 2);
    swap::swap(&mut left, &mut right);
    assert_eq!((left, right), (2, 1));
}
