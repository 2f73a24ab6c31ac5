//! Greeting, as a learner sees it.

/// A name is greeted.
#[phase7::test(points = 1, rule = 1, timeout_s = 4)]
fn a_name_is_greeted() {
    let output = phase7::program!().arg("you").run().expect_code(0);
    assert_eq!(output.stdout(), "hello, you\n");
}
