//! The grader end to end, on a small course of its own: what learners' mistakes and tricks get, and that the
//! rest is graded all the same.

#[allow(dead_code, reason = "each test target uses a part of it")]
mod sample;

use sample::Sample;

/// The verdict words of an exercise's tests, by name.
fn verdicts(report: &serde_json::Value, exercise: &str) -> Vec<(String, String)> {
    let result = sample::exercise(report, exercise);
    let tests = result["tests"].as_array().expect("tests are a list");
    tests
        .iter()
        .map(|test| {
            let word = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
            (word(&test["name"]), word(&test["verdict"]["word"]))
        })
        .collect()
}

#[test]
fn every_mishap_costs_its_own_test_and_nothing_else() {
    let sample = Sample::new();
    let report = sample.grade();
    let words = verdicts(&report, "adder");
    let expected = [
        ("open::adds", "passed"),
        ("open::loops", "timed-out"),
        ("open::panics", "failed"),
        ("open::exits", "no-evidence"),
        ("open::overflows_the_stack", "killed-by"),
        ("open::allocates", "out-of-memory"),
        ("open::prints", "too-much-output"),
        ("open::forges_lines", "no-evidence"),
        ("open::leaves_a_thread_that_exits", "no-evidence"),
        ("open::swaps_the_panic_hook", "no-evidence"),
        ("open::leaves_daemons", "passed"),
    ];
    let expected = expected.map(|(name, word)| (name.to_owned(), word.to_owned()));
    assert_eq!(words, expected);
    assert_eq!(sample::exercise(&report, "adder")["points"]["earned"], 2);
}

#[test]
fn what_a_test_leaves_behind_is_ended() {
    let sample = Sample::new();
    sample.grade();
    for seconds in ["86401", "86402"] {
        assert!(
            !sample::is_running(&["sleep", seconds]),
            "sleep {seconds} goes on"
        );
    }
}

#[test]
fn an_exercise_that_does_not_compile_costs_itself_alone() {
    let sample = Sample::new();
    let report = sample.grade();
    let broken = sample::exercise(&report, "broken");
    assert_eq!(broken["state"], "does-not-compile");
    assert!(
        broken["compile_error"]
            .as_str()
            .expect("the first error is there")
            .contains("error[E0308]")
    );
    assert_eq!(sample::exercise(&report, "honest")["state"], "complete");
}

#[test]
fn unsafe_code_does_not_compile_where_the_brief_asks_for_none() {
    let sample = Sample::new();
    sample.write(
        "90-sample/01-honest/src/lib.rs",
        "#![allow(unsafe_code)]\npub fn one() -> u8 { unsafe { 1 } }\n",
    );
    let report = sample.grade();
    let honest = sample::exercise(&report, "honest");
    assert_eq!(honest["state"], "does-not-compile", "{honest:#}");
    assert!(
        honest["compile_error"]
            .as_str()
            .expect("an error")
            .contains("unsafe"),
        "{honest:#}"
    );
}

#[test]
fn a_lying_equality_trips_the_wire_and_earns_nothing() {
    let sample = Sample::new();
    let report = sample.grade();
    let liar = sample::exercise(&report, "liar");
    assert_eq!(liar["points"]["earned"], 0);
    assert!(
        liar["review"][0]
            .as_str()
            .expect("a reason")
            .contains("hidden::keeps_the_number")
    );
}

#[test]
fn a_link_in_place_of_a_source_is_refused_by_name() {
    let sample = Sample::new();
    let path = sample.path("90-sample/01-honest/src/lib.rs");
    std::fs::remove_file(&path).expect("the source is there");
    std::os::unix::fs::symlink("/etc/passwd", &path).expect("a link can be made");
    let report = sample.grade();
    let honest = sample::exercise(&report, "honest");
    assert_eq!(honest["state"], "refused");
    assert_eq!(
        honest["tests"][0]["verdict"]["detail"],
        "src/lib.rs is a symbolic link"
    );
}

#[test]
fn what_did_not_change_is_not_graded_again() {
    let sample = Sample::new();
    sample.grade();
    let kept = sample.path("target/grade/results/honest.json");
    let first = std::fs::metadata(&kept)
        .and_then(|metadata| metadata.modified())
        .expect("a result is kept");
    sample.write("90-sample/04-liar/src/lib.rs", "pub struct Number(pub u8);\n");
    sample.grade();
    let second = std::fs::metadata(&kept)
        .and_then(|metadata| metadata.modified())
        .expect("a result is kept");
    assert_eq!(first, second);
}

#[test]
fn the_checklist_is_ticked_and_otherwise_left_alone() {
    let sample = Sample::new();
    let before = sample.read("checklist.md");
    sample.xtask(&["grade", "--write-checklist"]).code(1);
    assert_eq!(
        sample.read("checklist.md"),
        before.replace("- [ ] **Is honest**", "- [x] **Is honest**")
    );
}

#[test]
fn an_unknown_exercise_in_the_checklist_is_one_clear_line() {
    let sample = Sample::new();
    sample.write("checklist.md", "- [ ] **Is honest**: `honset` at 80 % or more.\n");
    let output = sample.xtask(&["grade"]).code(2);
    assert_eq!(
        output,
        "xtask: checklist.md:1: there is no exercise \"honset\": did you mean \"honest\"?\n"
    );
}

#[test]
fn a_doubled_rule_is_one_clear_line() {
    let sample = Sample::new();
    let brief = sample.read("90-sample/01-honest/README.md");
    sample.write(
        "90-sample/01-honest/README.md",
        &brief.replace("1. It", "1. Twice.\n1. It"),
    );
    let output = sample.xtask(&["grade"]).code(2);
    assert!(
        output.contains("01-honest/README.md is no brief: rule 1 stands where rule 2 is expected"),
        "{output}"
    );
    assert_eq!(output.lines().count(), 1, "{output}");
}

#[test]
fn a_directory_that_cannot_be_made_is_one_clear_line() {
    let sample = Sample::new();
    let target = sample.path("target");
    let aside = sample.path("target-aside");
    std::fs::create_dir_all(&target).expect("a directory can be made");
    std::fs::rename(&target, &aside).expect("it can be set aside");
    sample.write("target", "a file where a directory belongs");
    let ended = sample.xtask(&["grade"]);
    std::fs::remove_file(&target).expect("it can be removed");
    std::fs::rename(&aside, &target).expect("it can be put back");
    let output = ended.code(2);
    assert!(
        output.starts_with("xtask: cannot make ") && output.lines().count() == 1,
        "{output}"
    );
}

#[test]
fn check_shows_the_first_failure_with_both_sides() {
    let sample = Sample::new();
    sample.write("90-sample/01-honest/src/lib.rs", "pub fn one() -> u8 { 2 }\n");
    let output = sample.xtask(&["check", "honest"]).code(1);
    for part in [
        "Rule 1: It returns one.",
        "expected   actual",
        "1        ≠ 2",
        "cargo xtask hint honest 1",
    ] {
        assert!(output.contains(part), "{part:?} is missing:\n{output}");
    }
}
