//! Sample.
#[phase7::test(points = 2, rule = 1)]
fn is_one() {
    assert_eq!(honest::one(), 1);
}
