//! The order in which services start: each behind everything that it depends on.
//!
//! The same file always gives the same order.

use std::collections::{BTreeMap, BTreeSet};

/// What each service depends on.
pub type Graph<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// Why there is no order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// A service depends on one that is not there.
    #[error("service \"{service}\" depends on \"{dependency}\", which does not exist")]
    Unknown {
        /// The one that depends.
        service: String,
        /// What is missing.
        dependency: String,
    },
    /// Services that wait for each other; the first is repeated at the end.
    #[error("dependency cycle: {}", .0.join(" -> "))]
    Cycle(Vec<String>),
}

/// All services, dependencies first; where several could be next, the alphabetically first is.
///
/// # Errors
/// The alphabetically first service with an unknown dependency, else a cycle, told from its alphabetically first
/// service on.
pub fn start_order(graph: &Graph<'_>) -> Result<Vec<String>, OrderError> {
    todo!("order {} services", graph.len())
}
