//! The filter language: [`Filter::parse`] makes a tree of a text, [`Filter::matches`] asks it about a record.
//!
//! ```text
//! filter     = or ;
//! or         = and { "or" and } ;
//! and        = not { "and" not } ;
//! not        = "not" not | primary ;
//! primary    = "(" or ")" | "has" name | "~" value | name operator value | string ;
//! operator   = "=" | "!=" | "<" | "<=" | ">" | ">=" | "~" | "!~" ;
//! name       = word | string ;
//! value      = bare | string ;
//! ```

use crate::index::Summary;
use crate::record::Record;
use crate::time::Clock;

/// A condition that records fulfil or not.
#[derive(Debug, Clone)]
pub struct Filter {}

/// Why a text is no filter. Printed, it is the reason, the text, and a caret below the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterError {
    /// The column of the place in the text, from 1, as a terminal counts: a wide character has two.
    pub column: usize,
    /// The same place as a byte offset.
    pub offset: usize,
    /// What is wrong there.
    pub reason: String,
}

impl Filter {
    /// Parses a filter. Times without a zone, and those that are so long ago, are read by `clock`.
    ///
    /// # Errors
    /// The text is no filter.
    pub fn parse(text: &str, clock: &Clock) -> Result<Self, FilterError> {
        todo!("parse {text:?} with times by {clock:?}")
    }

    /// Every record.
    pub fn everything() -> Self {
        todo!("a condition that always holds")
    }

    /// Whether a record fulfils it.
    pub fn matches(&self, record: &Record<'_>) -> bool {
        todo!("ask about the record at {}", record.offset)
    }

    /// Whether a record fulfils it that is one of those summed up. `true` if that cannot be told.
    pub fn may_match(&self, summary: &Summary) -> bool {
        todo!("ask about {summary:?}")
    }
}

impl std::fmt::Display for FilterError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        todo!("three lines to {:?}", formatter.width())
    }
}

impl std::error::Error for FilterError {}
