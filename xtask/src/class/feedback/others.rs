//! Who else is in the class, so that nothing about them reaches a learner.

use std::collections::BTreeSet;

use crate::class::ClassReport;

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

    /// Whether `text` names somebody who is not `own`: as a word, whatever its case. A namesake counts as another.
    pub fn are_named_in(&self, text: &str, own: &str) -> bool {
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
    fn somebody_else_is_found_as_a_word() {
        let others = Others::of(&fixture::class());
        assert!(others.are_named_in("taken from submissions/S004.zip", "s003"));
        assert!(others.are_named_in("mail s004@example.org", "s003"));
        assert!(others.are_named_in("as learner 04 did", "s003"));
        assert!(!others.are_named_in("submissions/s003.zip of Learner 03", "s003"));
        assert!(!others.are_named_in("ds0045", "s003"));
    }
}
