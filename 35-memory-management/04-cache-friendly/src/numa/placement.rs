//! Threads on processors, pages on nodes.
//!
//! - [`pin`], [`affinity`]: `sched_setaffinity(2)` and its question, for the calling thread
//! - [`prefer`]: `set_mempolicy(2)`, from which node the calling thread's new pages come
//! - [`first_touch`]: memory whose pages exist on a node because a thread of that node has written to them

use super::{NumaError, Topology};

/// What [`prefer`] has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// The kernel was told.
    Set,
    /// There is one node and nothing to choose; the kernel was not asked.
    OneNode,
}

/// Lets the calling thread run on these processors alone.
///
/// # Errors
/// [`NumaError::NoCpu`] for none; [`NumaError::Refused`] when the machine has none of them, or one is [`CPUS_MAX`](super::cpulist::CPUS_MAX) or
/// more.
pub fn pin(cpus: &[usize]) -> Result<(), NumaError> {
    todo!("let the calling thread run on {cpus:?}")
}

/// The processors that the calling thread may run on, ascending.
///
/// # Errors
/// [`NumaError::Refused`].
pub fn affinity() -> Result<Vec<usize>, NumaError> {
    todo!("where the calling thread may run")
}

/// Has the pages that the calling thread is the first to touch come from node `id` while it has some.
///
/// # Errors
/// [`NumaError::UnknownNode`]; [`NumaError::Refused`] by the kernel, and then nothing has changed.
pub fn prefer(topology: &Topology, id: usize) -> Result<Policy, NumaError> {
    todo!("new pages from node {id} of {topology:?}")
}

/// The set of nodes that has `id` alone: bit `id % 64` of word `id / 64`, in as few words as that takes.
pub fn nodemask(id: usize) -> Vec<u64> {
    todo!("bit {id}")
}

/// `bytes` zeros whose pages all exist, put there by a thread on the processors of node `id`. The calling thread stays
/// where it is.
///
/// # Errors
/// [`NumaError::UnknownNode`]; [`NumaError::NoCpu`] for a node of memory alone; [`NumaError::Refused`] when a thread
/// cannot be started or pinned.
pub fn first_touch(topology: &Topology, id: usize, bytes: usize) -> Result<Vec<u8>, NumaError> {
    todo!("{bytes} zeros on node {id} of {topology:?}")
}
