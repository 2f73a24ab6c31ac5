//! What was handed in, joined with the roster: one entry for each learner.

use std::collections::BTreeMap;

use anyhow::{Result, bail};

use super::Handed;
use super::limits::LEARNERS_MAX;
use super::notes::Notes;
use super::platform::Claim;
use super::roster::{Member, Roster, is_id};
use crate::class::{Entry, Learner, Submitted};
use crate::run::failure::clean;
use crate::submission::NAME_MAX;

/// One learner's claim on something that was handed in.
struct Attempt {
    claim: Claim,
    entry: Entry,
}

/// The entries of a class, sorted by id. Who is in the roster and handed in nothing has an empty one.
///
/// # Errors
/// When there are more learners than a class can have.
pub fn entries(handed: Vec<Handed>, roster: Option<&Roster>) -> Result<Vec<Entry>> {
    let mut attempts: BTreeMap<String, Vec<Attempt>> = BTreeMap::new();
    for handed in handed {
        for claim in &handed.claims {
            let attempt = attempt(&handed, claim, roster);
            attempts
                .entry(attempt.entry.learner.id.clone())
                .or_default()
                .push(attempt);
        }
    }
    let mut entries: BTreeMap<String, Entry> = roster
        .into_iter()
        .flat_map(Roster::members)
        .map(|member| (member.learner.id.clone(), absent(member)))
        .collect();
    for (id, attempts) in attempts {
        let told = roster
            .and_then(|roster| roster.by_key(&id))
            .and_then(|member| member.submitted.clone());
        let mut entry = latest(attempts);
        entry.submitted = told.or(entry.submitted);
        entries.insert(id, entry);
    }
    if entries.len() > LEARNERS_MAX {
        bail!("{} learners: a class has at most {LEARNERS_MAX}", entries.len());
    }
    Ok(entries.into_values().collect())
}

fn absent(member: &Member) -> Entry {
    Entry {
        learner: member.learner.clone(),
        ..Entry::default()
    }
}

/// The entry that a claim makes, with the learner as the roster has them.
fn attempt(handed: &Handed, claim: &Claim, roster: Option<&Roster>) -> Attempt {
    let mut notes = Notes::default();
    handed.notes.iter().for_each(|note| notes.add(note));
    let learner = learner(claim, roster, &mut notes);
    if handed.claims.len() > 1 {
        notes.add(&format!("handed in by {} together", handed.claims.len()));
    }
    let (exercises, refusal) = match &handed.outcome {
        Ok(exercises) => (exercises.clone(), None),
        Err(why) => (BTreeMap::new(), Some(why.to_string())),
    };
    Attempt {
        claim: claim.clone(),
        entry: Entry {
            learner,
            source: Some(handed.source.clone()),
            submitted: claim.submitted.clone(),
            refusal,
            notes: notes.into_lines(),
            exercises,
        },
    }
}

/// Who a claim is of: by id, address or alias; by name where a platform tells nothing else that the roster knows.
fn learner(claim: &Claim, roster: Option<&Roster>, notes: &mut Notes) -> Learner {
    let keys = claim.keys.iter().chain(&claim.email);
    let unknown = || Learner {
        id: identity(claim.keys.first().map_or("", String::as_str)),
        name: claim.name.as_deref().map(clean),
        email: claim.email.as_deref().map(clean),
    };
    let Some(roster) = roster else { return unknown() };
    let known = keys.into_iter().find_map(|key| roster.by_key(key));
    let by_name = || {
        let member = roster.by_name(claim.name.as_deref()?)?;
        notes.add("known to the roster by name alone");
        Some(member)
    };
    if let Some(member) = known.or_else(by_name) {
        return member.learner.clone();
    }
    let learner = unknown();
    notes.add(&format!("the roster does not know {}", learner.id));
    learner
}

/// An id out of whatever a platform calls somebody.
fn identity(key: &str) -> String {
    let text = clean(key.trim()).replace(['/', '\\', '\n', '\t'], "_");
    let end = (0..=text.len().min(NAME_MAX))
        .rev()
        .find(|end| text.is_char_boundary(*end));
    let text = text[..end.unwrap_or(0)].to_owned();
    if is_id(&text) { text } else { "unnamed".to_owned() }
}

/// The attempt that counts: the latest, if it can be told.
fn latest(mut attempts: Vec<Attempt>) -> Entry {
    let is_latest = |index: &usize| {
        let others = attempts.iter().enumerate().filter(|(other, _)| other != index);
        others
            .map(|(_, other)| other)
            .all(|other| is_after(&attempts[*index].claim, &other.claim))
    };
    let latest = (0..attempts.len()).find(is_latest);
    let sources: Vec<_> = attempts
        .iter()
        .filter_map(|attempt| attempt.entry.source.clone())
        .collect();
    let count = attempts.len();
    let mut entry = attempts.swap_remove(latest.unwrap_or(0)).entry;
    match (latest, &entry.source) {
        _ if count == 1 => {}
        (Some(_), Some(source)) => {
            let note = format!("{count} attempts: the latest counts, {source}");
            entry.notes.insert(0, note);
        }
        _ => {
            let names = sources[..2].join(" and ");
            entry.refusal = Some(format!(
                "handed in {count} times, and nothing tells which is the latest: {names}"
            ));
            entry.source = Some(sources.join(", "));
            entry.submitted = None;
            entry.notes.clear();
            entry.exercises.clear();
        }
    }
    entry
}

/// Whether one attempt is known to be later than another.
fn is_after(one: &Claim, other: &Claim) -> bool {
    let time = |submitted: &Option<Submitted>| submitted.as_ref().map(|submitted| submitted.at);
    match (time(&one.submitted), time(&other.submitted)) {
        (Some(one), Some(other)) => one > other,
        (None, None) => one.is_late && !other.is_late,
        _ => false,
    }
}
