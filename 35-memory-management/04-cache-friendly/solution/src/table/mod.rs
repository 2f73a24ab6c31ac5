//! A hash table with open addressing over groups.
//!
//! A lookup reads the sixteen control bytes of one group, compares them with the tag at once, and then reads the slots
//! that match: one, but for one wrong tag in 128. That is a line for the bytes and a line for the entry.
//!
//! `raw` has the memory and all unsafe code but what names a slot that was found.

mod raw;

use std::borrow::Borrow;
use std::fmt;
use std::hash::{BuildHasher, Hash, RandomState};
use std::iter::FusedIterator;

use crate::group::Control;
use raw::{FullSlots, GROUP_CAPACITY, Raw, Slot};

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
        Self {
            raw: Raw::with_groups(groups_for(capacity)),
            len: 0,
            hasher,
        }
    }

    /// Entries.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Entries that the groups have room for: 14 each.
    pub fn capacity(&self) -> usize {
        self.raw.capacity()
    }

    /// The control bytes of all groups.
    pub fn controls(&self) -> &[Control] {
        self.raw.controls()
    }

    /// All entries, in the order of their slots.
    pub fn iter(&self) -> Iter<'_, K, V> {
        Iter {
            raw: &self.raw,
            slots: self.raw.full_slots(),
            left: self.len,
        }
    }

    /// Removes all entries and keeps the groups.
    pub fn clear(&mut self) {
        for group in 0..self.controls().len() {
            // One by one, so that a destructor that panics leaves a table without the entry.
            while let Some(slot) = self.raw.first_full(group) {
                drop(self.take(slot));
            }
        }
        self.raw.forget_all();
    }

    /// Takes the entry of a full slot out.
    fn take(&mut self, slot: Slot) -> (K, V) {
        self.len -= 1;
        // SAFETY: whoever calls this has the slot from a search of this table, unchanged since.
        unsafe { self.raw.take(slot) }
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
        let slot = self.find(key)?;
        // SAFETY: a slot that was found is full.
        let (_, value) = unsafe { self.raw.entry(slot) };
        Some(value)
    }

    /// The value of `key`, to be changed.
    #[inline]
    pub fn get_mut<Q>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let slot = self.find(key)?;
        // SAFETY: a slot that was found is full.
        let (_, value) = unsafe { self.raw.entry_mut(slot) };
        Some(value)
    }

    /// Whether there is an entry of `key`.
    pub fn contains_key<Q>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.find(key).is_some()
    }

    /// Gives `key` a value, and returns the one it had. The key that is in the table stays.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let hash = self.hasher.hash_one(&key);
        match self.raw.find(hash, |(held, _)| *held == key) {
            Some(slot) => {
                // SAFETY: a slot that was found is full.
                let (_, held) = unsafe { self.raw.entry_mut(slot) };
                Some(std::mem::replace(held, value))
            }
            None => {
                self.add(hash, (key, value));
                None
            }
        }
    }

    /// The value of `key`; where there is none, `make` makes it first.
    pub fn get_or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        let hash = self.hasher.hash_one(&key);
        let found = self.raw.find(hash, |(held, _)| *held == key);
        let slot = found.unwrap_or_else(|| {
            let value = make();
            self.add(hash, (key, value))
        });
        // SAFETY: the slot was found, or has just been filled.
        let (_, value) = unsafe { self.raw.entry_mut(slot) };
        value
    }

    /// Takes the entry of `key` out.
    pub fn remove<Q>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let slot = self.find(key)?;
        let (_, value) = self.take(slot);
        Some(value)
    }

    #[inline]
    fn find<Q>(&self, key: &Q) -> Option<Slot>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let hash = self.hasher.hash_one(key);
        self.raw.find(hash, |(held, _)| held.borrow() == key)
    }

    /// Adds an entry whose key is not in the table.
    fn add(&mut self, hash: u64, entry: (K, V)) -> Slot {
        let slot = self.raw.vacancy(hash).unwrap_or_else(|| {
            self.rebuild();
            self.raw.vacancy(hash).expect("a rebuilt table has room")
        });
        self.raw.fill(slot, hash, entry);
        self.len += 1;
        slot
    }

    /// Moves all entries to new groups, where no slot is DELETED: twice as many groups, or where at most half of the
    /// capacity is in use, as many.
    #[cold]
    fn rebuild(&mut self) {
        let groups = match self.raw.controls().len() {
            0 => 1,
            groups if self.len <= self.capacity() / 2 => groups,
            groups => groups * 2,
        };
        // When hashing panics, what was copied goes without a destructor, and the table is as it was.
        self.raw = self.raw.copy_into(groups, |(key, _)| self.hasher.hash_one(key));
    }
}

/// The fewest groups that have room for `capacity` entries.
fn groups_for(capacity: usize) -> usize {
    match capacity.div_ceil(GROUP_CAPACITY) {
        0 => 0,
        groups => groups.checked_next_power_of_two().expect("capacity overflow"),
    }
}

impl<K, V, S> Drop for Table<K, V, S> {
    fn drop(&mut self) {
        if std::mem::needs_drop::<(K, V)>() {
            self.clear();
        }
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
        let slot = self.slots.next()?;
        self.left -= 1;
        // SAFETY: the slots are the full ones of this table, which cannot change while it is borrowed.
        let (key, value) = unsafe { self.raw.entry(slot) };
        Some((key, value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<K, V> ExactSizeIterator for Iter<'_, K, V> {}

impl<K, V> FusedIterator for Iter<'_, K, V> {}
