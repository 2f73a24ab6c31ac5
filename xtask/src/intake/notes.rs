//! The notes of one entry: clean, each once, and not many.

use std::collections::BTreeSet;

use super::limits::NOTES_MAX;
use crate::run::failure::clean;

/// Notes as they are made.
#[derive(Debug, Default)]
pub struct Notes {
    lines: BTreeSet<String>,
    kept: Vec<String>,
    more: usize,
}

impl Notes {
    /// Adds a note; of those beyond the limit only their count is kept.
    pub fn add(&mut self, text: &str) {
        let line = clean(text).replace('\n', " ");
        if self.kept.len() == NOTES_MAX {
            self.more += usize::from(!self.lines.contains(&line));
        } else if self.lines.insert(line.clone()) {
            self.kept.push(line);
        }
    }

    /// The notes, in the order they were made.
    pub fn into_lines(mut self) -> Vec<String> {
        if self.more > 0 {
            self.kept.push(format!("and {} more", self.more));
        }
        self.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_notes_end_in_their_count() {
        let mut notes = Notes::default();
        for number in 0..30 {
            notes.add(&format!("note {number}"));
            notes.add("note 0");
        }
        let lines = notes.into_lines();
        assert_eq!((lines.len(), lines[20].as_str()), (21, "and 10 more"));
    }
}
