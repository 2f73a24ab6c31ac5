//! A static search tree whose nodes are lines.
//!
//! The sorted keys stand in leaves of sixteen. Above them is a level of nodes that choose between seventeen children each,
//! above that another, up to one root:
//!
//! ```text
//! level 0          [ root ]                                   node j of a level has the children
//! level 1          [ 0 ][ 1 ] … [ 16 ]                        17 j, 17 j + 1, …, 17 j + 16 of the next
//! level 2, leaves  [ 0 ][ 1 ] … [ 16 ][ 17 ] … [ 288 ]
//! ```
//!
//! - key i of an inner node is the largest key below its child i; where there is no child i + 1, it is the largest
//!   number. So the number of keys less than what is sought is the child to go to, and that child exists.
//! - the last leaf is filled up with the largest number.
//! - all levels stand one behind the other in one array, the root first; nothing points anywhere.
#![allow(dead_code, reason = "until it is read")]

use std::ops::RangeBounds;

use thiserror::Error;

use crate::LINE_BYTES;

/// Keys of a node.
pub const KEYS: usize = LINE_BYTES / size_of::<u32>();

/// Children of an inner node.
pub const CHILDREN: usize = KEYS + 1;

/// The keys are not in ascending order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("key {index} is less than the one before it")]
pub struct Unsorted {
    /// The first key that is less than the one before it.
    pub index: usize,
}

/// A node: sixteen keys in ascending order, on one line.
#[repr(C, align(64))]
#[derive(Debug, Clone, Copy)]
struct Node([u32; KEYS]);

/// Sorted keys that can be searched, and not changed.
#[derive(Debug, Clone)]
pub struct Index {
    /// The levels, root first. Without a key there is one leaf.
    nodes: Box<[Node]>,
    /// Where each level begins in `nodes`, root first.
    levels: Vec<usize>,
    len: usize,
}

impl Index {
    /// An index of these keys, which may be equal to each other.
    ///
    /// # Errors
    /// [`Unsorted`].
    pub fn new(keys: &[u32]) -> Result<Self, Unsorted> {
        todo!("levels of nodes over {} keys", keys.len())
    }

    /// Keys.
    pub fn len(&self) -> usize {
        todo!("count the keys")
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        todo!("whether there is no key")
    }

    /// Levels, leaves included: the lines that a search reads.
    pub fn height(&self) -> usize {
        todo!("count the levels")
    }

    /// The sorted keys.
    pub fn keys(&self) -> &[u32] {
        todo!("the keys of all leaves")
    }

    /// How many keys are less than `key`: the position of the first that is not.
    #[inline]
    pub fn lower_bound(&self, key: u32) -> usize {
        todo!("how many keys are less than {key}")
    }

    /// [`Index::lower_bound`] of each of `keys`. Sixteen searches go down side by side, so that the processor waits
    /// for sixteen lines at once instead of one after the other.
    ///
    /// # Panics
    /// When the slices differ in length.
    pub fn lower_bounds(&self, keys: &[u32], bounds: &mut [usize]) {
        todo!("how many keys are less than each of {keys:?}, into {bounds:?}")
    }

    /// The keys within `bounds`, in order.
    pub fn range(&self, bounds: impl RangeBounds<u32>) -> &[u32] {
        todo!(
            "the keys from {:?} to {:?}",
            bounds.start_bound(),
            bounds.end_bound()
        )
    }
}
