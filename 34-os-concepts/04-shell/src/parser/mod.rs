//! From the text of a script to its syntax tree (XCU 2.2, 2.3, 2.10).
//!
//! One recursive-descent parser over bytes is a good way: it is also the lexer, for the two cannot be told apart. Inside
//! `$(…)` a word contains commands, and only the parser knows where they end. Divide it as you like; the reference has a
//! file each for tokens, words, here-documents, lists and compound commands.
//!
//! Text comes from an [`Input`], a line or a whole script at a time, and commands are parsed one at a time, so that
//! an alias that the first line defines is known in the second, and nothing is read that may belong to a command.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use crate::ast::{List, Text, Word};

/// How deep commands, quotes and expansions may nest.
pub const DEPTH_MAX: usize = 200;

/// Where a script comes from.
pub trait Input {
    /// More text: a line with its newline, or as many of them as can be had without reading ahead of what the script's
    /// own commands read. `continued` says that a command has begun. `None` at the end.
    fn more(&mut self, continued: bool) -> Option<Text>;
}

/// The aliases of a shell, shared between it and its parsers.
pub type Aliases = Rc<RefCell<BTreeMap<Text, Text>>>;

/// What is wrong with a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong on it.
    pub kind: SyntaxErrorKind,
}

/// What can be wrong with a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SyntaxErrorKind {
    /// Something that cannot stand where it stands: what it is, and what should be there if it is only one thing.
    Unexpected {
        /// A token of the script.
        found: String,
        /// A token, or empty.
        expected: &'static str,
    },
    /// The script ends inside this.
    Incomplete(&'static str),
    /// `${…}` that is no parameter expansion.
    BadSubstitution,
    /// More than [`DEPTH_MAX`] levels.
    TooDeep,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}: syntax error: ", self.line)?;
        match &self.kind {
            SyntaxErrorKind::Unexpected { found, expected: "" } => write!(formatter, "unexpected {found}"),
            SyntaxErrorKind::Unexpected { found, expected } => {
                write!(formatter, "unexpected {found}, expected {expected}")
            }
            SyntaxErrorKind::Incomplete(what) => write!(formatter, "unterminated {what}"),
            SyntaxErrorKind::BadSubstitution => write!(formatter, "bad substitution"),
            SyntaxErrorKind::TooDeep => write!(formatter, "nested deeper than {DEPTH_MAX} levels"),
        }
    }
}

impl std::error::Error for SyntaxError {}

/// Parses a whole script.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn parse(script: &[u8]) -> Result<List, SyntaxError> {
    todo!("parse {script:?}")
}

/// Parses a text as the body of a here-document, which is how prompts are expanded, too.
///
/// # Errors
/// The first expansion in it that is none.
pub fn parse_document(text: &[u8]) -> Result<Word, SyntaxError> {
    todo!("parse the document {text:?}")
}

/// A text that is all there.
pub struct WholeText(pub Option<Text>);

impl Input for WholeText {
    fn more(&mut self, _continued: bool) -> Option<Text> {
        self.0.take()
    }
}

/// A parser, and what it has read and not yet parsed. The fields are a beginning.
pub struct Parser<'a> {
    input: &'a mut dyn Input,
    aliases: Aliases,
    /// Text that has been read.
    text: Text,
    /// The next byte in it.
    at: usize,
    /// The line of the next byte.
    line: usize,
}

impl<'a> Parser<'a> {
    /// A parser at the beginning of `input`.
    pub fn new(input: &'a mut dyn Input, aliases: Aliases) -> Self {
        Self {
            input,
            aliases,
            text: Text::new(),
            at: 0,
            line: 1,
        }
    }

    /// The next complete command: a list up to the end of its line. `None` at the end of the input.
    ///
    /// # Errors
    /// What is wrong with it. What is left of the line is dropped then, so that an interactive shell can go on.
    pub fn next_command(&mut self) -> Result<Option<List>, SyntaxError> {
        todo!("the command at byte {} on line {}", self.at, self.line)
    }
}
