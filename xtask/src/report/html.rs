//! TODO

use crate::score::Report;
use crate::store::Moment;

/// TODO
pub fn page(report: &Report, history: &[Moment]) -> String {
    let _ = (report, history);
    String::new()
}
