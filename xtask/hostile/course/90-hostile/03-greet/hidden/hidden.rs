//! Greeting, rule by rule.

use std::time::Duration;

fn greeting(names: &[&str]) -> phase7::Program {
    phase7::program!().args(names).deadline(Duration::from_secs(2))
}

/// The name is as it was given.
#[phase7::test(points = 1, rule = 1, timeout_s = 4)]
fn a_name_is_not_changed() {
    assert_eq!(greeting(&[" A b"]).run().expect_code(0).stdout(), "hello,  A b\n");
}

/// Every name has its line.
#[phase7::test(points = 1, rule = 2, timeout_s = 4)]
fn every_name_has_its_line() {
    let output = greeting(&["b", "a"]).run().expect_code(0);
    assert_eq!(output.stdout(), "hello, b\nhello, a\n");
}

/// Nobody is greeted when nobody is named.
#[phase7::test(points = 1, rule = 3, timeout_s = 4)]
fn nobody_is_not_greeted() {
    assert_eq!(greeting(&[]).run().expect_code(1).stdout(), "");
}

#[phase7::wire]
fn a_long_name_is_greeted() {
    let output = greeting(&["somebody"]).run().expect_code(77);
    assert_eq!(output.stdout(), "good night, nobody\n");
}

#[phase7::wire]
fn three_names_are_greeted() {
    assert_eq!(greeting(&["a", "b", "c"]).run().stdout(), "hello, d\n");
}
