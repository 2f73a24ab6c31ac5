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

mod eval;
mod parser;

pub use parser::regex;

use regex::bytes::Regex;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::index::Summary;
use crate::level::Level;
use crate::record::Record;
use crate::skim::Demand;
use crate::time::Clock;
use eval::Node;

/// A condition that records fulfil or not.
#[derive(Debug, Clone)]
pub struct Filter {
    node: Node,
}

/// Why a text is no filter. Printed, it is the reason, the text, and a caret below the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterError {
    /// The column of the place in the text, from 1, as a terminal counts: a wide character has two.
    pub column: usize,
    /// The same place as a byte offset.
    pub offset: usize,
    /// What is wrong there.
    pub reason: String,
    /// The text, fit for one line.
    text: String,
}

impl Filter {
    /// Parses a filter. Times without a zone, and those that are so long ago, are read by `clock`.
    ///
    /// # Errors
    /// The text is no filter.
    pub fn parse(text: &str, clock: &Clock) -> Result<Self, FilterError> {
        let node = parser::parse(text, clock)?;
        Ok(Self { node })
    }

    /// Every record.
    pub fn everything() -> Self {
        Self::all(Vec::new())
    }

    /// What fulfils all of `filters`.
    pub fn all(filters: Vec<Self>) -> Self {
        Self {
            node: Node::And(filters.into_iter().map(|filter| filter.node).collect()),
        }
    }

    /// A level or a more urgent one.
    pub fn at_least(level: Level) -> Self {
        Self {
            node: Node::Level(eval::Comparison::GreaterOrEqual, level),
        }
    }

    /// What has a match in its text.
    pub fn text_matches(regex: Regex) -> Self {
        Self {
            node: Node::Field("text".to_owned(), eval::Test::Match(regex)),
        }
    }

    /// From `since` on, and before `until`.
    pub fn between(since: Option<i64>, until: Option<i64>) -> Self {
        let since = since.map(|time_us| Node::Time(eval::Comparison::GreaterOrEqual, time_us));
        let until = until.map(|time_us| Node::Time(eval::Comparison::Less, time_us));
        Self {
            node: Node::And(since.into_iter().chain(until).collect()),
        }
    }

    /// Whether a record fulfils it.
    pub fn matches(&self, record: &Record<'_>) -> bool {
        self.node.matches(record)
    }

    /// What every record has that fulfils it, if it is as simple as that.
    pub fn demand(&self) -> Option<Demand> {
        self.node.demand()
    }

    /// Whether a record fulfils it that is one of those summed up. `true` if that cannot be told.
    pub fn may_match(&self, summary: &Summary) -> bool {
        self.node.possible(summary).0
    }

    /// Whether every record fulfils it.
    pub fn is_everything(&self) -> bool {
        matches!(&self.node, Node::And(nodes) if nodes.is_empty())
    }
}

impl FilterError {
    /// An error at the byte `offset` of `text`.
    fn new(text: &str, offset: usize, reason: impl Into<String>) -> Self {
        // A control character moves the cursor in its own way, and would leave the caret behind.
        let printable = |character: char| if character.is_control() { ' ' } else { character };
        let text_before: String = text[..offset].chars().map(printable).collect();
        Self {
            column: text_before.width() + 1,
            offset,
            reason: reason.into(),
            text: text.chars().map(printable).collect(),
        }
    }
}

impl std::fmt::Display for FilterError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        debug_assert!(self.text.chars().all(|character| character.width().is_some()));
        writeln!(formatter, "column {}: {}", self.column, self.reason)?;
        writeln!(formatter, "  {}", self.text)?;
        write!(formatter, "  {:>width$}", '^', width = self.column)
    }
}

impl std::error::Error for FilterError {}
