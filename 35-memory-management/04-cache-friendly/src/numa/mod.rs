//! Which memory is near which processor, and how to have threads and pages where they belong.
//!
//! A machine with several sockets has a memory controller at each: a *node* is some processors and the memory that is
//! nearest to them. Reading from another node takes up to twice as long. Which node a page is on is decided late: at the
//! first write to it, and by default it is the node of the processor that writes (*first touch*). So the thread that
//! will work on memory should be the one that fills it.
//!
//! - [`cpulist`]: the kernel's way to write a set of processors
//! - [`topology`]: the nodes of a machine, from `/sys/devices/system/node`
//! - [`placement`]: threads on processors, pages on nodes

pub mod cpulist;
pub mod placement;
pub mod topology;

use std::io;
use std::path::PathBuf;

use thiserror::Error;

pub use cpulist::CpuListError;
pub use placement::Policy;
pub use topology::{Node, Topology};

/// Why nodes cannot be read, or something cannot be put where it was wanted.
#[derive(Debug, Error)]
pub enum NumaError {
    /// A file cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A node's `cpulist` is none.
    #[error("{}: {source}", path.display())]
    CpuList {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: CpuListError,
    },
    /// A node's `distance` is no list of numbers, one for each node.
    #[error("{}: not a distance for each node", path.display())]
    Distances {
        /// The file.
        path: PathBuf,
    },
    /// The directory has no node.
    #[error("{}: no node", path.display())]
    NoNode {
        /// The directory.
        path: PathBuf,
    },
    /// The topology has no such node.
    #[error("there is no node {node}")]
    UnknownNode {
        /// The number that was asked for.
        node: usize,
    },
    /// There is no processor to run on: an empty set, or a node of memory alone.
    #[error("no processor to run on")]
    NoCpu,
    /// The kernel refuses.
    #[error("the kernel refuses {call}")]
    Refused {
        /// The system call.
        call: &'static str,
        /// Why.
        source: io::Error,
    },
}
