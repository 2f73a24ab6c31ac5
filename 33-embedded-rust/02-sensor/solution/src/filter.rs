//! Many samples into one value, in integers: a mean, and an exponential filter in fixed point.
//!
//! Integers round, and who rounds the same way at every step drifts or stands still short of the target. Both types
//! here keep what they have not shown yet, and round only what they show.

/// The mean of up to 65,535 samples.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mean {
    /// Cannot overflow: 65,535 samples of at most 32,768 are less than 2^31.
    sum: i32,
    count: u16,
}

impl Mean {
    /// The mean of no sample yet.
    pub fn new() -> Self {
        Self { sum: 0, count: 0 }
    }

    /// Takes a sample. After 65,535 of them further ones change nothing.
    pub fn push(&mut self, sample: i16) {
        if let Some(count) = self.count.checked_add(1) {
            self.count = count;
            self.sum += i32::from(sample);
        }
    }

    /// How many samples it has.
    pub fn count(&self) -> u16 {
        self.count
    }

    /// The mean, rounded to the nearest integer, halves away from zero; none of no samples.
    pub fn value(&self) -> Option<i16> {
        // Magnitudes round the same way on both sides of zero, and at most 2^31 and half a count fit 32 bits, for which
        // the processor has a division.
        let count = u32::from(self.count);
        let magnitude = (self.sum.unsigned_abs() + count / 2).checked_div(count)?;
        let rounded = magnitude.cast_signed() * self.sum.signum();
        Some(i16::try_from(rounded).expect("a mean lies between its samples"))
    }
}

/// An exponential filter: each sample moves the value by 1 / 2^shift of the way that is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exponential {
    shift: u32,
    /// The value times 2^shift; none before the first sample.
    scaled: Option<i64>,
}

/// The largest shift of an [`Exponential`].
pub const SHIFT_MAX: u32 = 16;

impl Exponential {
    /// A filter that has seen nothing. `shift` 0 follows each sample at once.
    ///
    /// # Panics
    /// When `shift` is above [`SHIFT_MAX`].
    pub fn new(shift: u32) -> Self {
        assert!(shift <= SHIFT_MAX, "the filter keeps 16 bits of fraction");
        Self { shift, scaled: None }
    }

    /// Takes a sample and gives the filtered value. The first sample is taken as it is.
    pub fn push(&mut self, sample: i32) -> i32 {
        let sample = i64::from(sample);
        let scaled = match self.scaled {
            None => sample << self.shift,
            // What is subtracted is what was shown: as long as that is not the sample, the state moves by at least
            // one, so it arrives.
            Some(scaled) => scaled + sample - self.shown(scaled),
        };
        self.scaled = Some(scaled);
        i32::try_from(self.shown(scaled)).expect("the value lies between the samples")
    }

    /// The value nearest to `scaled` / 2^shift, halves upwards.
    fn shown(&self, scaled: i64) -> i64 {
        (scaled + ((1 << self.shift) >> 1)) >> self.shift
    }
}
