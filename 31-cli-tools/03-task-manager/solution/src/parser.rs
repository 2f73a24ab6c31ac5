//! How filters are written: a tokenizer and a parser by recursive descent.
//!
//! ```text
//! any   = all { "or" all }
//! all   = not { [ "and" ] not }                      tests side by side must all hold
//! not   = ( "not" | "!" ) not | "(" any ")" | test
//! test  = ids { ids }                                3   7-9   3,5   ids side by side are one list
//!       | "+" tag
//!       | field op value                             project:home   due<=fri   priority>=M
//!       | text                                       a word, or anything in quotes
//! field = "id" | "tag" | "project" | "status" | "priority" | "recur" | "due" | "entry" | "end"
//! op    = ":" | "=" | "<" | "<=" | ">" | ">="
//! ```
//!
//! Quotes may stand within a word too: `due:"fri 17:00"`.

use std::iter::Peekable;
use std::vec::IntoIter;

use jiff::Zoned;

use crate::filter::{Filter, Test};
use crate::test_field::{field_test, ids, split};
use crate::token::{Token, tokens};

/// The deepest nesting of parentheses and negations: the parser's stack is the program's.
pub const DEPTH_MAX: usize = 64;

/// Not a filter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// A `"` without another one behind it.
    #[error("a quote is not closed")]
    Quote,
    /// A `(` without its `)`.
    #[error("a parenthesis is not closed")]
    Parenthesis,
    /// Something is missing before this token, or before the end.
    #[error("a test is missing before {0}")]
    Missing(String),
    /// More than [`DEPTH_MAX`] levels.
    #[error("nested more than {DEPTH_MAX} levels deep")]
    Depth,
    /// The field is known, its value is not one.
    #[error("cannot read {value:?} as {field}")]
    Value {
        /// The field.
        field: &'static str,
        /// What was given.
        value: String,
    },
    /// The field has no order.
    #[error("{0:?} can be compared with ':' only")]
    Order(&'static str),
}

struct Parser<'a> {
    tokens: Peekable<IntoIter<Token>>,
    now: &'a Zoned,
    depth: usize,
}

/// Reads a filter, its dates as they are meant at `now`.
///
/// # Errors
/// As [`FilterError`] says.
pub fn parse(text: &str, now: &Zoned) -> Result<Filter, FilterError> {
    let tokens = tokens(text)?;
    if tokens.is_empty() {
        return Ok(Filter::All(Vec::new()));
    }
    let mut parser = Parser {
        tokens: tokens.into_iter().peekable(),
        now,
        depth: 0,
    };
    let filter = parser.any()?;
    match parser.tokens.next() {
        None => Ok(filter),
        Some(token) => Err(FilterError::Missing(token.to_string())),
    }
}

impl Parser<'_> {
    fn any(&mut self) -> Result<Filter, FilterError> {
        let mut filters = vec![self.all()?];
        while self.take_word("or") {
            filters.push(self.all()?);
        }
        Ok(single_or(filters, Filter::Any))
    }

    fn all(&mut self) -> Result<Filter, FilterError> {
        let mut filters = vec![self.not()?];
        loop {
            let is_end = match self.tokens.peek() {
                None | Some(Token::Close) => true,
                Some(Token::Word(word)) => word == "or",
                Some(_) => false,
            };
            if is_end {
                return Ok(single_or(filters, Filter::All));
            }
            self.take_word("and");
            filters.push(self.not()?);
        }
    }

    fn not(&mut self) -> Result<Filter, FilterError> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(FilterError::Depth);
        }
        let filter = match self.tokens.next() {
            None => Err(FilterError::Missing("the end".to_owned())),
            Some(Token::Bang) => Ok(Filter::Not(Box::new(self.not()?))),
            Some(Token::Open) => {
                let filter = self.any()?;
                match self.tokens.next() {
                    Some(Token::Close) => Ok(filter),
                    _ => Err(FilterError::Parenthesis),
                }
            }
            Some(Token::Word(word)) if word == "not" => Ok(Filter::Not(Box::new(self.not()?))),
            Some(Token::Word(word)) if word != "and" && word != "or" => self.test(&word),
            Some(Token::Quoted(text)) => Ok(Filter::Test(Test::Text(text.to_lowercase()))),
            Some(token) => Err(FilterError::Missing(token.to_string())),
        };
        self.depth -= 1;
        filter
    }

    fn test(&mut self, word: &str) -> Result<Filter, FilterError> {
        if let Some(mut ranges) = ids(word) {
            while let Some(Token::Word(word)) = self.tokens.peek()
                && let Some(more) = ids(word)
            {
                ranges.extend(more);
                self.tokens.next();
            }
            return Ok(Filter::Test(Test::Ids(ranges)));
        }
        if let Some(tag) = word.strip_prefix('+').filter(|tag| !tag.is_empty()) {
            return Ok(Filter::Test(Test::Tag(Some(tag.to_owned()))));
        }
        let test = match split(word) {
            Some((field, comparison, value)) => field_test(field, comparison, value, self.now)?,
            None => None,
        };
        Ok(Filter::Test(
            test.unwrap_or_else(|| Test::Text(word.to_lowercase())),
        ))
    }

    fn take_word(&mut self, expected: &str) -> bool {
        let next = self
            .tokens
            .next_if(|token| matches!(token, Token::Word(word) if word == expected));
        next.is_some()
    }
}

fn single_or(mut filters: Vec<Filter>, many: fn(Vec<Filter>) -> Filter) -> Filter {
    match filters.len() {
        1 => filters.remove(0),
        _ => many(filters),
    }
}
