//! Sample.
#[phase7::test(points = 3, rule = 1)]
fn is_a_number() {
    assert_eq!(liar::Number(1), liar::Number(2));
}
