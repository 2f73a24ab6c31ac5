//! `[[reviewed]]`: what an instructor who has read the sources of an exercise says of them.
//!
//! A decision belongs to a learner, an exercise and the hash of the sources that were read. Whatever that learner hands
//! in later was not read, and waits again if it is set aside.

use anyhow::{Result, anyhow};
use toml::Spanned;

use super::Policy;
use super::reader::Reader;
use super::table::ReviewedTable;
use crate::catalogue::nearest;
use crate::class::{ClassReport, EntryReport};
use crate::score::{ExerciseResult, SOURCES_DIGITS};

/// What was decided about some sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    learner: String,
    exercise: String,
    /// See [`ExerciseResult::sources`].
    sources: String,
    /// Whether the points that the tests earned count; nothing does otherwise.
    pub accept: bool,
    /// Why; for the instructor.
    pub reason: Option<String>,
    /// The line in the file.
    line: usize,
}

impl Decision {
    fn is_about(&self, learner: &str, exercise: &str) -> bool {
        self.learner == learner && self.exercise == exercise
    }

    /// The decision for whoever keeps the book.
    pub fn words(&self) -> String {
        let decided = if self.accept { "accepted" } else { "nothing counts" };
        match &self.reason {
            Some(reason) => format!("reviewed: {decided} ({reason})"),
            None => format!("reviewed: {decided}"),
        }
    }
}

impl Policy {
    /// What was decided about these very sources of `learner`, if anything was.
    pub fn decision(&self, learner: &str, result: &ExerciseResult) -> Option<&Decision> {
        let about = |decision: &&Decision| {
            decision.is_about(learner, &result.name) && decision.sources == result.sources
        };
        self.decisions.iter().find(about)
    }

    /// The decisions that nothing in this class belongs to.
    pub(super) fn idle_decisions(&self, report: &ClassReport) -> Vec<String> {
        let decisions = self.decisions.iter();
        decisions
            .filter_map(|decision| self.idle(decision, report))
            .collect()
    }

    fn idle(&self, decision: &Decision, report: &ClassReport) -> Option<String> {
        let Decision {
            learner,
            exercise,
            line,
            ..
        } = decision;
        let ids = || report.entries.iter().map(|entry| entry.learner.id.as_str());
        let Some(entry) = report.entries.iter().find(|entry| entry.learner.id == *learner) else {
            let hint =
                nearest(learner, ids()).map_or_else(String::new, |near| format!(": did you mean {near:?}?"));
            return Some(format!(
                "line {line} of the policy has a review of {learner:?}, who is not in this class{hint}"
            ));
        };
        let is_graded = report.exercises.iter().any(|known| known.name == *exercise);
        if !is_graded || self.is_decided(entry, exercise) {
            return None;
        }
        Some(format!(
            "line {line} of the policy reviews sources of {exercise} that {learner:?} no longer hands in"
        ))
    }

    /// Whether there is a decision about what is there now: then those about what was there before are history.
    fn is_decided(&self, entry: &EntryReport, exercise: &str) -> bool {
        let result = entry.results.iter().find(|result| result.name == exercise);
        result.is_some_and(|result| self.decision(&entry.learner.id, result).is_some())
    }
}

impl Reader<'_> {
    /// The decisions, none of which contradicts another.
    pub fn decisions(&self, tables: Vec<ReviewedTable>) -> Result<Vec<Decision>> {
        let mut decisions: Vec<Decision> = Vec::new();
        for table in tables {
            let span = table.learner.span();
            let decision = self.decision(table)?;
            let same = |known: &&Decision| {
                known.is_about(&decision.learner, &decision.exercise) && known.sources == decision.sources
            };
            if let Some(known) = decisions.iter().find(same) {
                let why = anyhow!(
                    "the same sources are reviewed in line {}: take one of the two out",
                    known.line
                );
                return Err(self.error(&span, &why));
            }
            decisions.push(decision);
        }
        Ok(decisions)
    }

    fn decision(&self, table: ReviewedTable) -> Result<Decision> {
        self.known(&table.exercise, false)?;
        let line = self.line(table.learner.span().start);
        let Some(sources) = &table.sources else {
            // Without them an accepted learner could hand in anything afterwards.
            let why = anyhow!(
                "a review says which sources were read: add `sources = \"…\"`, the {SOURCES_DIGITS} digits that the \
                 summary and analytics.md show beside {:?} and {}",
                table.learner.get_ref(),
                table.exercise.get_ref()
            );
            return Err(self.error(&table.learner.span(), &why));
        };
        Ok(Decision {
            sources: self.sources(sources)?,
            learner: table.learner.into_inner(),
            exercise: table.exercise.into_inner(),
            accept: table.accept,
            reason: table.reason.map(|reason| crate::run::failure::clean(&reason)),
            line,
        })
    }

    fn sources(&self, digits: &Spanned<String>) -> Result<String> {
        self.checked(digits, |digits| {
            let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            if is_hex && digits.len() == SOURCES_DIGITS {
                return Ok(digits.to_ascii_lowercase());
            }
            Err(anyhow!(
                "{digits:?} is no hash of sources: it has {SOURCES_DIGITS} hex digits, as the summary and analytics.md \
                 show them"
            ))
        })
    }
}

#[cfg(test)]
mod tests;
