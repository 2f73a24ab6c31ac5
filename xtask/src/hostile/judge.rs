//! The judge: whether an attack got what it must get, from the report alone.

use std::collections::BTreeSet;

use crate::catalogue::Kind;
use crate::class::{ClassReport, EntryReport};
use crate::run::Verdict;
use crate::run::failure::clean;
use crate::score::ExerciseResult;

use super::attack::Attack;

/// What an attack got: the words of its hidden tests, or of its submission as a whole.
pub fn verdict(attack: &Attack, entry: &EntryReport) -> String {
    let Some(result) = result(attack, entry) else {
        return match &entry.refusal {
            Some(_) => "refused".to_owned(),
            None => "nothing".to_owned(),
        };
    };
    if !result.review.is_empty() {
        return "review".to_owned();
    }
    let mut words = Vec::new();
    for test in result.tests.iter().filter(|test| test.kind == Kind::Hidden) {
        let word = word(&test.verdict);
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words.join(", ")
}

/// The verdict without its detail, except the signal's name.
fn word(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Refused(_) => "refused".to_owned(),
        other => other.to_string(),
    }
}

/// What the attack earned in all, wherever it got it.
pub fn points(entry: &EntryReport) -> u32 {
    entry.results.iter().map(|result| result.points.earned).sum()
}

/// What is wrong with what an attack got; nothing, if it got what it must.
pub fn judge(attack: &Attack, entry: &EntryReport) -> Vec<String> {
    let mut problems = Vec::new();
    let got = verdict(attack, entry);
    if got
        .split(", ")
        .any(|got| !attack.verdicts().any(|word| word == got))
    {
        problems.push(format!("it must get {:?} and got {got:?}", attack.verdict));
        problems.extend(said(attack, entry));
    }
    let earned = points(entry);
    if earned != attack.points {
        problems.push(format!(
            "it must earn {} points and earned {earned}",
            attack.points
        ));
    }
    if let Some(says) = &attack.says
        && !reasons(attack, entry).iter().any(|reason| reason.contains(says))
    {
        problems.push(format!("nothing of what it got says {says:?}"));
        problems.extend(said(attack, entry));
    }
    if let Some(never) = &attack.never
        && serde_json::to_string(entry).is_ok_and(|text| text.contains(never.as_str()))
    {
        problems.push(format!("the report says {never:?}"));
    }
    problems
}

/// Whether a submission without any attack in it earned everything.
pub fn neighbour(entry: &EntryReport, exercises: usize) -> Vec<String> {
    let mut problems = Vec::new();
    if entry.results.len() != exercises {
        let count = entry.results.len();
        problems.push(format!(
            "{} was graded in {count} of {exercises} exercises",
            entry.learner.id
        ));
    }
    for result in entry.results.iter().filter(|result| !result.points.is_full()) {
        let said = result
            .tests
            .iter()
            .find(|test| test.verdict != Verdict::Passed)
            .map(|test| format!("{}: {}", test.name, test.verdict));
        problems.push(format!(
            "{} earned {} of {} points in {}: {}",
            entry.learner.id,
            result.points.earned,
            result.points.possible,
            result.name,
            said.unwrap_or_else(|| result.review.join(", "))
        ));
    }
    problems
}

/// Texts of the report that a terminal, a page or a log would take for more than text.
///
/// # Errors
/// When the report cannot become JSON.
pub fn unclean(report: &ClassReport) -> anyhow::Result<Vec<String>> {
    let mut problems = Vec::new();
    strings(&serde_json::to_value(report)?, &mut |text| {
        if clean(text) != text {
            problems.push(format!("the report holds {:?}", first_lines(text)));
        }
    });
    Ok(problems)
}

fn strings(value: &serde_json::Value, see: &mut impl FnMut(&str)) {
    match value {
        serde_json::Value::String(text) => see(text),
        serde_json::Value::Array(values) => values.iter().for_each(|value| strings(value, see)),
        serde_json::Value::Object(fields) => fields.iter().for_each(|(name, value)| {
            see(name);
            strings(value, see);
        }),
        _ => {}
    }
}

fn result<'a>(attack: &Attack, entry: &'a EntryReport) -> Option<&'a ExerciseResult> {
    entry.results.iter().find(|result| result.name == attack.exercise)
}

/// Every text with which the report explains what the attack got.
fn reasons(attack: &Attack, entry: &EntryReport) -> Vec<String> {
    let mut reasons: Vec<_> = entry.refusal.iter().chain(&entry.notes).cloned().collect();
    let Some(result) = result(attack, entry) else {
        return reasons;
    };
    reasons.extend(
        result
            .compile_error
            .iter()
            .chain(&result.review)
            .chain(&result.flag)
            .cloned(),
    );
    for test in &result.tests {
        if let Verdict::Refused(why) = &test.verdict {
            reasons.push(why.clone());
        }
        reasons.extend(test.failure.as_ref().map(|failure| failure.message.clone()));
    }
    reasons
}

/// The reasons in short, each once.
fn said(attack: &Attack, entry: &EntryReport) -> BTreeSet<String> {
    let reasons = reasons(attack, entry);
    let short = reasons.iter().map(|reason| format!("  {}", first_lines(reason)));
    short.filter(|reason| !reason.trim().is_empty()).collect()
}

fn first_lines(text: &str) -> String {
    text.lines()
        .take(6)
        .collect::<Vec<_>>()
        .join(" / ")
        .chars()
        .take(400)
        .collect()
}
