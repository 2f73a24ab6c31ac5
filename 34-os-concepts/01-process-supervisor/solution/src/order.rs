//! The order in which services start: each behind everything that it depends on.
//!
//! Kahn's algorithm over a set of the services whose dependencies are all placed. The set is sorted, so that the
//! same file always gives the same order.

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
    let mut missing: BTreeMap<&str, usize> = BTreeMap::new();
    let mut dependents: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (&service, dependencies) in graph {
        for &dependency in dependencies {
            if !graph.contains_key(dependency) {
                return Err(OrderError::Unknown {
                    service: service.into(),
                    dependency: dependency.into(),
                });
            }
            dependents.entry(dependency).or_default().push(service);
        }
        missing.insert(service, dependencies.len());
    }

    let mut free: BTreeSet<&str> = missing
        .iter()
        .filter(|(_, count)| **count == 0)
        .map(|(name, _)| *name)
        .collect();
    let mut order = Vec::with_capacity(graph.len());
    while let Some(service) = free.pop_first() {
        missing.remove(service);
        order.push(service.to_owned());
        for dependent in dependents.get(service).into_iter().flatten() {
            let count = missing
                .get_mut(dependent)
                .expect("a service is placed behind its dependencies");
            *count -= 1;
            if *count == 0 {
                free.insert(dependent);
            }
        }
    }
    if missing.is_empty() {
        Ok(order)
    } else {
        Err(OrderError::Cycle(cycle(graph, &missing)))
    }
}

/// A cycle among the services that could not be placed. Each of them has a dependency that could not be placed
/// either, so that following those must come round.
fn cycle(graph: &Graph<'_>, unplaced: &BTreeMap<&str, usize>) -> Vec<String> {
    let mut path: Vec<&str> = Vec::new();
    let mut service = *unplaced
        .keys()
        .next()
        .expect("there is no cycle among no services");
    while !path.contains(&service) {
        path.push(service);
        let mut dependencies = graph[service].iter();
        service = dependencies
            .find(|name| unplaced.contains_key(*name))
            .expect("it would have been placed");
    }
    // What led into the cycle is not part of it.
    let entry = path
        .iter()
        .position(|name| *name == service)
        .expect("the loop ends on a repetition");
    let mut cycle = path.split_off(entry);
    let first = (0..cycle.len())
        .min_by_key(|index| cycle[*index])
        .expect("a cycle has a service");
    cycle.rotate_left(first);
    cycle.push(cycle[0]);
    cycle.into_iter().map(str::to_owned).collect()
}
