//! What is held against the schemas: reports in every state and at every level, and a class of them.

use crate::class::{self, ClassReport, EntryReport, ExerciseInfo, Learner, Submitted};
use crate::report::fixture;
use crate::report::visibility::{Visibility, redact_report};
use crate::run::{Failure, Verdict};
use crate::score::{self, Report};

/// Reports in every state: the fixture, a beginner, nothing at all, and texts of a megabyte with all that is odd.
pub fn reports() -> Vec<Report> {
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
pub fn one_by_one(report: &Report) -> Vec<Report> {
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
pub fn class_report() -> ClassReport {
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
