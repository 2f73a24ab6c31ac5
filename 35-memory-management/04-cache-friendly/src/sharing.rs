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
use std::sync::atomic::AtomicU64;

/// Bytes that one thread should have for itself: a pair of lines.
pub const APART_BYTES: usize = 128;

/// A value that shares its lines with nothing else.
///
/// It is not padded yet: an attribute on the type says so to the compiler.
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

impl Counters for PackedCounters {
    fn new(count: usize) -> Self {
        todo!("{count} counters")
    }

    fn add(&self, index: usize, amount: u64) {
        todo!("add {amount} to counter {index}")
    }

    fn value(&self, index: usize) -> u64 {
        todo!("counter {index}")
    }

    fn total(&self) -> u64 {
        todo!("the sum of {:?}", self.0)
    }

    fn places(&self) -> Vec<Range<usize>> {
        todo!("where {:?} lie", self.0)
    }
}

impl Counters for PaddedCounters {
    fn new(count: usize) -> Self {
        todo!("{count} counters")
    }

    fn add(&self, index: usize, amount: u64) {
        todo!("add {amount} to counter {index}")
    }

    fn value(&self, index: usize) -> u64 {
        todo!("counter {index}")
    }

    fn total(&self) -> u64 {
        todo!("the sum of {:?}", self.0)
    }

    fn places(&self) -> Vec<Range<usize>> {
        todo!("where {:?} lie", self.0)
    }
}

/// The addresses of a value's bytes.
pub fn place_of<T>(value: &T) -> Range<usize> {
    let _ = value;
    todo!("from the address of the value on")
}

/// The pairs of places, by their indices and the smaller first, that have a line of `line_bytes` bytes in common; in
/// ascending order. A place without bytes is on no line.
///
/// # Panics
/// When `line_bytes` is zero.
pub fn conflicts(places: &[Range<usize>], line_bytes: usize) -> Vec<(usize, usize)> {
    todo!("which of {places:?} have a line of {line_bytes} bytes in common")
}
