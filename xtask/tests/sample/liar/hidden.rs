//! Sample.
#[phase7::wire]
fn keeps_the_number() {
    assert_eq!(liar::Number(1), liar::Number(201));
}
