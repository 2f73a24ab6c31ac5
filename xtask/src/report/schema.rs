//! Holds every document against its schema in `xtask/schema/`.
//!
//! The schemas of our own JSON are made from the types; `PHASE7_WRITE_SCHEMAS=1 cargo test -p xtask schema` writes
//! them again after a type has changed. Those of foreign formats are written by hand from the formats' own
//! specifications, which each names.

mod samples;

use std::path::{Path, PathBuf};

use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Value, json};

use super::classroom50::Identity;
use super::{classroom, classroom50, exercism, gradescope};
use crate::class::{self, ClassReport};
use crate::run::Verdict;
use crate::score::{self, Report};
use samples::{class_report, one_by_one, reports};

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
