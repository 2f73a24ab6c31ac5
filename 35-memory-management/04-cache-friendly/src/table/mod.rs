//! A hash table with open addressing over groups.
//!
//! A lookup reads the sixteen control bytes of one group, compares them with the tag at once, and then reads the slots
//! that match: one, but for one wrong tag in 128. That is a line for the bytes and a line for the entry.
//!
//! `raw` has the memory and all unsafe code but what names a slot that was found.
#![allow(dead_code, reason = "until it is read")]

mod raw;

use std::borrow::Borrow;
use std::fmt;
use std::hash::{BuildHasher, Hash, RandomState};
use std::iter::FusedIterator;

use crate::group::Control;
use raw::{FullSlots, Raw};

/// A map from keys to values, in no order.
pub struct Table<K, V, S = RandomState> {
    raw: Raw<(K, V)>,
    /// Full slots of `raw`.
    len: usize,
    hasher: S,
}

impl<K, V> Table<K, V> {
    /// An empty table, which takes no memory.
    pub fn new() -> Self {
        Self::with_capacity(0)
    }

    /// An empty table with room for `capacity` entries.
    pub fn with_capacity(capacity: usize) -> Self {
        Self::with_capacity_and_hasher(capacity, RandomState::new())
    }
}

impl<K, V, S> Table<K, V, S> {
    /// An empty table with room for `capacity` entries, with the fewest groups that have it.
    ///
    /// # Panics
    /// When that is more than an address space holds.
    pub fn with_capacity_and_hasher(capacity: usize, hasher: S) -> Self {
        let _ = hasher;
        todo!("groups for {capacity} entries")
    }

    /// Entries.
    pub fn len(&self) -> usize {
        todo!("count the entries")
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        todo!("whether there is no entry")
    }

    /// Entries that the groups have room for: 14 each.
    pub fn capacity(&self) -> usize {
        todo!("14 for each group")
    }

    /// The control bytes of all groups.
    pub fn controls(&self) -> &[Control] {
        todo!("the bytes of all groups")
    }

    /// All entries, in the order of their slots.
    pub fn iter(&self) -> Iter<'_, K, V> {
        todo!("an iterator over the full slots")
    }

    /// Removes all entries and keeps the groups.
    pub fn clear(&mut self) {
        todo!("drop all entries")
    }
}

impl<K: Hash + Eq, V, S: BuildHasher> Table<K, V, S> {
    /// The value of `key`.
    #[inline]
    pub fn get<Q>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let _ = key;
        todo!("find the slot of the key")
    }

    /// The value of `key`, to be changed.
    #[inline]
    pub fn get_mut<Q>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let _ = key;
        todo!("find the slot of the key")
    }

    /// Whether there is an entry of `key`.
    pub fn contains_key<Q>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let _ = key;
        todo!("find the slot of the key")
    }

    /// Gives `key` a value, and returns the one it had. The key that is in the table stays.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let _ = (key, value);
        todo!("replace or add a value")
    }

    /// The value of `key`; where there is none, `make` makes it first.
    pub fn get_or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        let _ = (key, make);
        todo!("find or add a value")
    }

    /// Takes the entry of `key` out.
    pub fn remove<Q>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let _ = key;
        todo!("take the entry of the key")
    }
}

impl<K, V, S> Drop for Table<K, V, S> {
    fn drop(&mut self) {
        todo!("drop all entries; the memory goes by itself")
    }
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: fmt::Debug, V: fmt::Debug, S> fmt::Debug for Table<K, V, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

impl<'a, K, V, S> IntoIterator for &'a Table<K, V, S> {
    type Item = (&'a K, &'a V);
    type IntoIter = Iter<'a, K, V>;

    fn into_iter(self) -> Iter<'a, K, V> {
        self.iter()
    }
}

/// The entries of a table.
pub struct Iter<'a, K, V> {
    raw: &'a Raw<(K, V)>,
    slots: FullSlots<'a>,
    /// Entries to come.
    left: usize,
}

impl<'a, K, V> Iterator for Iter<'a, K, V> {
    type Item = (&'a K, &'a V);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        todo!("the entry of the next full slot")
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        todo!("the {} that are left", self.left)
    }
}

impl<K, V> ExactSizeIterator for Iter<'_, K, V> {}

impl<K, V> FusedIterator for Iter<'_, K, V> {}
