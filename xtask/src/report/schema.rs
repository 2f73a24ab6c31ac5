//! Holds every document against its schema in `xtask/schema/`.
//!
//! The schemas of our own JSON are made from the types; `PHASE7_WRITE_SCHEMAS=1 cargo test -p xtask schema` writes
//! them again after a type has changed. Those of foreign formats are written by hand from the formats' own
//! specifications, which each names.

use std::path::{Path, PathBuf};

use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Value, json};

use super::classroom50::Identity;
use super::visibility::{Visibility, redact_report};
use super::{classroom, classroom50, exercism, fixture, gradescope};
use crate::class::{self, ClassReport, EntryReport, ExerciseInfo, Learner, Submitted};
use crate::run::{Failure, Verdict};
use crate::score::{self, Report};

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("schema").join(name)
}

/// The schema of one of our own documents.
fn made_from<T: JsonSchema>(title: &str) -> Value {
    let mut schema = SchemaGenerator::default().into_root_schema_for::<T>();
    schema.insert("title".to_owned(), title.into());
    schema.to_value()
}

/// Holds the file against the types.
fn is_current(name: &str, schema: &Value) {
    let text = serde_json::to_string_pretty(schema).unwrap() + "\n";
    let path = path(name);
    if std::env::var_os("PHASE7_WRITE_SCHEMAS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == text,
        "{} is not what the types give: PHASE7_WRITE_SCHEMAS=1 cargo test -p xtask schema\n\
         (and a new version in its name, where a reader of the old one would be wrong)",
        path.display()
    );
}

fn validator(name: &str) -> jsonschema::Validator {
    let text = std::fs::read_to_string(path(name)).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

/// Panics with all that is wrong with the document.
fn holds(validator: &jsonschema::Validator, text: &str) {
    let document: Value = serde_json::from_str(text).unwrap();
    let wrong: Vec<_> = validator
        .iter_errors(&document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}\n{text}");
}

/// Reports in every state: the fixture, a beginner, nothing at all, and texts of a megabyte with all that is odd.
fn reports() -> Vec<Report> {
    let mut hostile = fixture::report();
    let odd = format!(
        "{}\0\u{fffd}\u{9b}</script>=cmd|' /C calc'!A0\n",
        fixture::HOSTILE
    );
    let endless = odd.repeat((1 << 20) / odd.len() + 1);
    for exercise in hostile.modules.iter_mut().flat_map(|part| &mut part.exercises) {
        exercise.compile_error = exercise.compile_error.as_ref().map(|_| endless.clone());
        for (index, test) in exercise.tests.iter_mut().enumerate() {
            let said = if index == 0 { &endless } else { &odd };
            match &mut test.verdict {
                Verdict::Refused(why) | Verdict::NotGraded(why) | Verdict::KilledBy(why) => {
                    why.clone_from(said)
                }
                Verdict::Failed => {
                    test.verdict = Verdict::OutOfMemory;
                    test.failure = Some(Failure {
                        message: said.clone(),
                        ..Failure::default()
                    });
                }
                _ => {}
            }
        }
    }
    let mut empty = fixture::report();
    empty.modules.clear();
    let all = [fixture::report(), fixture::beginner(), hostile, empty];
    let levels = [Visibility::Full, Visibility::Rule, Visibility::Score];
    let at_each = |report: &Report| levels.map(|level| redact_report(report, level));
    all.iter().flat_map(at_each).collect()
}

/// Each exercise as a report of its own.
fn one_by_one(report: &Report) -> Vec<Report> {
    let mut reports = Vec::new();
    for (module, part) in report.modules.iter().enumerate() {
        for exercise in &part.exercises {
            let mut one = report.clone();
            one.modules.swap(0, module);
            one.modules.truncate(1);
            one.modules[0].exercises = vec![exercise.clone()];
            reports.push(one);
        }
    }
    reports
}

/// A class with a learner for each report, and one who handed in nothing.
fn class_report() -> ClassReport {
    let at = |report: &Report, index: usize| EntryReport {
        learner: Learner {
            id: format!("s{index:03}"),
            name: None,
            email: Some(format!("s{index:03}@example.org")),
        },
        source: Some(format!("submissions/s{index:03}.zip")),
        submitted: Some(Submitted {
            at: "2026-07-26T14:00:00Z".parse().unwrap(),
            told_by: "git commit".to_owned(),
        }),
        refusal: None,
        notes: vec!["notes.txt was left aside".to_owned()],
        results: report.exercises().cloned().collect(),
    };
    let mut entries: Vec<_> = (1..)
        .zip(&reports())
        .map(|(index, report)| at(report, index))
        .collect();
    entries.push(EntryReport {
        source: None,
        submitted: None,
        refusal: Some("nothing was handed in".to_owned()),
        ..at(&reports()[3], 99)
    });
    let info = |result: &score::ExerciseResult| ExerciseInfo {
        name: result.name.clone(),
        module: result.dir.split('/').next().unwrap_or_default().to_owned(),
        title: result.title.clone(),
        possible: result.points.possible,
    };
    ClassReport {
        format: class::FORMAT,
        course: "0a1b2c3d".to_owned(),
        exercises: fixture::report().exercises().map(info).collect(),
        sandbox: vec!["own user".to_owned()],
        entries,
    }
}

#[test]
fn our_schemas_are_what_the_types_give() {
    is_current(
        "report-v2.schema.json",
        &made_from::<Report>("phase7 report, version 2"),
    );
    is_current(
        "class-v1.schema.json",
        &made_from::<ClassReport>("phase7 class report, version 1"),
    );
    assert_eq!(
        (score::FORMAT, class::FORMAT),
        (2, 1),
        "the files' names have these numbers"
    );
}

#[test]
fn our_documents_hold_their_schemas() {
    let validator = validator("report-v2.schema.json");
    for report in reports() {
        holds(&validator, &super::json::text(&report).unwrap());
    }
    assert!(
        !validator.is_valid(&json!({"format": 2})),
        "it asks for something"
    );
    let class = super::json::document(&class_report()).unwrap();
    holds(&self::validator("class-v1.schema.json"), &class);
}

#[test]
fn gradescope_documents_hold_their_schema() {
    let validator = validator("gradescope-results.schema.json");
    for report in reports() {
        holds(&validator, &gradescope::text(&report, None).unwrap());
    }
    assert!(!validator.is_valid(&json!({"tests": [{"name": "no score anywhere"}]})));
    assert!(!validator.is_valid(&json!({"score": 1, "tests": [{"status": "skipped"}]})));
}

#[test]
fn classroom_documents_hold_their_schema() {
    let validator = validator("classroom-result.schema.json");
    for report in reports() {
        holds(&validator, &classroom::text(&report).unwrap());
    }
    assert!(!validator.is_valid(&json!({"version": 1, "status": "pass", "max_score": 1, "tests": []})));
}

#[test]
fn classroom50_documents_hold_their_schema() {
    let validator = validator("classroom50-result-v1.schema.json");
    for report in reports() {
        let text = classroom50::text(&report, &Identity::sample()).unwrap();
        holds(&validator, &text);
        let mut document: Value = serde_json::from_str(&text).unwrap();
        document["surprise"] = json!(1);
        assert!(!validator.is_valid(&document));
    }
}

#[test]
fn exercism_documents_hold_their_schema() {
    let validator = validator("exercism-v3.schema.json");
    for report in reports() {
        for one in one_by_one(&report) {
            let text = exercism::text(&one).unwrap();
            assert!(text.len() <= 500_000, "{}", text.len());
            holds(&validator, &text);
        }
    }
    assert!(!validator.is_valid(&json!({"version": 3, "status": "error", "message": null, "tests": []})));
}

#[test]
fn junit_documents_are_xml_and_count_their_cases() {
    // XML 1.0, section 2.2.
    let is_xml = |character: char| matches!(character, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    for report in reports() {
        let text = super::junit::text(&report).unwrap();
        let alien: String = text.chars().filter(|character| !is_xml(*character)).collect();
        assert_eq!(alien.escape_unicode().to_string(), "");
        assert!(text.len() < 2 << 20, "{}", text.len());
        let read = quick_junit::Report::deserialize_from_str(&text).unwrap();
        let tests = report.exercises().map(|exercise| exercise.tests.len()).sum();
        let cases = read.test_suites.iter().map(|suite| suite.test_cases.len()).sum();
        assert_eq!((read.tests, tests), (tests, cases));
        let not_passed = read.failures + read.errors + read.skipped;
        let passed = report
            .exercises()
            .filter(|exercise| exercise.review.is_empty())
            .flat_map(|exercise| &exercise.tests)
            .filter(|test| test.verdict == Verdict::Passed);
        assert_eq!(tests - not_passed, passed.count());
    }
}

/// Writes every document for the parsers of those who read them:
/// `PHASE7_LOOK=DIRECTORY cargo test -p xtask documents_to_look_at -- --ignored`.
#[test]
#[ignore = "for other parsers than ours"]
fn documents_to_look_at() {
    let directory = PathBuf::from(std::env::var_os("PHASE7_LOOK").unwrap());
    let write = |name: String, text: String| std::fs::write(directory.join(name), text).unwrap();
    for (index, report) in reports().iter().enumerate() {
        write(format!("{index}.junit.xml"), super::junit::text(report).unwrap());
        write(
            format!("{index}.gradescope.json"),
            gradescope::text(report, None).unwrap(),
        );
        write(
            format!("{index}.classroom.json"),
            classroom::text(report).unwrap(),
        );
        write(format!("{index}.classroom.log"), classroom::log(report, "token"));
        classroom::set_output(report, &directory.join(format!("{index}.classroom.output"))).unwrap();
        let text = classroom50::text(report, &Identity::sample()).unwrap();
        write(format!("{index}.classroom50.json"), text);
        for (exercise, one) in one_by_one(report).iter().enumerate() {
            write(
                format!("{index}-{exercise}.exercism.json"),
                exercism::text(one).unwrap(),
            );
        }
    }
}
