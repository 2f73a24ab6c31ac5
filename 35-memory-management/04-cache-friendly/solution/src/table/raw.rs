//! Groups of control bytes, and the slots that they speak of. What entries mean is not known here.
//!
//! ```text
//! controls   [t t E t D t E E …16]  [ … ]      a byte a slot; four groups are a line
//! slots      [e e · e · e · · …16]  [ … ]      `·` is not initialised
//! ```
//!
//! - a slot is initialised if and only if its control byte is full
//! - the number of groups is a power of two, or zero
//! - EMPTY slots never run out: `used` is at most 7/8 of the slots, so that every search comes to an end
//!
//! Dropping a [`Raw`] frees the memory and drops no entry.

use std::mem::MaybeUninit;

use crate::group::{Control, DELETED, EMPTY, Group, Mask, Native, WIDTH};
use crate::pages::advise_huge_pages;

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
    (hash >> 57) as u8
}

impl<T> Raw<T> {
    /// A table of `groups` groups: zero, or a power of two.
    ///
    /// # Panics
    /// When the bytes overflow.
    pub fn with_groups(groups: usize) -> Self {
        debug_assert!(groups == 0 || groups.is_power_of_two());
        let slots = groups.checked_mul(WIDTH).expect("capacity overflow");
        let mut slots = Box::new_uninit_slice(slots);
        advise_huge_pages(&mut slots);
        Self {
            controls: vec![Control::EMPTY; groups].into_boxed_slice(),
            slots,
            used: 0,
        }
    }

    /// The control bytes.
    pub fn controls(&self) -> &[Control] {
        &self.controls
    }

    /// Slots that may be used.
    pub fn capacity(&self) -> usize {
        self.controls.len() * GROUP_CAPACITY
    }

    /// Whether no EMPTY slot may be used any more.
    pub fn is_used_up(&self) -> bool {
        self.used >= self.capacity()
    }

    /// Searches the slots that `hash` may have put an entry into for one that `is_it`.
    #[inline]
    pub fn find(&self, hash: u64, mut is_it: impl FnMut(&T) -> bool) -> Option<Slot> {
        let tag = tag_of(hash);
        let mut probe = self.probe(hash)?;
        loop {
            // SAFETY: the search is in this table.
            let control = unsafe { self.load(&probe) };
            let mut matches = control.matching(tag);
            // Not a `for`, which would take the slot out before it is compared: most often it is the last.
            while let Some(lane) = matches.first() {
                let slot = Slot(probe.group * WIDTH + lane);
                // SAFETY: the byte is a tag, so the slot is full.
                if is_it(unsafe { self.entry(slot) }) {
                    return Some(slot);
                }
                matches.next();
            }
            if control.empty().any() {
                return None;
            }
            probe.go_on();
        }
    }

    /// Where an entry of `hash` that is not in the table goes: the first free slot of its search. Nothing when that is
    /// an EMPTY one and none may be used any more.
    pub fn vacancy(&self, hash: u64) -> Option<Slot> {
        let mut probe = self.probe(hash)?;
        let slot = loop {
            // SAFETY: the search is in this table.
            let control = unsafe { self.load(&probe) };
            if let Some(lane) = control.free().first() {
                break Slot(probe.group * WIDTH + lane);
            }
            probe.go_on();
        };
        (self.control(slot) == DELETED || !self.is_used_up()).then_some(slot)
    }

    /// Puts an entry into a slot that [`Raw::vacancy`] gave for this hash.
    #[inline]
    pub fn fill(&mut self, slot: Slot, hash: u64, entry: T) {
        debug_assert!(self.control(slot) & 0x80 != 0, "the slot is full");
        self.used += usize::from(self.control(slot) == EMPTY);
        self.slots[slot.0].write(entry);
        self.set_control(slot, tag_of(hash));
    }

    /// Takes the entry out of a slot.
    ///
    /// # Safety
    /// The slot is full.
    pub unsafe fn take(&mut self, slot: Slot) -> T {
        let group = Native::load(&self.controls[slot.0 / WIDTH]);
        // A search ends at a group with an EMPTY slot. If this one has some already, no search goes past it, and one
        // more changes nothing; otherwise entries behind it must still be found.
        if group.empty().any() {
            self.set_control(slot, EMPTY);
            self.used -= 1;
        } else {
            self.set_control(slot, DELETED);
        }
        // SAFETY: the slot was full until here, and is not any more: nobody reads it again.
        unsafe { self.slots[slot.0].assume_init_read() }
    }

    /// Makes every slot EMPTY, without dropping what is in it.
    pub fn forget_all(&mut self) {
        self.controls.fill(Control::EMPTY);
        self.used = 0;
    }

    /// The entry of a slot.
    ///
    /// # Safety
    /// The slot is full.
    #[inline]
    pub unsafe fn entry(&self, slot: Slot) -> &T {
        // SAFETY: a slot lies within the table, and a full one is initialised.
        unsafe { self.slots.get_unchecked(slot.0).assume_init_ref() }
    }

    /// The entry of a slot, to be changed.
    ///
    /// # Safety
    /// The slot is full.
    #[inline]
    pub unsafe fn entry_mut(&mut self, slot: Slot) -> &mut T {
        // SAFETY: a slot lies within the table, and a full one is initialised.
        unsafe { self.slots.get_unchecked_mut(slot.0).assume_init_mut() }
    }

    /// The first full slot of a group.
    pub fn first_full(&self, group: usize) -> Option<Slot> {
        let lane = Native::load(&self.controls[group]).full().first()?;
        Some(Slot(group * WIDTH + lane))
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
        let mut copy = Self::with_groups(groups);
        for slot in self.full_slots() {
            // SAFETY: it is full.
            let entry = unsafe { self.entry(slot) };
            let hash = hash_of(entry);
            let place = copy.vacancy(hash).expect("the new table has room");
            // SAFETY: the read leaves bits behind that the caller of this function gives up, or this copy is dropped,
            // which drops no entry.
            let entry = unsafe { std::ptr::from_ref(entry).read() };
            copy.fill(place, hash, entry);
        }
        copy
    }

    /// A search for `hash`, at its first group. None where there are no groups.
    #[inline]
    fn probe(&self, hash: u64) -> Option<Probe> {
        let mask = self.controls.len().checked_sub(1)?;
        Some(Probe {
            group: hash as usize & mask,
            step: 0,
            mask,
        })
    }

    /// The control bytes that a search is at.
    ///
    /// # Safety
    /// [`Raw::probe`] of this table has made the search.
    #[inline]
    unsafe fn load(&self, probe: &Probe) -> Native {
        // SAFETY: there are groups, a power of two of them, and what is masked by one less is below it.
        Native::load(unsafe { self.controls.get_unchecked(probe.group) })
    }

    #[inline]
    fn control(&self, slot: Slot) -> u8 {
        self.controls[slot.0 / WIDTH].0[slot.0 % WIDTH]
    }

    #[inline]
    fn set_control(&mut self, slot: Slot, byte: u8) {
        self.controls[slot.0 / WIDTH].0[slot.0 % WIDTH] = byte;
    }
}

/// A search: the groups in which an entry may be, each one once, with steps of 1, 2, 3, …. Before it is through with
/// all of them it comes to an EMPTY slot.
struct Probe {
    group: usize,
    step: usize,
    /// One less than there are groups.
    mask: usize,
}

impl Probe {
    #[inline]
    fn go_on(&mut self) {
        self.step += 1;
        self.group = (self.group + self.step) & self.mask;
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
        loop {
            if let Some(lane) = self.mask.next() {
                return Some(Slot((self.group - 1) * WIDTH + lane));
            }
            let (control, rest) = self.controls.split_first()?;
            self.controls = rest;
            self.mask = Native::load(control).full();
            self.group += 1;
        }
    }
}
