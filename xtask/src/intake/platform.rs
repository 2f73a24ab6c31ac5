//! What a learning platform's folder and file names tell: whose a submission is, and which attempt.
//!
//! | platform | name | tells |
//! |---|---|---|
//! | Moodle | `Full Name_123456_assignsubmission_file_/…`, from 3.1; `…_assignsubmission_file_work.zip` without folders | name, number of the participant |
//! | Canvas | `lastnamefirst_LATE_12345_67890_name-1.zip`, `anon_LATE_…` | sortable name, late or not, user, attachment |
//! | Blackboard | `gradebook_COURSE_Task_username_attempt_2026-11-02-13-05-59_file.zip` | user name, time |
//! | GitHub Classroom | clones `task-username/` in `task-submissions/` | user name |
//! | Gradescope | `submission_123456/`, see [`super::gradescope`] | all, in a file of its own |
//! | none | `s001/`, `s001.zip` | the id |
//!
//! Moodle's `_onlinetext` and Canvas' `_text.html` hold what was typed into a form: there are no sources in it.
//! Canvas, Moodle and Blackboard store each uploaded file apart: files of one attempt are parts of one submission.

use super::archive::stem;
use super::roster::{Roster, is_id};
use crate::class::Submitted;

/// Whose a folder or file is, as far as its name tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claim {
    /// What the learner goes by, the surest first; never empty.
    pub keys: Vec<String>,
    /// Their name, where the platform tells it.
    pub name: Option<String>,
    /// Their address, likewise.
    pub email: Option<String>,
    /// What the parts of one submission share, and two attempts do not.
    pub attempt: String,
    /// When it was handed in.
    pub submitted: Option<Submitted>,
    /// Whether the platform marks it as late, and so as the later of two.
    pub is_late: bool,
    /// Whether it is text typed into a form.
    pub is_text: bool,
}

impl Claim {
    fn of(key: &str, attempt: &str) -> Self {
        Self {
            keys: vec![key.to_owned()],
            attempt: attempt.to_owned(),
            ..Self::default()
        }
    }
}

/// What surrounds a name: it helps where the name alone can be read in two ways.
#[derive(Debug, Default)]
pub struct Surroundings<'a> {
    /// Who is in the class.
    pub roster: Option<&'a Roster>,
    /// The folders beside it.
    pub names: Vec<&'a str>,
    /// What all GitHub Classroom clones start with: `task-`.
    pub classroom_prefix: Option<String>,
}

impl Surroundings<'_> {
    fn knows(&self, key: &str) -> bool {
        self.roster.is_some_and(|roster| roster.by_key(key).is_some())
    }
}

/// Reads the name of a folder or file in a class's directory; nothing when it is nobody's, as a platform's own list.
pub fn claim(name: &str, around: &Surroundings<'_>) -> Claim {
    let id = stem(name);
    if around.knows(id) {
        return Claim::of(id, &format!("plain {name}"));
    }
    moodle(name)
        .or_else(|| blackboard(name, around))
        .or_else(|| canvas(name))
        .or_else(|| classroom(id, around))
        .unwrap_or_else(|| Claim::of(id, &format!("plain {name}")))
}

/// Whether a platform wrote this name: then even a file of no known form is a submission.
pub fn is_recognised(name: &str) -> bool {
    let around = Surroundings::default();
    moodle(name)
        .or_else(|| blackboard(name, &around))
        .or_else(|| canvas(name))
        .is_some()
}

fn moodle(name: &str) -> Option<Claim> {
    let (learner, rest) = name.rsplit_once("_assignsubmission_")?;
    let (full_name, number) = learner.rsplit_once('_').filter(|(_, number)| is_number(number))?;
    // With names hidden, the word before the number is the same for all.
    let is_hidden = full_name == "Participant";
    Some(Claim {
        name: (!is_hidden).then(|| full_name.trim().to_owned()),
        is_text: rest.starts_with("onlinetext"),
        ..Claim::of(number, &format!("moodle {number}"))
    })
}

fn blackboard(name: &str, around: &Surroundings<'_>) -> Option<Claim> {
    let (learner, rest) = name.rsplit_once("_attempt_")?;
    let at = timestamp(rest.get(..19)?)?;
    // A user name may hold the character that parts it from the task: the roster tells where it starts.
    let mut tails = learner.match_indices('_').map(|(at, _)| &learner[at + 1..]);
    let user = tails
        .find(|tail| around.knows(tail))
        .or_else(|| learner.rsplit('_').next())
        .filter(|user| is_id(user))?;
    Some(Claim {
        submitted: Some(Submitted {
            at,
            told_by: "file name".to_owned(),
        }),
        // Beside each attempt stands a page about it: `…_attempt_TIME.txt`.
        is_text: rest.get(19..) == Some(".txt"),
        ..Claim::of(user, &format!("blackboard {user} {at}"))
    })
}

/// `2026-11-02-13-05-59`. Blackboard writes its server's time and not which zone that is; it is taken as UTC.
fn timestamp(text: &str) -> Option<jiff::Timestamp> {
    let time = jiff::civil::DateTime::strptime("%Y-%m-%d-%H-%M-%S", text).ok()?;
    Some(time.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
}

fn canvas(name: &str) -> Option<Claim> {
    let parts: Vec<_> = name.split('_').collect();
    let is_late = |part: &str| part == "LATE";
    // Names hidden: `anon_ID_…`, and `LATE_anon_ID_…`.
    let anonymous = match parts[..] {
        [late, "anon", id, attachment, _, ..] if is_late(late) => Some((id, attachment, true)),
        ["anon", id, attachment, _, ..] => Some((id, attachment, false)),
        _ => None,
    };
    if let Some((id, attachment, is_late)) = anonymous {
        let is_whole = is_number(attachment) && is_id(id);
        return is_whole.then(|| Claim {
            is_late,
            ..Claim::of(id, &format!("canvas {id} {is_late}"))
        });
    }
    let at = (1..parts.len().checked_sub(1)?).find(|at| {
        let user = is_number(parts[*at]);
        user && (is_number(parts[at + 1]) && parts.len() > at + 2 || is_form(parts[at + 1]))
    })?;
    let late = at > 1 && is_late(parts[at - 1]);
    let sortable = parts[..at - usize::from(late)].concat();
    Some(Claim {
        keys: vec![parts[at].to_owned(), sortable],
        attempt: format!("canvas {} {late}", parts[at]),
        is_late: late,
        is_text: is_form(parts[at + 1]),
        ..Claim::default()
    })
}

/// What Canvas makes of text and links that were typed in.
fn is_form(part: &str) -> bool {
    part == "text.html" || part == "link.html"
}

fn classroom(name: &str, around: &Surroundings<'_>) -> Option<Claim> {
    // The roster tells where a user name starts; others of the same task show that it is one.
    let is_task = |start: &str| {
        around
            .names
            .iter()
            .any(|other| *other != name && other.starts_with(start))
    };
    let known = name.match_indices('-').map(|(at, _)| name.split_at(at + 1));
    let known = known
        .filter(|(start, user)| around.knows(user) && is_task(start))
        .map(|(_, user)| user)
        .next();
    let user = known.or_else(|| name.strip_prefix(around.classroom_prefix.as_deref()?))?;
    (!user.is_empty()).then(|| Claim::of(user, &format!("classroom {name}")))
}

/// What the names of a GitHub Classroom's clones start with, if these are such: `task-` in `task-submissions/`.
///
/// Elsewhere it is the longest start up to a dash that all share; only a caller who knows that every folder is a
/// clone may ask for that.
pub fn classroom_prefix(directory: Option<&str>, clones: &[&str]) -> Option<String> {
    if let Some(task) = directory.and_then(|name| name.strip_suffix("-submissions")) {
        let prefix = format!("{task}-");
        return clones
            .iter()
            .all(|name| name.starts_with(&prefix))
            .then_some(prefix);
    }
    let (first, others) = clones.split_first()?;
    let common = others.iter().fold(first.len(), |length, name| {
        let same = first
            .bytes()
            .zip(name.bytes())
            .take_while(|(left, right)| left == right);
        length.min(same.count())
    });
    let end = first.get(..common)?.rfind('-')? + 1;
    (!others.is_empty()).then(|| first[..end].to_owned())
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
