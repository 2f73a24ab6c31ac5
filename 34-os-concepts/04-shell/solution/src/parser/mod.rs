//! From the text of a script to its syntax tree (XCU 2.2, 2.3, 2.10).
//!
//! One recursive-descent parser over bytes. It is also the lexer, for the two cannot be told apart: inside `$(…)` a
//! word contains commands, and only the parser knows where they end.
//!
//! - `token`: operators, words and newlines, one at a time
//! - `word`: quotes, and everything that begins with `$` or `` ` ``
//! - `document`: here-documents, whose bodies stand behind the line
//! - `list`: lists, pipelines and simple commands
//! - `compound`: `if`, `while`, `for`, `case`, groups and functions
//!
//! Text comes from an [`Input`], a line or a whole script at a time, and commands are parsed one at a time, so that
//! an alias that the first line defines is known in the second, and nothing is read that may belong to a command.

mod compound;
mod document;
mod list;
mod token;
mod word;

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use crate::ast::{List, Text, Word};
use token::Token;

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
    let mut input = WholeText(Some(script.to_vec()));
    let mut parser = Parser::new(&mut input, Aliases::default());
    let mut whole = List::default();
    while let Some(list) = parser.next_command()? {
        whole.items.extend(list.items);
    }
    Ok(whole)
}

/// Parses a text as the body of a here-document, which is how prompts are expanded, too.
///
/// # Errors
/// The first expansion in it that is none.
pub fn parse_document(text: &[u8]) -> Result<Word, SyntaxError> {
    let mut input = WholeText(Some(text.to_vec()));
    let parts = Parser::new(&mut input, Aliases::default()).parts(word::Place::Document)?;
    Ok(Word { parts })
}

/// A text that is all there.
pub struct WholeText(pub Option<Text>);

impl Input for WholeText {
    fn more(&mut self, _continued: bool) -> Option<Text> {
        self.0.take()
    }
}

/// A parser, and what it has read and not yet parsed.
pub struct Parser<'a> {
    input: &'a mut dyn Input,
    aliases: Aliases,
    /// Text that has been read.
    text: Text,
    /// The next byte in it.
    at: usize,
    /// The line of the next byte.
    line: usize,
    /// Nothing more can be read.
    ended: bool,
    /// A token that has been read and not consumed.
    peeked: Option<Token>,
    /// Where the peeked token begins.
    token_start: usize,
    /// Where the token consumed last ends.
    consumed: usize,
    /// Here-documents whose bodies begin behind the next newline.
    awaited: Vec<Awaited>,
    /// Aliases whose text is being read, and where it ends: they are not replaced in it again.
    active: Vec<(Text, usize)>,
    /// Behind an alias that ends in a blank: a word from here on may be an alias, too.
    alias_behind: Option<usize>,
    depth: usize,
}

/// A here-document whose body has not been read yet.
struct Awaited {
    delimiter: Text,
    /// Nothing in the body is expanded.
    quoted: bool,
    /// `<<-`: tabs at the beginning of a line go.
    stripped: bool,
    body: Rc<OnceCell<Word>>,
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
            ended: false,
            peeked: None,
            token_start: 0,
            consumed: 0,
            awaited: Vec::new(),
            active: Vec::new(),
            alias_behind: None,
            depth: 0,
        }
    }

    /// The next complete command: a list up to the end of its line, empty where nothing is on it, so that a shell that
    /// was given an empty line can say what has happened before it asks for the next one. `None` at the end of the
    /// input.
    ///
    /// # Errors
    /// What is wrong with it. What is left of the line is dropped then, so that an interactive shell can go on.
    pub fn next_command(&mut self) -> Result<Option<List>, SyntaxError> {
        if self.peeked.is_none() && self.at == self.text.len() {
            self.text.clear();
            (self.at, self.consumed) = (0, 0);
            self.active.clear();
        }
        let result = self.complete_command();
        if result.is_err() {
            self.at = self.text.len();
            self.peeked = None;
            self.awaited.clear();
            self.depth = 0;
        }
        result
    }

    /// Whether the input is known to have no more commands.
    pub fn is_at_end(&self) -> bool {
        self.ended && self.text[self.at..].trim_ascii().is_empty()
    }

    /// A parser for a text inside this one's.
    fn inner<T>(
        &self,
        text: Text,
        parse: impl FnOnce(&mut Parser<'_>) -> Result<T, SyntaxError>,
    ) -> Result<T, SyntaxError> {
        let mut input = WholeText(Some(text));
        let mut parser = Parser::new(&mut input, Rc::clone(&self.aliases));
        (parser.line, parser.depth) = (self.line, self.depth + 1);
        parse(&mut parser)
    }

    /// Reads more text; false at the end.
    fn refill(&mut self) -> bool {
        if self.ended {
            return false;
        }
        let continued = self.text[..self.at]
            .iter()
            .any(|byte| !byte.is_ascii_whitespace());
        match self.input.more(continued) {
            Some(text) => self.text.extend(text),
            None => self.ended = true,
        }
        !self.ended
    }

    /// The byte `ahead` of the next one, as it stands.
    fn raw(&mut self, ahead: usize) -> Option<u8> {
        while self.at + ahead >= self.text.len() {
            if !self.refill() {
                return None;
            }
        }
        Some(self.text[self.at + ahead])
    }

    /// The next byte; a backslash with a newline behind it is nothing (XCU 2.2.1).
    #[inline]
    fn byte(&mut self) -> Option<u8> {
        match self.text.get(self.at) {
            Some(&byte) if byte != b'\\' => Some(byte),
            _ => self.byte_behind_continuations(),
        }
    }

    fn byte_behind_continuations(&mut self) -> Option<u8> {
        loop {
            let byte = self.raw(0)?;
            if byte != b'\\' || self.raw(1) != Some(b'\n') {
                return Some(byte);
            }
            self.at += 2;
            self.line += 1;
        }
    }

    /// Goes behind the next byte, if it is this one.
    fn take(&mut self, wanted: u8) -> bool {
        let found = self.byte() == Some(wanted);
        if found {
            self.advance();
        }
        found
    }

    /// Goes behind the next byte.
    fn advance(&mut self) {
        self.line += usize::from(self.text[self.at] == b'\n');
        self.at += 1;
    }

    fn error(&self, kind: SyntaxErrorKind) -> SyntaxError {
        SyntaxError {
            line: self.line,
            kind,
        }
    }

    #[cold]
    fn incomplete<T>(&self, what: &'static str) -> Result<T, SyntaxError> {
        Err(self.error(SyntaxErrorKind::Incomplete(what)))
    }

    /// Runs `parse` one level deeper.
    fn deeper<T>(
        &mut self,
        parse: impl FnOnce(&mut Self) -> Result<T, SyntaxError>,
    ) -> Result<T, SyntaxError> {
        if self.depth >= DEPTH_MAX {
            return Err(self.error(SyntaxErrorKind::TooDeep));
        }
        self.depth += 1;
        let result = parse(self);
        self.depth -= 1;
        result
    }
}
