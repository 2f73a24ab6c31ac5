//! Many samples into one value, in integers: a mean, and an exponential filter in fixed point.
//!
//! Integers round, and who rounds the same way at every step drifts or stands still short of the target. Both types
//! here keep what they have not shown yet, and round only what they show.

/// The mean of up to 65,535 samples.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mean {}

impl Mean {
    /// The mean of no sample yet.
    pub fn new() -> Self {
        todo!("what does a mean of no sample know?")
    }

    /// Takes a sample. After 65,535 of them further ones change nothing.
    pub fn push(&mut self, sample: i16) {
        todo!("take {sample}")
    }

    /// How many samples it has.
    pub fn count(&self) -> u16 {
        todo!("how many samples?")
    }

    /// The mean, rounded to the nearest integer, halves away from zero; none of no samples.
    pub fn value(&self) -> Option<i16> {
        todo!("the mean, rounded")
    }
}

/// An exponential filter: each sample moves the value by 1 / 2^shift of the way that is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exponential {}

/// The largest shift of an [`Exponential`].
pub const SHIFT_MAX: u32 = 16;

impl Exponential {
    /// A filter that has seen nothing. `shift` 0 follows each sample at once.
    ///
    /// # Panics
    /// When `shift` is above [`SHIFT_MAX`].
    pub fn new(shift: u32) -> Self {
        assert!(shift <= SHIFT_MAX, "the filter keeps 16 bits of fraction");
        todo!("what does a filter know before its first sample?")
    }

    /// Takes a sample and gives the filtered value. The first sample is taken as it is.
    pub fn push(&mut self, sample: i32) -> i32 {
        todo!("move towards {sample}")
    }
}
