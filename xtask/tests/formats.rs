//! The documents that platforms read, from the command line: each is alone on standard output, holds its schema, and
//! says no more of hidden tests than its level.

#[allow(dead_code, reason = "this part of the tests needs a part of the sample")]
mod sample;

use sample::Sample;
use serde_json::Value;

/// Holds the text of a document against the schema of that name.
fn document(text: &str, schema: &str) -> Value {
    let path = format!("{}/schema/{schema}.schema.json", env!("CARGO_MANIFEST_DIR"));
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(&path).expect("it is in the tree"))
        .expect("a schema is JSON");
    let document = serde_json::from_str(text).unwrap_or_else(|error| panic!("no JSON ({error}):\n{text}"));
    let wrong: Vec<_> = jsonschema::validator_for(&schema)
        .expect("it is a schema")
        .iter_errors(&document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(wrong.is_empty(), "{path}: {wrong:#?}");
    document
}

const IDENTITY: &str = r#"{
  "classroom": "sample", "assignment": "ninety", "assignment_type": "individual", "owner": "s001",
  "submission": "submit/1", "commit": "c", "release": "r", "review": "r", "datetime": "2026-07-26T14:00:00Z"
}"#;

#[test]
fn every_platform_gets_its_document() {
    let sample = Sample::new();
    let report = sample.grade();
    document(&report.to_string(), "report-v2");
    let points = &report["points"];

    let text = sample.xtask(&["grade", "--format", "gradescope"]).code(0);
    let gradescope = document(&text, "gradescope-results");
    assert_eq!(gradescope["score"], points["earned"]);
    sample.write(
        "metadata.json",
        r#"{"users": [{"id": 7, "email": "s001@example.org"}]}"#,
    );
    let asked = ["grade", "--format", "gradescope", "--identity", "metadata.json"];
    let known = document(&sample.xtask(&asked).code(0), "gradescope-results");
    assert_eq!(known["extra_data"]["learner"], "7");

    let text = sample.xtask(&["grade", "--format", "classroom"]).code(0);
    let classroom = document(&text, "classroom-result");
    assert_eq!(classroom["max_score"], points["possible"]);

    let text = sample.xtask(&["grade", "--format", "classroom-log"]).code(1);
    assert!(text.starts_with("::stop-commands::"), "{text}");
    let notice = format!(
        "::notice title=Autograding complete::Points {}/{}\n",
        points["earned"], points["possible"]
    );
    assert!(text.contains(&notice), "{text}");

    sample.write("identity.json", IDENTITY);
    let asked = ["grade", "--format", "classroom50", "--identity", "identity.json"];
    let classroom50 = document(&sample.xtask(&asked).code(0), "classroom50-result-v1");
    assert_eq!(
        (&classroom50["owner"], &classroom50["score"]),
        (&"s001".into(), &points["earned"])
    );

    for (name, status) in [
        ("honest", "pass"),
        ("adder", "fail"),
        ("broken", "error"),
        ("liar", "fail"),
    ] {
        let text = sample.xtask(&["grade", name, "--format", "exercism"]).code(0);
        assert_eq!(document(&text, "exercism-v3")["status"], status, "{name}");
    }
    for (name, text) in [
        ("gradescope", gradescope),
        ("classroom", classroom),
        ("classroom50", classroom50),
    ] {
        assert!(
            !text.to_string().contains("keeps_the_number"),
            "{name} tells a wire"
        );
    }
}

#[test]
fn a_level_holds_in_every_format() {
    let sample = Sample::new();
    sample.write("identity.json", IDENTITY);
    let shows_wire = |format: &str, level: &str| {
        let identity: &[&str] = if format == "classroom50" {
            &["--identity", "identity.json"]
        } else {
            &[]
        };
        let names: &[&str] = if format == "exercism" { &["liar"] } else { &[] };
        let arguments = [
            &[
                "grade",
                "--format",
                format,
                "--visibility",
                level,
                "--html",
                "page.html",
            ],
            identity,
            names,
        ];
        let text = sample.xtask(&arguments.concat()).text() + &sample.read("page.html").replace("<wbr/>", "");
        assert!(text.contains("liar"), "{format}: {text}");
        text.contains("keeps_the_number")
    };
    for format in [
        "text",
        "json",
        "junit",
        "markdown",
        "gradescope",
        "classroom",
        "classroom-log",
        "classroom50",
        "exercism",
    ] {
        for level in ["rule", "score"] {
            assert!(!shows_wire(format, level), "{format} at {level}");
        }
    }
    assert!(shows_wire("json", "full"), "an instructor is told");
}

#[test]
fn what_a_format_needs_is_asked_for_before_anything_is_graded() {
    let sample = Sample::new();
    sample.write("identity.json", &IDENTITY.replace("submit/", "tag/"));
    for (arguments, part) in [
        (&["--format", "classroom50"][..], "--identity"),
        (
            &["--format", "classroom50", "--identity", "identity.json"],
            "`submission`",
        ),
        (&["--format", "exercism"], "one exercise"),
        (
            &["--format", "json", "--identity", "identity.json"],
            "--identity is for",
        ),
    ] {
        let output = sample.xtask(&[&["grade"], arguments].concat()).code(2);
        assert!(output.starts_with("xtask: ") && output.contains(part), "{output}");
        assert_eq!(output.lines().count(), 1, "{output}");
    }
    assert!(
        !sample.path("target/grade/results").exists(),
        "nothing was graded"
    );
}

#[test]
fn the_compiler_quotes_no_hidden_test() {
    let sample = Sample::new();
    // Neither the open tests nor the hidden ones compile without an equality.
    sample.write(
        "90-sample/04-liar/src/lib.rs",
        "#[derive(Debug)]\npub struct Number(pub u8);\n",
    );
    let error = |level: &str| {
        let arguments = ["grade", "liar", "--format", "json", "--visibility", level];
        let report = document(&sample.xtask(&arguments).code(1), "report-v2");
        sample::exercise(&report, "liar")["compile_error"].to_string()
    };
    assert!(error("full").contains("error[E0369]"), "{}", error("full"));
    for level in ["rule", "score"] {
        let shown = error(level);
        assert!(!shown.contains("201") && !shown.contains("hidden.rs"), "{shown}");
        assert!(
            shown.contains("a public name or signature differs") || shown.contains("open.rs"),
            "{shown}"
        );
    }
}
