//! TODO

use crate::score::Report;

/// TODO
pub fn text(report: &Report) -> String {
    let _ = report;
    String::new()
}
