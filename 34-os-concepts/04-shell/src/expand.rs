//! Word expansion (XCU 2.6): tilde, parameters, commands, arithmetic; splitting and patterns are the sink's.

use crate::ast::{Text, Word};
use crate::shell::{Outcome, Shell};

impl Shell {
    /// The fields of a command's words.
    pub fn expand_fields(&mut self, words: &[Word]) -> Outcome<Vec<Text>> {
        todo!("expand {words:?} into fields")
    }

    /// One text without splitting and patterns: for redirections, `case` and here-documents.
    pub fn expand_text(&mut self, word: &Word) -> Outcome<Text> {
        todo!("expand {word:?} into a text")
    }

    /// The value of an assignment: a tilde is expanded behind each colon, too (XCU 2.6.1).
    pub fn expand_assignment(&mut self, word: &Word) -> Outcome<Text> {
        todo!("expand {word:?} as a value")
    }

    /// A pattern, in which what was quoted stands behind backslashes.
    pub fn expand_pattern(&mut self, word: &Word) -> Outcome<Text> {
        todo!("expand {word:?} into a pattern")
    }
}
