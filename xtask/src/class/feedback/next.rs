//! What a learner does next: what has begun and is not done, then what has not begun.

use super::Part;
use crate::class::grade::Standing;
use crate::score::State;

/// The next step.
pub struct Next {
    /// The exercise.
    pub exercise: String,
    /// What is to be done, in the course's Markdown.
    pub why: String,
    /// The command that shows more.
    pub command: String,
}

/// The first exercise that began, else the first that did not. What waits for a person, or was decided by one, is not
/// the learner's move.
pub fn next(parts: &[Part]) -> Option<Next> {
    let is_theirs = |part: &&Part| !matches!(part.standing, Standing::Review | Standing::Rejected);
    let state = |part: &Part| part.result.as_ref().map(|result| result.state);
    let begun = |part: &&Part| {
        is_theirs(part)
            && matches!(
                state(part),
                Some(State::Started | State::DoesNotCompile | State::Refused)
            )
    };
    let open = |part: &&Part| is_theirs(part) && matches!(state(part), None | Some(State::NotStarted));
    let part = parts.iter().find(begun).or_else(|| parts.iter().find(open))?;
    Some(Next {
        exercise: part.name.clone(),
        why: why(part),
        command: format!("cargo xtask check {}", part.name),
    })
}

fn why(part: &Part) -> String {
    let Some(result) = &part.result else {
        return "it was not handed in: read its brief, then take the first step".to_owned();
    };
    match (result.state, result.first_failing()) {
        (State::NotStarted, _) => format!("read {}/README.md, then take its first step", result.dir),
        (State::DoesNotCompile, _) => "make it compile; the compiler's first error is below".to_owned(),
        (State::Refused, _) => "its sources could not be taken; the reason is below".to_owned(),
        (_, Some(test)) if test.rule > 0 => format!("rule {}: {}", test.rule, test.rule_text),
        _ => "its open tests pass; the hidden ones check every rule of the brief".to_owned(),
    }
}
