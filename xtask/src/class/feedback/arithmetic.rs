//! How an exercise's points came about, in sentences.

use crate::class::grade::{Grade, Lateness, Standing};
use crate::class::marks::{Hundredths, Marks};
use crate::class::policy::Policy;

/// From what was earned to what counts.
pub fn arithmetic(grade: &Grade, policy: &Policy, submitted: Option<&str>) -> Vec<String> {
    let Some(result) = grade.result() else {
        return grade
            .due
            .iter()
            .map(|due| format!("It was due {}.", policy.shown(due.at)))
            .collect();
    };
    let mut said = Vec::new();
    let weight = policy.weight(&grade.info.name);
    if weight != Hundredths::ONE && grade.standing.counts() {
        said.push(format!(
            "{} points earned, times {weight}: {}.",
            result.points.earned, grade.raw
        ));
    }
    let read = match grade.standing {
        Standing::Review => Some("It counts nothing until your instructor has read it."),
        Standing::Accepted => Some("It was set aside; your instructor has read it, and its points count."),
        Standing::Rejected => Some("Your instructor has read this exercise and counts nothing."),
        _ => None,
    };
    said.extend(read.map(str::to_owned));
    let Some(due) = &grade.due else {
        return said;
    };
    let is_extended = due.is_extended;
    let extended = if is_extended { " (extended for you)" } else { "" };
    let due = format!("Due {}{extended}", policy.shown(due.at));
    let submitted = submitted.unwrap_or("at an unknown time");
    match (grade.lateness, grade.lateness.words(&policy.late)) {
        (Lateness::TimeUnknown, _) => said.push(format!(
            "{due}; nobody knows when it was handed in, so it is on time."
        )),
        (_, None) if is_extended => said.push(format!("{due}, handed in {submitted}: in time.")),
        // In time, as for most: the points speak for themselves.
        (_, None) => {}
        (_, Some(words)) => {
            said.push(format!("{due}, handed in {submitted}: {words}."));
            if grade.taken > Marks(0) {
                said.push(format!(
                    "{} − {} = {} points count.",
                    grade.raw, grade.taken, grade.counted
                ));
            }
        }
    }
    said
}
