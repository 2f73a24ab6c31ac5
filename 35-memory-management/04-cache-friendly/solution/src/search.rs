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

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::{
    __m128i, _mm_cmpgt_epi32, _mm_load_si128, _mm_movemask_epi8, _mm_packs_epi16, _mm_packs_epi32,
    _mm_set1_epi32, _mm_xor_si128,
};
use std::ops::{Bound, RangeBounds};

use thiserror::Error;

use crate::LINE_BYTES;
use crate::pages::advise_huge_pages;

/// Keys of a node.
pub const KEYS: usize = LINE_BYTES / size_of::<u32>();

/// Children of an inner node.
pub const CHILDREN: usize = KEYS + 1;

/// Searches that [`Index::lower_bounds`] takes down the tree side by side.
const TOGETHER: usize = 16;

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
        if let Some(before) = keys.windows(2).position(|pair| pair[0] > pair[1]) {
            return Err(Unsorted { index: before + 1 });
        }
        let mut counts = vec![keys.len().div_ceil(KEYS).max(1)];
        while let Some(&nodes) = counts.last().filter(|nodes| **nodes > 1) {
            counts.push(nodes.div_ceil(CHILDREN));
        }
        let mut levels = Vec::with_capacity(counts.len());
        let mut end = 0;
        for count in counts.into_iter().rev() {
            levels.push(end);
            end += count;
        }
        let mut nodes = Vec::with_capacity(end);
        advise_huge_pages(nodes.spare_capacity_mut());
        nodes.resize(end, Node([u32::MAX; KEYS]));
        let leaves = &mut nodes[levels[levels.len() - 1]..];
        for (leaf, keys) in leaves.iter_mut().zip(keys.chunks(KEYS)) {
            leaf.0[..keys.len()].copy_from_slice(keys);
        }
        let mut index = Self {
            nodes: nodes.into_boxed_slice(),
            levels,
            len: keys.len(),
        };
        index.fill_inner_levels(keys);
        Ok(index)
    }

    /// Keys.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Levels, leaves included: the lines that a search reads.
    pub fn height(&self) -> usize {
        self.levels.len()
    }

    /// The sorted keys.
    pub fn keys(&self) -> &[u32] {
        let leaves = &self.nodes[self.levels[self.levels.len() - 1]..];
        // SAFETY: a node is sixteen keys and nothing else (`repr(C)`, 64 bytes), so nodes that lie one behind the other
        // are keys that do, sixteen times as many.
        let keys = unsafe { std::slice::from_raw_parts(leaves.as_ptr().cast::<u32>(), leaves.len() * KEYS) };
        &keys[..self.len]
    }

    /// How many keys are less than `key`: the position of the first that is not.
    #[inline]
    pub fn lower_bound(&self, key: u32) -> usize {
        let mut node = 0;
        let (leaves, inner) = self
            .levels
            .split_last()
            .expect("there always is a level of leaves");
        for level in inner {
            node = node * CHILDREN + self.nodes[level + node].rank(key);
        }
        node * KEYS + self.nodes[leaves + node].rank(key)
    }

    /// [`Index::lower_bound`] of each of `keys`. Sixteen searches go down side by side, so that the processor waits
    /// for sixteen lines at once instead of one after the other.
    ///
    /// # Panics
    /// When the slices differ in length.
    pub fn lower_bounds(&self, keys: &[u32], bounds: &mut [usize]) {
        assert_eq!(keys.len(), bounds.len(), "a bound for each key");
        let (leaves, inner) = self
            .levels
            .split_last()
            .expect("there always is a level of leaves");
        for (keys, bounds) in keys.chunks(TOGETHER).zip(bounds.chunks_mut(TOGETHER)) {
            bounds.fill(0);
            for level in inner {
                for (node, key) in bounds.iter_mut().zip(keys) {
                    *node = *node * CHILDREN + self.nodes[level + *node].rank(*key);
                }
            }
            for (node, key) in bounds.iter_mut().zip(keys) {
                *node = *node * KEYS + self.nodes[leaves + *node].rank(*key);
            }
        }
    }

    /// The keys within `bounds`, in order.
    pub fn range(&self, bounds: impl RangeBounds<u32>) -> &[u32] {
        let start = match bounds.start_bound() {
            Bound::Unbounded => 0,
            Bound::Included(key) => self.lower_bound(*key),
            Bound::Excluded(key) => self.upper_bound(*key),
        };
        let end = match bounds.end_bound() {
            Bound::Unbounded => self.len,
            Bound::Included(key) => self.upper_bound(*key),
            Bound::Excluded(key) => self.lower_bound(*key),
        };
        // Bounds in the wrong order have nothing between them.
        &self.keys()[start..end.max(start)]
    }

    /// How many keys are not greater than `key`.
    fn upper_bound(&self, key: u32) -> usize {
        key.checked_add(1).map_or(self.len, |next| self.lower_bound(next))
    }

    /// Fills the levels above the leaves. `reach` is how many leaves lie below a child.
    fn fill_inner_levels(&mut self, keys: &[u32]) {
        let mut reach = 1;
        for level in (0..self.levels.len() - 1).rev() {
            let (start, end) = (self.levels[level], self.levels[level + 1]);
            for (child, key) in
                self.nodes[start..end]
                    .iter_mut()
                    .enumerate()
                    .flat_map(|(node, Node(slots))| {
                        slots
                            .iter_mut()
                            .enumerate()
                            .map(move |(slot, key)| (node * CHILDREN + slot, key))
                    })
            {
                // Keys below the children up to this one. Behind them is the next child, if there is one.
                let below = (child + 1) * reach * KEYS;
                if below < keys.len() {
                    *key = keys[below - 1];
                }
            }
            reach *= CHILDREN;
        }
    }
}

impl Node {
    /// How many of the keys are less than `key`, without a branch.
    #[cfg(target_arch = "x86_64")]
    #[inline]
    fn rank(&self, key: u32) -> usize {
        // SSE2 compares signed numbers only. Flipping the highest bit keeps the order.
        let flip = |quarter: __m128i| {
            // SAFETY: every x86-64 has SSE2, and these work on registers alone.
            unsafe { _mm_xor_si128(quarter, _mm_set1_epi32(i32::MIN)) }
        };
        // SAFETY: as above.
        let sought = flip(unsafe { _mm_set1_epi32(key.cast_signed()) });
        let (quarters, _) = self.0.as_chunks::<4>();
        let less = |quarter: usize| {
            let keys = quarters[quarter].as_ptr().cast();
            // SAFETY: as above, and a quarter is sixteen readable bytes. A node begins at a multiple of 64, so a
            // quarter begins at one of 16.
            unsafe { _mm_cmpgt_epi32(sought, flip(_mm_load_si128(keys))) }
        };
        // SAFETY: as above. Packing keeps ones and zeros what they are.
        let bits = unsafe {
            let low = _mm_packs_epi32(less(0), less(1));
            let high = _mm_packs_epi32(less(2), less(3));
            _mm_movemask_epi8(_mm_packs_epi16(low, high))
        };
        // In order: the keys that are less come first.
        bits.trailing_ones() as usize
    }

    /// How many of the keys are less than `key`, without a branch.
    #[cfg(not(target_arch = "x86_64"))]
    #[inline]
    fn rank(&self, key: u32) -> usize {
        self.0.iter().map(|held| u32::from(*held < key)).sum::<u32>() as usize
    }
}
