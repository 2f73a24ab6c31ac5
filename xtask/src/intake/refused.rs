//! Why something is not taken: the learner's part, as opposed to the grader's errors.

use std::error::Error;
use std::fmt;
use std::io;

use crate::run::failure::clean;

/// Characters of a reason.
const LENGTH_MAX: usize = 400;

/// A reason, fit for a gradebook: one line of clean text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused(String);

impl Refused {
    /// A reason in the grader's own words, in which names may be quoted.
    pub fn new(why: impl AsRef<str>) -> Self {
        let short: String = why.as_ref().chars().take(LENGTH_MAX).collect();
        Self(clean(&short).replace('\n', " "))
    }

    /// The reason behind an error of reading: the limit that was met, or else that the data is damaged.
    pub fn reading(error: &io::Error) -> Self {
        // An error within an error: each reader on the way may have put one around it.
        let mut inner = error.get_ref();
        while let Some(error) = inner {
            if let Some(refused) = error.downcast_ref::<Self>() {
                return refused.clone();
            }
            inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        }
        Self::new(format!("cannot be read: {error}"))
    }

    /// The reason with what it is about in front.
    pub fn about(self, name: &str) -> Self {
        Self::new(format!("{name}: {}", self.0))
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Error for Refused {}

impl From<Refused> for io::Error {
    fn from(refused: Refused) -> Self {
        Self::other(refused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_that_a_reader_met_is_told_as_it_is() {
        let error = io::Error::other(io::Error::from(Refused::new("too much")));
        assert_eq!(Refused::reading(&error).to_string(), "too much");
        assert!(
            Refused::reading(&io::Error::other("x"))
                .to_string()
                .starts_with("cannot be read")
        );
    }

    #[test]
    fn a_reason_is_one_clean_line() {
        assert_eq!(Refused::new("a\u{1b}[2J\nb").to_string(), "a\\u{1b}[2J b");
    }
}
