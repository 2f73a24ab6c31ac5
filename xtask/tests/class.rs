//! A class of thirty, graded whole, in parts, and by a grader that is killed again and again: the books are equal.

#[allow(dead_code, reason = "each test target uses a part of it")]
mod sample;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use sample::Sample;

/// Learners in the class.
const LEARNERS: usize = 30;

/// What of a book must not depend on how it was made.
const BOOK: [&str; 3] = ["gradebook.csv", "gradebook-long.csv", "matrix.csv"];

/// The sources that learner `number` hands in, and whether they compile to what the brief asks for.
fn sources(number: usize) -> String {
    let own = format!("// The work of learner {number}.\n");
    let body = match number % 6 {
        0..=2 => "pub fn one() -> u8 { 1 }\n",
        3 => "pub fn one() -> u8 { 2 }\n",
        4 => "pub fn one() -> u8 { \"one\" }\n",
        _ => "pub fn one() -> u8 { std::process::exit(0) }\n",
    };
    // The first of each kind have equal sources, as those who hand in the starter have.
    if number < 12 { body.to_owned() } else { own + body }
}

/// Writes the class, with one who never ends and one who hands in a link.
fn hand_in(sample: &Sample) -> PathBuf {
    let class = sample.path("class");
    let _ = std::fs::remove_dir_all(&class);
    for number in 0..LEARNERS - 2 {
        sample.write(&format!("class/s{number:03}/honest/src/lib.rs"), &sources(number));
    }
    sample.write(
        "class/s028/honest/src/lib.rs",
        "pub fn one() -> u8 { loop { std::thread::park() } }\n",
    );
    sample.write("class/s029/honest/src/notes.txt", "");
    std::os::unix::fs::symlink("/etc/passwd", class.join("s029/honest/src/lib.rs"))
        .expect("a link can be made");
    class
}

fn out(sample: &Sample, name: &str) -> PathBuf {
    let out = sample.path(name);
    let _ = std::fs::remove_dir_all(&out);
    out
}

fn text(path: &Path) -> &str {
    path.to_str().expect("the sample's paths are text")
}

fn book(directory: &Path) -> BTreeMap<&'static str, String> {
    let read = |name| std::fs::read_to_string(directory.join(name)).expect("the book is there");
    BOOK.map(|name| (name, read(name))).into()
}

/// Every kept result, and when it was written.
fn results(directory: &Path) -> BTreeMap<PathBuf, SystemTime> {
    let entries = std::fs::read_dir(directory.join("results/honest"))
        .into_iter()
        .flatten()
        .flatten();
    entries
        .filter(|entry| {
            entry
                .path()
                .extension()
                .is_some_and(|extension| extension == "json")
        })
        .map(|entry| {
            let modified = entry.metadata().and_then(|metadata| metadata.modified());
            (entry.path(), modified.expect("a result has a time"))
        })
        .collect()
}

#[test]
fn a_killed_grader_loses_nothing_and_doubles_nothing() {
    let sample = Sample::new();
    let class = hand_in(&sample);
    let [whole, killed] = ["out-whole", "out-killed"].map(|name| out(&sample, name));
    let arguments = |out: &Path| {
        [
            "grade",
            "honest",
            "--submissions",
            text(&class),
            "--out",
            text(out),
        ]
        .map(str::to_owned)
    };
    sample
        .xtask(&arguments(&whole).each_ref().map(String::as_str))
        .code(0);

    // Killed when there are 0, 3, 7, 12 results more; each time the next grader goes on.
    let mut before = BTreeMap::new();
    for (round, more) in [0, 3, 7, 12].into_iter().enumerate() {
        let arguments = if round == 0 {
            arguments(&killed).to_vec()
        } else {
            ["grade", "--resume", text(&killed)].map(str::to_owned).to_vec()
        };
        let mut grader = sample.command(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        let mut grader = grader.spawn().expect("the grader starts");
        let deadline = Instant::now() + Duration::from_secs(120);
        while !killed.join("batch.json").exists() || results(&killed).len() < before.len() + more {
            assert!(Instant::now() < deadline, "the grader gets on");
            assert!(
                grader.try_wait().expect("it can be waited for").is_none(),
                "it is killed before its end"
            );
            std::thread::yield_now();
        }
        grader.kill().expect("it can be killed");
        grader.wait().expect("it can be waited for");
        for (path, time) in &before {
            assert_eq!(
                results(&killed).get(path),
                Some(time),
                "what was kept is not graded again"
            );
        }
        before = results(&killed);
    }
    sample.xtask(&["grade", "--resume", text(&killed)]).code(0);
    assert_eq!(book(&killed), book(&whole));
    assert_eq!(
        results(&killed)
            .keys()
            .map(|path| path.file_name())
            .collect::<Vec<_>>(),
        results(&whole)
            .keys()
            .map(|path| path.file_name())
            .collect::<Vec<_>>(),
    );
    for (path, time) in &before {
        assert_eq!(results(&killed).get(path), Some(time));
    }
    let left = std::fs::read_dir(sample.path("target/grade/units"))
        .expect("units were made")
        .count();
    assert_eq!(left, 0, "what a killed grader left is swept by the next");
}

#[test]
fn parts_in_another_order_make_the_same_book() {
    let sample = Sample::new();
    let class = hand_in(&sample);
    let whole = out(&sample, "out-whole");
    sample
        .xtask(&[
            "grade",
            "honest",
            "--submissions",
            text(&class),
            "--out",
            text(&whole),
        ])
        .code(0);
    let parts = ["3/3", "1/3", "2/3"];
    let mut directories = Vec::new();
    for part in parts {
        let directory = out(&sample, &format!("out-part-{}", &part[..1]));
        sample
            .xtask(&[
                "grade",
                "honest",
                "--submissions",
                text(&class),
                "--shard",
                part,
                "--out",
                text(&directory),
            ])
            .code(0);
        directories.push(directory);
    }
    let merged = out(&sample, "out-merged");
    let mut arguments = vec!["grade", "honest", "--out", text(&merged), "--merge"];
    arguments.extend(directories.iter().map(|directory| text(directory)));
    sample.xtask(&arguments).code(0);
    assert_eq!(book(&merged), book(&whole));
}

#[test]
fn each_learner_gets_what_they_earned() {
    let sample = Sample::new();
    let class = hand_in(&sample);
    let directory = out(&sample, "out-earned");
    sample.write("roster.csv", "id,name\ns000,First\ns099,Nobody\n");
    let roster = sample.path("roster.csv");
    sample
        .xtask(&[
            "grade",
            "honest",
            "--submissions",
            text(&class),
            "--roster",
            text(&roster),
            "--out",
            text(&directory),
        ])
        .code(0);
    let report = std::fs::read_to_string(directory.join("class.json")).expect("the report is there");
    let report: serde_json::Value = serde_json::from_str(&report).expect("it is JSON");
    let words: BTreeMap<_, _> = report["entries"]
        .as_array()
        .expect("entries are a list")
        .iter()
        .map(|entry| {
            let word = entry["results"][0]["tests"][0]["verdict"]["word"].as_str();
            (
                entry["learner"]["id"].as_str().expect("an id"),
                word.unwrap_or("absent"),
            )
        })
        .collect();
    for number in 0..LEARNERS - 2 {
        let expected = [
            "passed",
            "passed",
            "passed",
            "failed",
            "does-not-compile",
            "no-evidence",
        ][number % 6];
        assert_eq!(
            words[format!("s{number:03}").as_str()],
            expected,
            "learner {number}"
        );
    }
    assert_eq!(words["s028"], "timed-out");
    assert_eq!(words["s029"], "refused");
    assert_eq!(words["s099"], "absent");
}

#[test]
fn one_changed_submission_is_one_to_grade() {
    let sample = Sample::new();
    let class = hand_in(&sample);
    let directory = out(&sample, "out-changed");
    let grade = || {
        sample
            .xtask(&[
                "grade",
                "honest",
                "--submissions",
                text(&class),
                "--out",
                text(&directory),
            ])
            .code(0)
    };
    let first = grade();
    // Four kinds of equal sources among the first twelve, sixteen of their own, one that never ends, one refused.
    assert!(
        first.contains("22 different submissions graded, 0 known"),
        "{first}"
    );
    sample.write("class/s004/honest/src/lib.rs", "pub fn one() -> u8 { 0 + 1 }\n");
    let second = grade();
    assert!(
        second.contains("1 different submissions graded, 22 known"),
        "{second}"
    );
    assert!(second.contains("s004"), "the change is told:\n{second}");
}
