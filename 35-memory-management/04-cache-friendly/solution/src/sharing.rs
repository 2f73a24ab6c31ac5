//! Counters of several threads, and why each needs a line of its own.
//!
//! A processor that writes to a line takes it away from all others. Two counters on one line are two variables for the
//! program and one for the caches: each addition waits for the line to come back. This is *false sharing*. The cure is
//! padding:
//!
//! ```text
//! packed   │ 0 │ 1 │ 2 │ 3 │ 4 │ 5 │ 6 │ 7 │     eight counters, one line
//! padded   │ 0 │           …           │ 1 │     a counter a pair of lines
//! ```
//!
//! Why a pair: many processors fetch lines in pairs, and some have lines of 128 bytes.

use std::ops::{Deref, DerefMut, Range};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Bytes that one thread should have for itself: a pair of lines.
pub const APART_BYTES: usize = 128;

/// A value that shares its lines with nothing else.
#[repr(align(128))]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Padded<T>(T);

impl<T> Padded<T> {
    /// Pads a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Padded<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Padded<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

/// Counters, one for each thread that counts.
pub trait Counters: Sync {
    /// `count` counters that are 0.
    fn new(count: usize) -> Self;

    /// Adds to counter `index`; a sum that is too large wraps around.
    ///
    /// # Panics
    /// When there is no such counter.
    fn add(&self, index: usize, amount: u64);

    /// The value of counter `index`.
    ///
    /// # Panics
    /// When there is no such counter.
    fn value(&self, index: usize) -> u64;

    /// The sum of all, which wraps around likewise. While others count it is a sum of values that the counters have
    /// had, and maybe at no moment together.
    fn total(&self) -> u64;

    /// The addresses of each counter's bytes.
    fn places(&self) -> Vec<Range<usize>>;
}

/// Counters beside each other: eight of them on a line.
#[derive(Debug)]
pub struct PackedCounters(Box<[AtomicU64]>);

/// Counters that share no lines.
#[derive(Debug)]
pub struct PaddedCounters(Box<[Padded<AtomicU64>]>);

/// Both have the same code: only the type of an element differs.
macro_rules! count_with {
    ($type:ident, $element:expr) => {
        impl Counters for $type {
            fn new(count: usize) -> Self {
                Self((0..count).map(|_| $element).collect())
            }

            fn add(&self, index: usize, amount: u64) {
                // Relaxed: the numbers guard no other memory.
                self.0[index].fetch_add(amount, Relaxed);
            }

            fn value(&self, index: usize) -> u64 {
                self.0[index].load(Relaxed)
            }

            fn total(&self) -> u64 {
                let values = self.0.iter().map(|counter| counter.load(Relaxed));
                values.fold(0, u64::wrapping_add)
            }

            fn places(&self) -> Vec<Range<usize>> {
                self.0
                    .iter()
                    .map(|counter| place_of::<AtomicU64>(counter))
                    .collect()
            }
        }
    };
}

count_with!(PackedCounters, AtomicU64::new(0));
count_with!(PaddedCounters, Padded::new(AtomicU64::new(0)));

/// The addresses of a value's bytes.
pub fn place_of<T>(value: &T) -> Range<usize> {
    let start = std::ptr::from_ref(value).addr();
    start..start + size_of::<T>()
}

/// The pairs of places, by their indices and the smaller first, that have a line of `line_bytes` bytes in common; in
/// ascending order. A place without bytes is on no line.
///
/// # Panics
/// When `line_bytes` is zero.
pub fn conflicts(places: &[Range<usize>], line_bytes: usize) -> Vec<(usize, usize)> {
    let lines = |place: &Range<usize>| place.start / line_bytes..place.end.div_ceil(line_bytes);
    let mut pairs = Vec::new();
    for (first, one) in places.iter().enumerate() {
        for (second, other) in places.iter().enumerate().skip(first + 1) {
            let (one_lines, other_lines) = (lines(one), lines(other));
            let meet = one_lines.start < other_lines.end && other_lines.start < one_lines.end;
            if meet && !one.is_empty() && !other.is_empty() {
                pairs.push((first, second));
            }
        }
    }
    pairs
}
