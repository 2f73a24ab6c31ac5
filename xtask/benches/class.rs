//! A class graded, beside a plain `cargo test` over the same submissions.
//!
//! ```text
//! cargo bench -p xtask --bench class -- [SUBMISSIONS] [BY-CARGO]
//! ```
//!
//! Every submission holds the reference solutions, each with a comment of its own, so that no two are alike and every
//! test does all its work. The grader takes `SUBMISSIONS` of them (30): the first alone, which builds what all share,
//! then the rest, then all of them once more unchanged. `cargo test` takes the first `BY-CARGO` (2), each in a fresh
//! target directory, as a script would that trusts nobody: its time for one does not depend on how many there are.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

#[allow(dead_code, reason = "each target uses a part of it")]
#[path = "../tests/course/mod.rs"]
mod course;

use course::{copy, exercises};

fn main() {
    let mut numbers = std::env::args()
        .skip(1)
        .filter_map(|argument| argument.parse::<usize>().ok());
    let submissions = numbers.next().unwrap_or(30).max(2);
    let by_cargo = numbers.next().unwrap_or(2).clamp(1, submissions);
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask stands in the workspace");
    let scratch = tempfile::tempdir().expect("a temporary directory can be made");
    let course = scratch.path().join("course");
    copy_tracked(workspace, &course);
    let exercises = exercises(&course);
    let class = scratch.path().join("class");
    hand_in(&course, &exercises, &class, 1);

    let out = scratch.path().join("graded");
    let grade = || grade(&course, &class, &out);
    let first = timed(grade);
    hand_in(&course, &exercises, &class, submissions);
    let rest = timed(grade);
    let unchanged = timed(grade);

    let cargo = timed(|| {
        for number in 0..by_cargo {
            test_with_cargo(
                &course,
                &exercises,
                &class.join(name(number)),
                &scratch.path().join("by-cargo"),
            );
        }
    });

    let each = |duration: Duration, count: usize| duration.as_secs_f64() / count as f64;
    let plain = each(cargo, by_cargo);
    println!(
        "{:<44} {:>10} {:>8}",
        "a submission of the whole course", "seconds", "ratio"
    );
    for (what, seconds) in [
        (format!("cargo test, cold ({by_cargo})"), plain),
        (
            "the grader's first, with all that is shared".to_owned(),
            first.as_secs_f64(),
        ),
        (
            format!("the grader, cold ({})", submissions - 1),
            each(rest, submissions - 1),
        ),
        (
            format!("the grader, unchanged ({submissions})"),
            each(unchanged, submissions),
        ),
    ] {
        println!("{what:<44} {seconds:>10.3} {:>8.1}", plain / seconds);
    }
}

fn timed(work: impl FnOnce()) -> Duration {
    let started = Instant::now();
    work();
    started.elapsed()
}

fn name(number: usize) -> String {
    format!("s{number:03}")
}

/// The files that git tracks, as a learner's clone has them.
fn copy_tracked(from: &Path, to: &Path) {
    let output = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(from)
        .output()
        .expect("git starts");
    let text = String::from_utf8(output.stdout).expect("names are text");
    for file in text.split('\0').filter(|name| !name.is_empty()) {
        let place = to.join(file);
        std::fs::create_dir_all(place.parent().expect("a file has a parent"))
            .expect("directories can be made");
        std::fs::copy(from.join(file), place).expect("a file can be copied");
    }
}

/// Submissions `0..count`, each the reference with a comment of its own.
fn hand_in(course: &Path, exercises: &[PathBuf], class: &Path, count: usize) {
    for number in 0..count {
        for exercise in exercises {
            let from = course.join(exercise).join("solution/src");
            let to = class.join(name(number)).join(exercise).join("src");
            copy(&from, &to);
            let library = to.join("lib.rs");
            let mut text = std::fs::read_to_string(&library).expect("a solution has a library");
            text.push_str(&format!("// Submission {number}.\n"));
            std::fs::write(library, text).expect("a file can be written");
        }
    }
}

fn grade(course: &Path, class: &Path, out: &Path) {
    let status = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["grade", "--submissions"])
        .arg(class)
        .arg("--out")
        .arg(out)
        .current_dir(course)
        .stdout(Stdio::null())
        .status()
        .expect("the program starts");
    assert!(status.success(), "the class is graded");
}

/// What a script without a grader does: the sources in place, a fresh target directory, every test.
fn test_with_cargo(course: &Path, exercises: &[PathBuf], submission: &Path, scratch: &Path) {
    let _ = std::fs::remove_dir_all(scratch);
    copy(course, scratch);
    let mut features = Vec::new();
    let mut command = Command::new("cargo");
    command.args(["test", "--quiet", "--no-fail-fast", "--offline"]);
    for exercise in exercises {
        let src = scratch.join(exercise).join("src");
        std::fs::remove_dir_all(&src).expect("the starter is there");
        copy(&submission.join(exercise).join("src"), &src);
        let directory = exercise
            .file_name()
            .expect("an exercise has a name")
            .to_string_lossy();
        let package = directory
            .split_once('-')
            .map_or(&*directory, |(_, name)| name)
            .to_owned();
        features.push(format!("{package}/hidden"));
        command.args(["--package", &package]);
    }
    // Whether all pass is no matter here: nobody warrants that the tests of one process do not disturb each other.
    let _ = command
        .args([
            "--test",
            "open",
            "--test",
            "hidden",
            "--features",
            &features.join(","),
        ])
        .current_dir(scratch)
        .env("CARGO_TARGET_DIR", scratch.join("target"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("cargo starts");
}
