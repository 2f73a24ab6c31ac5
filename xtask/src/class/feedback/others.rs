//! Who else is in the class, so that nothing about them reaches a learner.

use std::collections::BTreeSet;

use crate::class::{ClassReport, EntryReport};

/// The ids, names and addresses of a class, in lower case, with the id they belong to.
pub struct Others {
    words: BTreeSet<(String, String)>,
}

impl Others {
    /// Everyone in `report`.
    pub fn of(report: &ClassReport) -> Self {
        let mut words = BTreeSet::new();
        for learner in report.entries.iter().map(|entry| &entry.learner) {
            let known = [Some(&learner.id), learner.name.as_ref(), learner.email.as_ref()];
            for word in known.into_iter().flatten() {
                let word = word.trim().to_lowercase();
                if !word.is_empty() {
                    words.insert((word, learner.id.clone()));
                }
            }
        }
        Self { words }
    }

    /// What `entry`'s learner may read of a note or a refusal: nothing when it names somebody else, and of the places
    /// on the instructor's machine their last part.
    pub fn told(&self, text: &str, entry: &EntryReport) -> Option<String> {
        if self.are_named_in(text, &entry.learner.id) {
            return None;
        }
        let mut told = text.to_owned();
        for source in entry.source.iter().flat_map(|sources| sources.split(", ")) {
            let name = source.trim_end_matches('/').rsplit('/').next().unwrap_or(source);
            if name.len() < source.len() {
                told = told.replace(source, name);
            }
        }
        Some(told)
    }

    /// Whether `text` names somebody who is not `own`: as a word, whatever its case. A namesake counts as another.
    fn are_named_in(&self, text: &str, own: &str) -> bool {
        let text = text.to_lowercase();
        let is_edge =
            |character: Option<char>| character.is_none_or(|character| !character.is_alphanumeric());
        let is_named = |word: &str| {
            text.match_indices(word).any(|(start, _)| {
                let (before, after) = (&text[..start], &text[start + word.len()..]);
                is_edge(before.chars().next_back()) && is_edge(after.chars().next())
            })
        };
        self.words.iter().any(|(word, id)| id != own && is_named(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::class::fixture;

    #[test]
    fn a_place_is_told_by_its_last_part() {
        let class = fixture::class();
        let others = Others::of(&class);
        let told = |text: &str| others.told(text, &class.entries[2]);
        let note = "2 attempts: the latest counts, /srv/course/submissions/s003.tar.gz";
        assert_eq!(
            told(note).as_deref(),
            Some("2 attempts: the latest counts, s003.tar.gz")
        );
        assert_eq!(told("as /srv/course/submissions/s004.tar.gz"), None);
    }

    #[test]
    fn somebody_else_is_found_as_a_word() {
        let others = Others::of(&fixture::class());
        assert!(others.are_named_in("taken from submissions/S004.zip", "s003"));
        assert!(others.are_named_in("mail s004@example.org", "s003"));
        assert!(others.are_named_in("as learner 04 did", "s003"));
        assert!(!others.are_named_in("submissions/s003.zip of Learner 03", "s003"));
        assert!(!others.are_named_in("ds0045", "s003"));
    }
}
