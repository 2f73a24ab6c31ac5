//! The report as JSON: the types of [`crate::score`], version [`crate::score::FORMAT`].

use anyhow::{Context, Result};

use crate::score::Report;

/// The report as indented JSON without a final newline.
///
/// # Errors
/// Never in practice: every part of a report is JSON.
pub fn text(report: &Report) -> Result<String> {
    serde_json::to_string_pretty(report).context("a report is JSON")
}
