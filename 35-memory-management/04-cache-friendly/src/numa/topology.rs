//! The nodes of a machine, as the kernel shows them in files.
//!
//! ```text
//! /sys/devices/system/node/
//!   node0/cpulist      0-3,8-11
//!   node0/distance     10 21        to node 0, node 1, … in ascending order; 10 is the node itself
//!   node1/cpulist      4-7,12-15
//!   node1/distance     21 10
//!   online, possible, has_cpu, …    not of interest here
//! ```
//!
//! Described in the kernel's `Documentation/ABI/stable/sysfs-devices-node`.

use std::path::Path;

use super::NumaError;

/// Where Linux shows its nodes.
const SYSFS: &str = "/sys/devices/system/node";

/// A node: processors, and how far it is to memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The kernel's number. Numbers may be missing.
    pub id: usize,
    /// Its processors, ascending; none for a node of memory alone.
    pub cpus: Vec<usize>,
    /// The distance to each node of the topology, in its order. 10 is the node itself, 20 twice as far.
    pub distances: Vec<u32>,
}

/// The nodes of a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topology {
    /// In ascending order of their numbers; at least one.
    nodes: Vec<Node>,
}

impl Topology {
    /// Reads the nodes from a directory that is made like `/sys/devices/system/node`.
    ///
    /// # Errors
    /// [`NumaError`] when a file is missing or wrong, or there is no node.
    pub fn read(directory: &Path) -> Result<Self, NumaError> {
        todo!("the nodes below {}", directory.display())
    }

    /// The nodes of this machine. A kernel that shows none has one, with all processors.
    ///
    /// # Errors
    /// As [`Topology::read`].
    pub fn of_machine() -> Result<Self, NumaError> {
        todo!("the nodes below {SYSFS}")
    }

    /// The nodes, in ascending order of their numbers.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The node with this number.
    ///
    /// # Errors
    /// [`NumaError::UnknownNode`].
    pub fn node(&self, id: usize) -> Result<&Node, NumaError> {
        todo!("the node with number {id}")
    }

    /// The number of the node that a processor belongs to.
    pub fn node_of_cpu(&self, cpu: usize) -> Option<usize> {
        todo!("which of {:?} has processor {cpu}", self.nodes)
    }

    /// The numbers of all nodes, nearest to node `id` first; of nodes equally far, the lower number first. The node
    /// itself is the first.
    ///
    /// # Errors
    /// [`NumaError::UnknownNode`].
    pub fn nearest(&self, id: usize) -> Result<Vec<usize>, NumaError> {
        todo!("the nodes in the order of their distance to node {id}")
    }
}
