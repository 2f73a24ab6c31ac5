//! The property that redaction stands for: whatever hidden tests and wires hold, no form of the report shows it.
//!
//! Every field of every hidden test and wire gets a word that stands nowhere else, every form is written at each
//! level, and the words are looked for in all of them.

use super::{Visibility, redact_report};
use crate::catalogue::Kind;
use crate::report::{
    classroom, classroom50, exercism, fixture, gradescope, html, json, junit, markdown, terminal,
};
use crate::run::{Failure, Verdict};
use crate::score::{Report, TestResult};

/// Words that stand nowhere else.
#[derive(Default)]
struct Canaries(Vec<String>);

impl Canaries {
    fn word(&mut self) -> String {
        let word = format!("canary{:04}x", self.0.len());
        self.0.push(word.clone());
        word
    }

    fn number(&mut self) -> u64 {
        let number = 918_273_000 + self.0.len() as u64;
        self.0.push(number.to_string());
        number
    }

    /// Fills all that a test's runs and sources say; `rule` too where that is not to be seen.
    fn fill(&mut self, test: &mut TestResult, rule: bool) {
        test.name = format!("hidden::{}", self.word());
        test.doc = self.word();
        test.duration_ms = self.number();
        test.failure = Some(Failure {
            message: self.word(),
            location: Some(self.word()),
            source: Some(self.word()),
            actual: Some(self.word()),
            expected: Some(self.word()),
            not_yet_implemented: false,
        });
        match &mut test.verdict {
            Verdict::KilledBy(detail) | Verdict::NotGraded(detail) => *detail = self.word(),
            _ => {}
        }
        if rule {
            test.rule_text = self.word();
        }
    }
}

/// The fixture with canaries in all that a learner must not see at `visibility`, and a wire in each exercise.
fn planted(visibility: Visibility) -> (Report, Canaries) {
    let mut report = fixture::report();
    let mut canaries = Canaries::default();
    let tripped = report.modules[3].exercises[0].tests[2].clone();
    for exercise in report.modules.iter_mut().flat_map(|part| &mut part.exercises) {
        exercise.tests.retain(|test| test.kind != Kind::Wire);
        for test in exercise.tests.iter_mut().filter(|test| test.kind == Kind::Hidden) {
            canaries.fill(test, visibility == Visibility::Score);
        }
        let mut wire = tripped.clone();
        canaries.fill(&mut wire, true);
        exercise.review = vec![format!("{} passed, {}", wire.name, canaries.word())];
        exercise.tests.push(wire);
        exercise.flag = Some(canaries.word());
        exercise.compile_error = Some(format!(
            "error[E0425]: {}\n --> {}/hidden/{}.rs:3:5\n  |\n3 |     {}\n",
            canaries.word(),
            exercise.dir,
            canaries.word(),
            canaries.word()
        ));
    }
    (report, canaries)
}

/// Every form of the report, by its name.
fn forms(report: &Report) -> Vec<(&'static str, String)> {
    let mut text = Vec::new();
    terminal::write(&mut text, report, &[]).unwrap();
    let mut forms = vec![
        ("text", String::from_utf8(text).unwrap()),
        ("json", json::text(report).unwrap()),
        ("junit", junit::text(report).unwrap()),
        ("markdown", markdown::text(report)),
        ("html", html::page(report, &[]).replace("<wbr/>", "")),
        ("gradescope", gradescope::text(report, None).unwrap()),
        ("classroom", classroom::text(report).unwrap()),
        ("classroom log", classroom::log(report, "token")),
        (
            "classroom50",
            classroom50::text(report, &classroom50::Identity::sample()).unwrap(),
        ),
    ];
    for (module, part) in report.modules.iter().enumerate() {
        for exercise in 0..part.exercises.len() {
            let mut one = report.clone();
            one.modules = vec![one.modules.swap_remove(module)];
            one.modules[0].exercises = vec![one.modules[0].exercises.swap_remove(exercise)];
            forms.push(("exercism", exercism::text(&one).unwrap()));
        }
    }
    forms
}

/// The canaries that a form shows, with the form's name.
fn shown(report: &Report, canaries: &Canaries) -> Vec<String> {
    let mut shown = Vec::new();
    for (name, text) in forms(report) {
        // Numbers of milliseconds may be written as seconds.
        let plain = text.replace(['.', ',', '_'], "");
        let has = |canary: &&String| text.contains(canary.as_str()) || plain.contains(canary.as_str());
        shown.extend(
            canaries
                .0
                .iter()
                .filter(has)
                .map(|canary| format!("{name}: {canary}")),
        );
    }
    shown
}

#[test]
fn nothing_of_a_hidden_test_or_a_wire_is_in_any_form() {
    for visibility in [Visibility::Rule, Visibility::Score] {
        for under_review in [true, false] {
            let (mut report, canaries) = planted(visibility);
            if !under_review {
                for exercise in report.modules.iter_mut().flat_map(|part| &mut part.exercises) {
                    exercise.review.clear();
                }
            }
            let redacted = redact_report(&report, visibility);
            let shown = shown(&redacted, &canaries);
            assert!(shown.is_empty(), "{visibility:?}: {shown:#?}");
        }
    }
}

#[test]
fn the_search_would_find_them() {
    let (mut report, canaries) = planted(Visibility::Score);
    for exercise in report.modules.iter_mut().flat_map(|part| &mut part.exercises) {
        exercise.review.clear();
    }
    let found = shown(&report, &canaries);
    for form in [
        "text",
        "json",
        "junit",
        "markdown",
        "html",
        "gradescope",
        "classroom",
        "classroom50",
        "exercism",
    ] {
        assert!(
            found.iter().any(|found| found.starts_with(&format!("{form}: "))),
            "{form}"
        );
    }
    let is_found = |canary: &&String| found.iter().any(|found| found.ends_with(canary.as_str()));
    let unseen: Vec<_> = canaries.0.iter().filter(|canary| !is_found(canary)).collect();
    assert!(
        unseen.len() * 10 < canaries.0.len(),
        "planted where nothing looks: {unseen:?}"
    );
}
