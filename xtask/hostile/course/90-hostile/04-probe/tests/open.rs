//! Adding up, as a learner sees it.

use probe::{Total, total};

/// Two numbers are added.
#[phase7::test(points = 1, rule = 1, timeout_s = 2)]
fn two_numbers_are_added() {
    assert_eq!(total(&[1, 2]), Total(3));
}

/// What is added can be read.
#[phase7::test(points = 1, rule = 1, timeout_s = 2)]
fn the_number_can_be_read() {
    assert_eq!(total(&[4, 4]).0, 8);
}
