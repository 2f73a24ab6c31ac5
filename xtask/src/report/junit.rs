//! TODO

use crate::score::Report;

/// TODO
pub fn text(report: &Report) -> anyhow::Result<String> {
    let _ = report;
    Ok(String::new())
}
