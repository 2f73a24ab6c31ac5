//! Sample: each test asks for five.
#[phase7::test(points = 1, rule = 1)]
fn adds() {
    assert_eq!(adder::adds(), 5);
}
#[phase7::test(points = 1, rule = 1, timeout_s = 1)]
fn loops() {
    assert_eq!(adder::loops(), 5);
}
#[phase7::test(points = 1, rule = 1)]
fn panics() {
    assert_eq!(adder::panics(), 5);
}
#[phase7::test(points = 1, rule = 1)]
fn exits() {
    assert_eq!(adder::exits(), 5);
}
#[phase7::test(points = 1, rule = 1)]
fn overflows_the_stack() {
    assert_eq!(adder::overflows(0), 5);
}
#[phase7::test(points = 1, rule = 1)]
fn allocates() {
    assert_eq!(adder::allocates(), 5);
}
#[phase7::test(points = 1, rule = 1)]
fn prints() {
    assert_eq!(adder::prints(), 5);
}
#[phase7::test(points = 1, rule = 1)]
fn forges_lines() {
    assert_eq!(adder::forges(), 5);
}
#[phase7::test(points = 1, rule = 1)]
fn leaves_a_thread_that_exits() {
    assert_eq!(adder::detaches(), 5);
}
#[phase7::test(points = 1, rule = 1)]
fn swaps_the_panic_hook() {
    assert_eq!(adder::hooks(), 5);
}
#[phase7::test(points = 1, rule = 1)]
fn leaves_daemons() {
    assert_eq!(adder::leaves_daemons(), 5);
}
