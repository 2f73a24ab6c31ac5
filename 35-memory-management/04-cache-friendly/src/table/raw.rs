//! Groups of control bytes, and the slots that they speak of. What entries mean is not known here.
//!
//! ```text
//! controls   [t t E t D t E E …16]  [ … ]      a byte a slot; four groups are a line
//! slots      [e e · e · e · · …16]  [ … ]      `·` is not initialised
//! ```
//!
//! - a slot is initialised if and only if its control byte is full
//! - the number of groups is a power of two, or zero
//! - EMPTY slots never run out: `used` is at most 7/8 of the slots
//!
//! Dropping a [`Raw`] frees the memory and drops no entry.
#![allow(dead_code, reason = "until the table calls it")]

use std::mem::MaybeUninit;

use crate::group::{Control, Mask, WIDTH};

/// Entries that a group has room for: 7/8 of its slots.
pub const GROUP_CAPACITY: usize = WIDTH / 8 * 7;

/// The place of a slot: its index among all slots of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot(usize);

/// Control bytes and slots.
pub struct Raw<T> {
    /// A power of two of them, or none.
    controls: Box<[Control]>,
    /// `WIDTH` for each group.
    slots: Box<[MaybeUninit<T>]>,
    /// Slots that are not EMPTY: entries and DELETED.
    used: usize,
}

/// The seven bits of a hash that stand in a control byte: the highest ones.
#[inline]
pub fn tag_of(hash: u64) -> u8 {
    todo!("the highest seven bits of {hash:#x}")
}

impl<T> Raw<T> {
    /// A table of `groups` groups: zero, or a power of two.
    ///
    /// # Panics
    /// When the bytes overflow.
    pub fn with_groups(groups: usize) -> Self {
        todo!("{groups} groups")
    }

    /// The control bytes.
    pub fn controls(&self) -> &[Control] {
        &self.controls
    }

    /// Slots that may be used.
    pub fn capacity(&self) -> usize {
        todo!("{GROUP_CAPACITY} for each group")
    }

    /// Whether no EMPTY slot may be used any more.
    pub fn is_used_up(&self) -> bool {
        todo!("compare {} with the capacity", self.used)
    }

    /// Searches the slots that `hash` may have put an entry into for one that `is_it`.
    #[inline]
    pub fn find(&self, hash: u64, mut is_it: impl FnMut(&T) -> bool) -> Option<Slot> {
        let _ = &mut is_it;
        todo!("search the groups of {hash:#x}")
    }

    /// Where an entry of `hash` that is not in the table goes: the first free slot of its search. Nothing when that is
    /// an EMPTY one and none may be used any more.
    pub fn vacancy(&self, hash: u64) -> Option<Slot> {
        todo!("the first free slot of a search for {hash:#x}")
    }

    /// Puts an entry into a slot that [`Raw::vacancy`] gave for this hash.
    #[inline]
    pub fn fill(&mut self, slot: Slot, hash: u64, entry: T) {
        let _ = entry;
        todo!("write an entry of {hash:#x} into {slot:?}")
    }

    /// Takes the entry out of a slot.
    ///
    /// # Safety
    /// The slot is full.
    pub unsafe fn take(&mut self, slot: Slot) -> T {
        todo!("read the entry out of {slot:?}")
    }

    /// Makes every slot EMPTY, without dropping what is in it.
    pub fn forget_all(&mut self) {
        todo!("make every slot EMPTY")
    }

    /// The entry of a slot.
    ///
    /// # Safety
    /// The slot is full.
    #[inline]
    pub unsafe fn entry(&self, slot: Slot) -> &T {
        todo!("the entry of {slot:?}")
    }

    /// The entry of a slot, to be changed.
    ///
    /// # Safety
    /// The slot is full.
    #[inline]
    pub unsafe fn entry_mut(&mut self, slot: Slot) -> &mut T {
        todo!("the entry of {slot:?}")
    }

    /// The first full slot of a group.
    pub fn first_full(&self, group: usize) -> Option<Slot> {
        todo!("the first full slot of group {group}")
    }

    /// All full slots.
    pub fn full_slots(&self) -> FullSlots<'_> {
        FullSlots {
            controls: &self.controls,
            group: 0,
            mask: Mask::default(),
        }
    }

    /// Copies every entry's bits into an empty table of `groups` groups, where each goes by `hash_of`. The entries
    /// are then in both, and only one of them may be used on. When `hash_of` panics this one is untouched.
    ///
    /// # Panics
    /// When the groups do not have room for the entries.
    pub fn copy_into(&self, groups: usize, hash_of: impl Fn(&T) -> u64) -> Self {
        let _ = hash_of;
        todo!("copy the entries into {groups} groups")
    }
}

/// The full slots of a table, in order.
#[derive(Clone)]
pub struct FullSlots<'a> {
    controls: &'a [Control],
    /// The group behind that of `mask`.
    group: usize,
    /// What is left of a group.
    mask: Mask,
}

impl Iterator for FullSlots<'_> {
    type Item = Slot;

    #[inline]
    fn next(&mut self) -> Option<Slot> {
        todo!(
            "a slot of {:?}, of group {} or one behind it",
            self.mask,
            self.group
        )
    }
}
