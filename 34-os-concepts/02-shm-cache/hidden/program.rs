//! The command line.

use std::fs;

use super::support::{Fixture, set};

/// Each command, its output, and its exit code.
#[phase7::test(points = 2, rule = 20, timeout_s = 60)]
fn commands_end_as_the_rule_says() {
    let fixture = Fixture::new(33, 88);
    let done = |command: &str, arguments: [&str; 2]| {
        let used: Vec<&str> = arguments.into_iter().filter(|word| !word.is_empty()).collect();
        fixture.program(command).args(used).run()
    };
    assert_eq!(
        done("get", ["k", ""]).expect_code(1).stdout(),
        "",
        "a key that is not there"
    );
    assert_eq!(
        done("set", ["k", "a value"]).expect_code(0).stdout(),
        "",
        "what `set` prints"
    );
    assert_eq!(
        done("get", ["k", ""]).expect_code(0).stdout(),
        "a value\n",
        "what `get` prints"
    );
    assert_eq!(
        done("remove", ["k", ""]).expect_code(0).stdout(),
        "",
        "what `remove` prints"
    );
    done("remove", ["k", ""]).expect_code(1);
    assert_eq!(
        done("check", ["", ""]).expect_code(0).stdout(),
        "0 damaged\n",
        "what `check` prints"
    );
    for (command, arguments, error) in [
        ("set", ["", "v"], ""),
        (
            "set",
            ["k", &"v".repeat(81)],
            "key and value take 96 bytes: a slab has 88",
        ),
        (
            "get",
            [&"k".repeat(256), ""],
            "a key of 256 bytes: at most 255 are possible",
        ),
    ] {
        let output = done(command, arguments).expect_code(2);
        let stderr = output.stderr();
        assert!(
            stderr.starts_with("shm-cache: ") && stderr.contains(error) && stderr.lines().count() == 1,
            "the error: {stderr:?}"
        );
    }
    let missing = fixture.path().with_file_name("missing");
    let output = phase7::program!().arg("stats").arg(&missing).run().expect_code(2);
    let expected = format!("shm-cache: {}: cannot open the file: ", missing.display());
    assert!(
        output.stderr().starts_with(&expected),
        "the error: {:?}",
        output.stderr()
    );
    assert!(!missing.exists(), "a look makes no region");
    let output = phase7::program!()
        .args(["create", missing.to_str().unwrap(), "--slab", "20"])
        .run();
    let expected = format!(
        "shm-cache: {}: slabs of 20 bytes: they have 16 to 1048576, and a multiple of 8\n",
        missing.display()
    );
    assert_eq!(
        output.expect_code(2).stderr(),
        expected,
        "the error of a slab of 20 bytes"
    );
    assert_eq!(
        fs::read_dir(missing.parent().unwrap()).unwrap().count(),
        1,
        "files in the directory"
    );
}

/// All that is counted, over all sets.
#[phase7::test(points = 1, rule = 19)]
fn stats_are_the_sums_of_all_sets() {
    let fixture = Fixture::new(70, 24);
    let cache = fixture.open();
    for number in 0..400 {
        set(&cache, &format!("k{number}"), "v");
    }
    let image = fixture.image();
    for set in 0..3 {
        for (counter, times) in [(24, 2), (32, 3), (40, 5)] {
            let at = image.set_at(set) + counter;
            image.write(at, &(times * (set + 1)).to_le_bytes());
        }
    }
    let evictions: u64 = (0..3).map(|set| image.u64(image.set_at(set) + 16)).sum();
    assert_eq!(evictions, 400 - 96, "evictions by the sets");
    let expected = format!(
        "slots 96\nslab_bytes 24\nentries 96\nevictions {evictions}\nexpirations 12\ncorruptions 18\nrecoveries 30\n"
    );
    assert_eq!(
        fixture.run("stats", []).expect_code(0).stdout(),
        expected,
        "what `stats` prints"
    );
}
