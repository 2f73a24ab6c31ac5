//! A report with one exercise in every state, and text that tries to break out of each form.

use crate::catalogue::Kind;
use crate::checklist::ItemResult;
use crate::run::{Failure, Verdict};
use crate::score::{ExerciseResult, FORMAT, ModuleResult, NextStep, Points, Report, State, TestResult};
use crate::store::Moment;

/// What no form may pass on as it is.
pub const HOSTILE: &str = "<script>alert('1')</script> & \"quotes\"\n```\n`````\n</pre></details>\n# heading | pipe\n\
::error::forged\n  ::stop-commands::x\nand ##[error]forged\n=1+1\n]]>\n\u{1b}[31mred\u{1b}[0m\ttab\u{202e}\u{ffff}";

/// The report.
pub fn report() -> Report {
    let modules = vec![
        module(
            "31-cli-tools",
            "Command-line tools",
            vec![file_search(), word_count()],
        ),
        module(
            "32-network-programming",
            "Network programming",
            vec![tcp_echo(), http_server()],
        ),
        module("33-embedded-rust", "Embedded Rust", vec![blink()]),
        module(
            "34-os-concepts",
            "Operating system concepts",
            vec![process_supervisor()],
        ),
        module(
            "35-memory-management",
            "Memory management",
            vec![bump_allocator()],
        ),
    ];
    let next = NextStep {
        exercise: "file-search".to_owned(),
        dir: "31-cli-tools/01-file-search".to_owned(),
        why: "rule 4: With `-n` the line's number, counted from 1, and a colon stand in front of each line that \
              is printed, whether or not the file's name does."
            .to_owned(),
        command: "cargo xtask check file-search".to_owned(),
    };
    Report {
        sandbox: vec!["own user".to_owned(), "namespaces".to_owned()],
        format: FORMAT,
        graded_at: "2026-07-26T14:03:00Z".to_owned(),
        points: modules.iter().map(|module| module.points).sum(),
        modules,
        checklist: checklist(),
        next: Some(next),
    }
}

/// The report of somebody who has not begun.
pub fn beginner() -> Report {
    let mut report = report();
    for exercise in report.modules.iter_mut().flat_map(|module| &mut module.exercises) {
        exercise.tests.retain(|test| test.kind != Kind::Wire);
        for test in &mut exercise.tests {
            *test = stub(&test.name, test.possible, test.rule);
        }
        let tests = std::mem::take(&mut exercise.tests);
        *exercise = self::exercise(&exercise.dir, &exercise.title, State::NotStarted, tests);
    }
    for part in &mut report.modules {
        *part = module(&part.name, &part.title, std::mem::take(&mut part.exercises));
    }
    for item in &mut report.checklist {
        (item.ticked, item.reached) = (false, 0);
    }
    report.points = report.modules.iter().map(|module| module.points).sum();
    report.next = Some(NextStep {
        exercise: "file-search".to_owned(),
        dir: "31-cli-tools/01-file-search".to_owned(),
        why: "read 31-cli-tools/01-file-search/README.md, then take its first step".to_owned(),
        command: "cargo xtask check file-search".to_owned(),
    });
    report
}

/// `count` moments, a day and some hours apart, each with a little more.
pub fn history(count: u32) -> Vec<Moment> {
    let start: jiff::Timestamp = "2026-05-04T09:12:00Z".parse().unwrap();
    let moment = |index: u32| Moment {
        at: (start + jiff::Span::new().hours(i64::from(index) * 31)).to_string(),
        points: Points {
            earned: index * index % 7 + index * 60 / count,
            possible: 120,
            not_graded: 4,
        },
    };
    (0..count).map(moment).collect()
}

fn checklist() -> Vec<ItemResult> {
    let item = |name: &str, rule: &str, reached, wanted| ItemResult {
        name: name.to_owned(),
        rule: format!("{rule} at 80 % or more."),
        ticked: reached >= wanted,
        reached,
        wanted,
    };
    vec![
        item(
            "Built multiple CLI tools",
            "two exercises of `31-cli-tools`",
            1,
            2,
        ),
        item(
            "Implemented network protocols",
            "one exercise of `32-network-programming`",
            0,
            1,
        ),
        item(
            "Optimized memory usage",
            "one of `bump-allocator` and `word-count`",
            1,
            1,
        ),
        item(
            "Completed at least two systems projects",
            "two exercises of `projects`",
            0,
            2,
        ),
    ]
}

fn module(name: &str, title: &str, exercises: Vec<ExerciseResult>) -> ModuleResult {
    ModuleResult {
        name: name.to_owned(),
        title: title.to_owned(),
        points: exercises.iter().map(|exercise| exercise.points).sum(),
        exercises,
    }
}

fn exercise(dir: &str, title: &str, state: State, tests: Vec<TestResult>) -> ExerciseResult {
    let not_graded = |test: &&TestResult| matches!(test.verdict, Verdict::NotGraded(_));
    ExerciseResult {
        name: dir
            .rsplit('/')
            .next()
            .and_then(|name| name.split_once('-'))
            .unwrap()
            .1
            .to_owned(),
        dir: dir.to_owned(),
        title: title.to_owned(),
        sources: "0123456789abcdef".to_owned(),
        points: Points {
            earned: tests.iter().map(|test| test.earned).sum(),
            possible: tests.iter().map(|test| test.possible).sum(),
            not_graded: tests.iter().filter(not_graded).map(|test| test.possible).sum(),
        },
        state,
        compile_error: None,
        review: Vec::new(),
        flag: None,
        tests,
    }
}

fn test(name: &str, possible: u32, rule: u32, verdict: Verdict) -> TestResult {
    const RULES: [&str; 5] = [
        "A line is what ends in a newline; what follows the last newline is a line too, unless it is empty.",
        "The exit code is 0 when a line was printed, 1 when none was, 2 after an error.",
        "A file that cannot be read is named on standard error with the reason, and the search goes on.",
        "With `-n` the line's number, counted from 1, and a colon stand in front of each line that is printed.",
        "No input, however long its lines, takes more than 64 MB.",
    ];
    TestResult {
        name: name.to_owned(),
        kind: if name.starts_with("open") {
            Kind::Open
        } else {
            Kind::Hidden
        },
        possible,
        earned: if verdict == Verdict::Passed { possible } else { 0 },
        rule,
        rule_text: RULES[rule as usize - 1].to_owned(),
        doc: "What the test checks, in a sentence of its `doc` comment.".to_owned(),
        verdict,
        failure: None,
        duration_ms: 12,
    }
}

fn stub(name: &str, possible: u32, rule: u32) -> TestResult {
    let failure = Failure {
        not_yet_implemented: true,
        message: "not yet implemented: split the input".to_owned(),
        location: Some("31-cli-tools/01-file-search/src/lib.rs:31:9".to_owned()),
        ..Failure::default()
    };
    TestResult {
        failure: Some(failure),
        ..test(name, possible, rule, Verdict::Failed)
    }
}

fn file_search() -> ExerciseResult {
    let differs = Failure {
        message: "what -n prints".to_owned(),
        location: Some("tests/open.rs:61:5".to_owned()),
        source: Some("31-cli-tools/01-file-search/src/search.rs:42:9".to_owned()),
        actual: Some("1:apple\n1:banana \n\t2:cherry".to_owned()),
        expected: Some("1:apple\n2:banana\n3:cherry\n".to_owned()),
        not_yet_implemented: false,
    };
    let hostile = Failure {
        message: HOSTILE.to_owned(),
        location: Some(HOSTILE.to_owned()),
        source: Some(HOSTILE.to_owned()),
        actual: Some(HOSTILE.to_owned()),
        expected: Some("plain".to_owned()),
        not_yet_implemented: false,
    };
    let tests = vec![
        test("open::finds_a_word", 1, 1, Verdict::Passed),
        test("open::prints_nothing_when_nothing_matches", 1, 2, Verdict::Passed),
        TestResult {
            failure: Some(differs),
            ..test("open::numbers_lines_from_one", 2, 4, Verdict::Failed)
        },
        stub("open::names_what_it_cannot_read", 2, 3),
        test("hidden::a_last_line_needs_no_newline", 3, 1, Verdict::Passed),
        test("hidden::limits::a_giant_line_is_found", 3, 5, Verdict::TimedOut),
        TestResult {
            failure: Some(hostile),
            ..test(
                "hidden::limits::a_binary_file_is_searched",
                3,
                5,
                Verdict::KilledBy("SIGSEGV".to_owned()),
            )
        },
    ];
    exercise(
        "31-cli-tools/01-file-search",
        "File search",
        State::Started,
        tests,
    )
}

fn word_count() -> ExerciseResult {
    let tests = vec![
        test("open::counts_words", 4, 1, Verdict::Passed),
        test("hidden::counts_nothing", 6, 2, Verdict::Passed),
    ];
    exercise("31-cli-tools/02-word-count", "Word count", State::Complete, tests)
}

fn tcp_echo() -> ExerciseResult {
    let tests = vec![
        test("open::echoes", 4, 1, Verdict::DoesNotCompile),
        test("hidden::echoes_halves", 6, 2, Verdict::DoesNotCompile),
    ];
    ExerciseResult {
        compile_error: Some(format!(
            "error[E0308]: mismatched types\n --> 32-network-programming/01-tcp-echo/src/frame.rs:42:5\n  |\n42 |     \
             \"{HOSTILE}\"\n  |     ^^^^^ expected `Frame`, found `&str`\n"
        )),
        ..exercise(
            "32-network-programming/01-tcp-echo",
            "TCP echo",
            State::DoesNotCompile,
            tests,
        )
    }
}

fn http_server() -> ExerciseResult {
    let tests = vec![
        stub("open::answers_get", 8, 1),
        stub("hidden::answers_in_order", 12, 2),
    ];
    exercise(
        "32-network-programming/02-http-server",
        "HTTP server",
        State::NotStarted,
        tests,
    )
}

fn blink() -> ExerciseResult {
    let missing = || Verdict::NotGraded("qemu-system-arm is not installed".to_owned());
    let tests = vec![
        test("open::toggles_the_pin", 4, 1, missing()),
        test("hidden::blinks_on_the_board", 6, 2, missing()),
    ];
    exercise("33-embedded-rust/01-blink", "Blink", State::NotGraded, tests)
}

fn process_supervisor() -> ExerciseResult {
    let mut tests = vec![
        test("open::starts_a_child", 4, 1, Verdict::Passed),
        test("open::restarts_a_child", 4, 2, Verdict::Passed),
        test("hidden::ends_in_order", 0, 2, Verdict::WireTripped),
    ];
    tests.iter_mut().for_each(|test| test.earned = 0);
    tests[2].kind = Kind::Wire;
    (tests[2].rule, tests[2].rule_text) = (0, String::new());
    let exercise = exercise(
        "34-os-concepts/01-process-supervisor",
        "Process supervisor",
        State::Started,
        tests,
    );
    ExerciseResult {
        review: vec!["hidden::ends_in_order passed, which no honest answer does".to_owned()],
        ..exercise
    }
}

fn bump_allocator() -> ExerciseResult {
    let refused = || Verdict::Refused("src/<b>.rs has a name that no module has".to_owned());
    let tests = vec![
        test("open::allocates", 4, 1, refused()),
        test("hidden::aligns", 6, 2, refused()),
    ];
    exercise(
        "35-memory-management/01-bump-allocator",
        "Bump allocator",
        State::Refused,
        tests,
    )
}

/// Writes every form for a look at it: `PHASE7_LOOK=DIRECTORY cargo test -p xtask forms -- --ignored`.
#[test]
#[ignore = "for a person's eyes"]
fn forms_to_look_at() {
    let directory = std::path::PathBuf::from(std::env::var_os("PHASE7_LOOK").unwrap());
    let write = |name: &str, text: &[u8]| std::fs::write(directory.join(name), text).unwrap();
    for (name, report, moments) in [
        ("mixed", report(), 24),
        ("beginner", beginner(), 1),
        ("no-history", report(), 0),
        ("two-moments", report(), 2),
        ("many-moments", report(), 500),
    ] {
        let history = history(moments);
        let mut terminal = Vec::new();
        super::terminal::write(&mut terminal, &report, &history).unwrap();
        write(&format!("{name}.ansi"), &terminal);
        write(
            &format!("{name}.html"),
            super::html::page(&report, &history).as_bytes(),
        );
        write(&format!("{name}.md"), super::markdown::text(&report).as_bytes());
        write(
            &format!("{name}.xml"),
            super::junit::text(&report).unwrap().as_bytes(),
        );
    }
}
