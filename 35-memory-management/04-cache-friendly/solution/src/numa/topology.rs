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

use std::fs;
use std::io;
use std::path::Path;

use super::{NumaError, cpulist};

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
        let entries = fs::read_dir(directory).map_err(|source| unreadable(directory, source))?;
        let mut ids = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|source| unreadable(directory, source))?;
            ids.extend(entry.file_name().to_str().and_then(node_id));
        }
        ids.sort_unstable();
        if ids.is_empty() {
            return Err(NumaError::NoNode {
                path: directory.to_owned(),
            });
        }
        let nodes = ids.iter().map(|id| read_node(directory, *id, ids.len()));
        Ok(Self {
            nodes: nodes.collect::<Result<_, _>>()?,
        })
    }

    /// The nodes of this machine. A kernel that shows none has one, with all processors.
    ///
    /// # Errors
    /// As [`Topology::read`].
    pub fn of_machine() -> Result<Self, NumaError> {
        match Self::read(Path::new(SYSFS)) {
            Err(NumaError::Read { path, source })
                if source.kind() == io::ErrorKind::NotFound && path == Path::new(SYSFS) =>
            {
                let cpus = std::thread::available_parallelism().map_or(1, usize::from);
                Ok(Self {
                    nodes: vec![Node {
                        id: 0,
                        cpus: (0..cpus).collect(),
                        distances: vec![10],
                    }],
                })
            }
            result => result,
        }
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
        let node = self.nodes.iter().find(|node| node.id == id);
        node.ok_or(NumaError::UnknownNode { node: id })
    }

    /// The number of the node that a processor belongs to.
    pub fn node_of_cpu(&self, cpu: usize) -> Option<usize> {
        let node = self.nodes.iter().find(|node| node.cpus.contains(&cpu));
        node.map(|node| node.id)
    }

    /// The numbers of all nodes, nearest to node `id` first; of nodes equally far, the lower number first. The node
    /// itself is the first.
    ///
    /// # Errors
    /// [`NumaError::UnknownNode`].
    pub fn nearest(&self, id: usize) -> Result<Vec<usize>, NumaError> {
        let distances = &self.node(id)?.distances;
        let mut order: Vec<(bool, u32, usize)> = self
            .nodes
            .iter()
            .zip(distances)
            .map(|(node, distance)| (node.id != id, *distance, node.id))
            .collect();
        order.sort_unstable();
        Ok(order.into_iter().map(|(_, _, id)| id).collect())
    }
}

/// The number in `node7`; nothing for other names.
fn node_id(name: &str) -> Option<usize> {
    let digits = name.strip_prefix("node")?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok())?
}

fn read_node(directory: &Path, id: usize, nodes: usize) -> Result<Node, NumaError> {
    let directory = directory.join(format!("node{id}"));
    let read = |name: &str| {
        let path = directory.join(name);
        match fs::read_to_string(&path) {
            Ok(text) => Ok((path, text)),
            Err(source) => Err(NumaError::Read { path, source }),
        }
    };
    let (path, text) = read("cpulist")?;
    let cpus = cpulist::parse(&text).map_err(|source| NumaError::CpuList { path, source })?;
    let (path, text) = read("distance")?;
    let distances: Result<Vec<u32>, _> = text.split_ascii_whitespace().map(str::parse).collect();
    match distances {
        Ok(distances) if distances.len() == nodes => Ok(Node { id, cpus, distances }),
        _ => Err(NumaError::Distances { path }),
    }
}

fn unreadable(path: &Path, source: io::Error) -> NumaError {
    NumaError::Read {
        path: path.to_owned(),
        source,
    }
}
