//! One report from the reports of shards, each of which has graded a part of the class.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};

use super::{ClassReport, EntryReport};
use crate::report::words;

/// The class of all `reports`. A learner may be in two of them, if they say the same; of their sandboxes' layers the
/// class has those that every shard had.
///
/// # Errors
/// When the reports are of different courses or exercises, or differ about a learner; the message names who and what.
pub fn merge(reports: Vec<ClassReport>) -> Result<ClassReport> {
    let mut reports = reports.into_iter().enumerate();
    let (_, mut merged) = reports.next().context("there is no report to merge")?;
    merged.check()?;
    let mut entries = BTreeMap::new();
    for entry in std::mem::take(&mut merged.entries) {
        entries.insert(entry.learner.id.clone(), (1, entry));
    }
    for (index, report) in reports {
        let number = index + 1;
        comparable(&merged, &report, number)?;
        report.check()?;
        merged.sandbox.retain(|layer| report.sandbox.contains(layer));
        for entry in report.entries {
            let id = entry.learner.id.clone();
            match entries.get(&id) {
                None => {
                    entries.insert(id, (number, entry));
                }
                Some((first, known)) => {
                    if let Some(what) = difference(known, &entry) {
                        bail!("reports {first} and {number} differ about {id:?}: {what}");
                    }
                }
            }
        }
    }
    merged.entries = entries.into_values().map(|(_, entry)| entry).collect();
    Ok(merged)
}

/// That the report with this number is about the same course as the first.
fn comparable(first: &ClassReport, report: &ClassReport, number: usize) -> Result<()> {
    ensure!(
        first.format == report.format,
        "report {number} has format {}, the first has {}",
        report.format,
        first.format
    );
    let short = |hash: &str| hash.chars().take(12).collect::<String>();
    ensure!(
        first.course == report.course,
        "report {number} was graded with another state of the course or the grader ({}) than the first ({}): grade \
         all shards with the same",
        short(&report.course),
        short(&first.course)
    );
    for exercise in &first.exercises {
        ensure!(
            report.exercises.contains(exercise),
            "report {number} lacks {:?}, or has it with other points than the first",
            exercise.name
        );
    }
    for exercise in &report.exercises {
        ensure!(
            first.exercises.contains(exercise),
            "report {number} has {:?}, which the first lacks",
            exercise.name
        );
    }
    Ok(())
}

/// What two shards say differently about a learner. How long a test took and the words of a failure differ from run
/// to run, and decide nothing.
fn difference(first: &EntryReport, second: &EntryReport) -> Option<String> {
    let moment = |entry: &EntryReport| entry.submitted.as_ref().map(|when| when.at);
    if first.learner != second.learner {
        return Some("name or address".to_owned());
    }
    if moment(first) != moment(second) {
        return Some("when it was handed in".to_owned());
    }
    if first.refusal != second.refusal {
        return Some("whether it was refused, or why".to_owned());
    }
    let names = |entry: &EntryReport| -> Vec<String> {
        entry.results.iter().map(|result| result.name.clone()).collect()
    };
    if names(first) != names(second) {
        return Some("which exercises were handed in".to_owned());
    }
    for (one, two) in first.results.iter().zip(&second.results) {
        if one.sources != two.sources {
            return Some(format!("the sources of {}", one.name));
        }
        if one.points != two.points || one.state != two.state || one.review != two.review {
            return Some(one.name.clone());
        }
        let verdict =
            |test: &crate::score::TestResult| (test.name.clone(), words::verdict(test), test.earned);
        if !one.tests.iter().map(verdict).eq(two.tests.iter().map(verdict)) {
            return Some(one.name.clone());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::class::fixture;

    fn shards() -> [ClassReport; 2] {
        let (mut one, mut two) = (fixture::class(), fixture::class());
        one.entries.retain(|entry| entry.learner.id.as_str() <= "s020");
        two.entries.retain(|entry| entry.learner.id.as_str() >= "s018");
        [one, two]
    }

    fn error(reports: [ClassReport; 2]) -> String {
        merge(reports.into()).unwrap_err().to_string()
    }

    #[test]
    fn shards_that_overlap_and_agree_are_the_class() {
        let [one, mut two] = shards();
        two.sandbox.retain(|layer| layer != "namespaces");
        two.entries[0].results[0].tests[0].duration_ms += 1;
        // In whatever order.
        let merged = merge(vec![two, one]).unwrap();
        let ids = |class: &ClassReport| -> Vec<_> {
            class
                .entries
                .iter()
                .map(|entry| entry.learner.id.clone())
                .collect()
        };
        assert_eq!(ids(&merged), ids(&fixture::class()));
        assert_eq!(merged.sandbox, ["own user", "landlock", "seccomp"]);
    }

    #[test]
    fn shards_that_disagree_name_the_learner() {
        let [one, mut two] = shards();
        two.entries[1].results[0].tests[0].verdict = crate::run::Verdict::TimedOut;
        assert_eq!(
            error([one, two]),
            "reports 1 and 2 differ about \"s019\": file-search"
        );
        let [one, mut two] = shards();
        two.entries[1].results[0].sources = fixture::sources("s019", "an older one");
        assert!(error([one, two]).ends_with("\"s019\": the sources of file-search"));
        let [one, mut two] = shards();
        two.entries[1].results.clear();
        assert!(error([one, two]).contains("which exercises"));
    }

    #[test]
    fn another_course_is_no_shard() {
        let [one, mut two] = shards();
        two.course = "ab".repeat(32);
        assert!(error([one, two]).starts_with("report 2 was graded with another state"));
        let [one, mut two] = shards();
        two.exercises.remove(2);
        assert!(error([one, two]).contains("lacks \"blink\""));
        let [mut one, two] = shards();
        one.exercises.remove(2);
        assert!(error([one, two]).contains("has \"blink\", which the first lacks"));
    }

    #[test]
    fn nothing_merges_to_nothing() {
        assert!(merge(Vec::new()).is_err());
    }
}
