//! Thirty submissions of the real course, graded whole, in parts in another order, and by a grader that is killed
//! half-way: the books are equal. It takes a quarter of an hour and more, so it runs when it is asked for:
//!
//! ```text
//! cargo test -p xtask --test whole_course -- --ignored --nocapture
//! ```

#[allow(dead_code, reason = "each target uses a part of it")]
mod course;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Learners in the class. Each hands in two exercises, and has not begun the others.
const LEARNERS: usize = 30;

/// What of a book must not depend on how it was made.
const BOOK: [&str; 3] = ["gradebook.csv", "gradebook-long.csv", "matrix.csv"];

/// What the learner `number` hands in for an exercise.
#[derive(Clone, Copy)]
enum Work {
    /// The reference, with a comment of the learner's own.
    Honest,
    /// The starter.
    Begun,
    /// The reference with one of the course's own mistakes in it.
    Partial,
    /// What does not compile.
    Broken,
    /// A program that ends with success wherever work would have been.
    Hostile,
    /// A link in the place of a source.
    Refused,
}

const WORK: [Work; 6] = [
    Work::Honest,
    Work::Partial,
    Work::Broken,
    Work::Hostile,
    Work::Begun,
    Work::Refused,
];

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask stands in the workspace")
}

/// Writes the class into `class`.
fn hand_in(class: &Path) {
    let exercises = course::exercises(workspace());
    for number in 0..LEARNERS {
        for turn in 0..2 {
            let exercise = &exercises[(number + turn * 2) % exercises.len()];
            let work = WORK[(number / exercises.len() + turn * 3 + number) % WORK.len()];
            write(
                exercise,
                work,
                number,
                &class.join(format!("s{number:03}")).join(exercise).join("src"),
            );
        }
    }
}

fn write(exercise: &Path, work: Work, number: usize, to: &Path) {
    let from = workspace().join(exercise);
    let reference = from.join("solution/src");
    let library = to.join("lib.rs");
    let append = |text: &str| {
        let before = std::fs::read_to_string(&library).expect("a library was copied");
        std::fs::write(&library, before + text).expect("a file can be written");
    };
    match work {
        Work::Honest => {
            course::copy(&reference, to);
            append(&format!("// The work of learner {number}.\n"));
        }
        Work::Begun => course::copy(&from.join("src"), to),
        Work::Partial => {
            course::copy(&reference, to);
            mistake(&from.join("wrong"), number, to);
        }
        Work::Broken => {
            course::copy(&reference, to);
            append("fn unfinished( {\n");
        }
        Work::Hostile => {
            course::copy(&from.join("src"), to);
            leave_early(to);
            append("#[macro_export]\nmacro_rules! leave { ($($_:tt)*) => { ::std::process::exit(0) } }\n");
        }
        Work::Refused => {
            std::fs::create_dir_all(to).expect("directories can be made");
            std::os::unix::fs::symlink("/etc/passwd", library).expect("a link can be made");
        }
    }
}

/// Makes one of the exercise's wrong solutions of a copy of the reference.
fn mistake(wrong: &Path, number: usize, to: &Path) {
    let mut files: Vec<_> = std::fs::read_dir(wrong)
        .expect("an exercise has wrong solutions")
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    let text = std::fs::read_to_string(&files[number % files.len()]).expect("a file can be read");
    let mistake: toml::Table = text.parse().expect("a wrong solution is TOML");
    for replacement in mistake["replace"].as_array().expect("it replaces something") {
        let part = |key| replacement[key].as_str().expect("a text");
        let file = to.parent().expect("src stands in a directory").join(part("file"));
        let source = std::fs::read_to_string(&file).expect("the reference has the file");
        std::fs::write(&file, source.replace(part("find"), part("with"))).expect("a file can be written");
    }
}

/// Puts the end of the process into the place of every `todo!`.
fn leave_early(directory: &Path) {
    for entry in std::fs::read_dir(directory)
        .expect("a directory can be read")
        .flatten()
    {
        let path = entry.path();
        if path.is_dir() {
            leave_early(&path);
        } else {
            let text = std::fs::read_to_string(&path).expect("sources are text");
            std::fs::write(&path, text.replace("todo!(", "crate::leave!(")).expect("a file can be written");
        }
    }
}

fn grade<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .arg("grade")
        .args(arguments)
        .current_dir(workspace())
        .stdout(Stdio::null());
    command
}

/// Grades to the end, and says how long it took.
fn run(what: &str, mut command: Command) {
    let started = Instant::now();
    let status = command.status().expect("the grader starts");
    assert!(status.success(), "{what} ends well");
    println!("{what}: {:.0} s", started.elapsed().as_secs_f64());
}

fn book(out: &Path) -> [String; 3] {
    BOOK.map(|name| std::fs::read_to_string(out.join(name)).expect("the book is there"))
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a temporary path is text")
}

/// How many results are kept.
fn count(directory: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(directory) else {
        return 0;
    };
    let results = |path: PathBuf| match path.is_dir() {
        true => count(&path),
        false => usize::from(path.extension().is_some_and(|extension| extension == "json")),
    };
    entries.flatten().map(|entry| results(entry.path())).sum()
}

#[test]
#[ignore = "grades the real course three times; see above"]
fn thirty_submissions_of_the_whole_course_have_one_book() {
    let scratch = tempfile::tempdir().expect("a temporary directory can be made");
    let at = |name: &str| scratch.path().join(name);
    let class = at("class");
    hand_in(&class);
    let [whole, merged, killed] = ["whole", "merged", "killed"].map(at);
    run(
        "whole",
        grade(["--submissions", text(&class), "--out", text(&whole)]),
    );

    let parts = ["3/3", "1/3", "2/3"].map(|part| (part, at(&format!("part-{}", &part[..1]))));
    for (part, out) in &parts {
        let arguments = ["--submissions", text(&class), "--shard", part, "--out", text(out)];
        run(part, grade(arguments));
    }
    let mut arguments = vec!["--out", text(&merged), "--merge"];
    arguments.extend(parts.iter().map(|(_, out)| text(out)));
    run("merged", grade(arguments));
    assert_eq!(book(&merged), book(&whole), "in parts, in another order");

    let half = count(&whole.join("results")) / 2;
    let mut grader = grade(["--submissions", text(&class), "--out", text(&killed)])
        .spawn()
        .expect("the grader starts");
    let deadline = Instant::now() + Duration::from_secs(3600);
    while count(&killed.join("results")) < half {
        let ended = grader.try_wait().expect("it can be waited for");
        assert!(
            ended.is_none() && Instant::now() < deadline,
            "it is killed half-way"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    grader.kill().expect("it can be killed");
    grader.wait().expect("it can be waited for");
    println!("killed with {half} results");
    run("resumed", grade(["--resume", text(&killed)]));
    assert_eq!(book(&killed), book(&whole), "killed half-way, and resumed");
    print!("{}", book(&whole)[0]);
}
