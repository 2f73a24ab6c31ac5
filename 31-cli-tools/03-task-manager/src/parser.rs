//! How filters are written: a tokenizer and a parser by recursive descent, for you to write.
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

use jiff::Zoned;

use crate::filter::Filter;

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

/// Reads a filter, its dates as they are meant at `now`.
///
/// # Errors
/// As [`FilterError`] says.
pub fn parse(text: &str, now: &Zoned) -> Result<Filter, FilterError> {
    todo!("read the filter {text:?} at {now}")
}
