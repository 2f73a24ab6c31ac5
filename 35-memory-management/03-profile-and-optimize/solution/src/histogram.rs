//! Durations, counted by what the report says of them: two significant digits, rounded up.
//!
//! ```text
//! duration    0  1 … 100   101–110  111–120 … 991–1000   1001–1100 … 9901–10000   …   9900001–10000000
//! bucket      0  1 … 100   101      102       190        191         280              550
//! ```
//!
//! Rounding up keeps the order, so the percentile of the rounded durations is the rounded percentile. 551 numbers take
//! the place of all durations, and there is nothing to sort.

/// A bucket for each value that two significant digits can have.
const BUCKETS: usize = 551;

/// How often there was which duration.
#[derive(Debug, Clone)]
pub struct Histogram {
    counts: [u64; BUCKETS],
    /// The sum of the counts.
    total: u64,
}

impl Histogram {
    /// No durations.
    pub const EMPTY: Self = Self {
        counts: [0; BUCKETS],
        total: 0,
    };

    /// How many durations there are.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Adds a duration of at most seven digits.
    #[inline]
    pub fn add(&mut self, duration_ms: u32) {
        self.counts[bucket(duration_ms)] += 1;
        self.total += 1;
    }

    /// The durations that so many per cent of all do not exceed (nearest rank), rounded up to two significant digits.
    ///
    /// The per cents rise, and there is at least one duration: one pass answers all.
    pub fn percentiles<const N: usize>(&self, percents: [u64; N]) -> [u32; N] {
        let mut buckets = 0..BUCKETS;
        let mut below = 0;
        let mut last = 0;
        percents.map(|percent| {
            let rank = (u128::from(self.total) * u128::from(percent)).div_ceil(100) as u64;
            while below < rank {
                last = buckets.next().expect("the counts add up to the total");
                below += self.counts[last];
            }
            value(last)
        })
    }
}

#[inline]
fn bucket(duration_ms: u32) -> usize {
    let bucket = match duration_ms {
        0..=100 => duration_ms,
        101..=1_000 => 90 + duration_ms.div_ceil(10),
        1_001..=10_000 => 180 + duration_ms.div_ceil(100),
        10_001..=100_000 => 270 + duration_ms.div_ceil(1_000),
        100_001..=1_000_000 => 360 + duration_ms.div_ceil(10_000),
        _ => 450 + duration_ms.div_ceil(100_000),
    };
    bucket as usize
}

/// The largest duration in a bucket.
fn value(bucket: usize) -> u32 {
    let bucket = bucket as u32;
    if bucket <= 100 {
        return bucket;
    }
    let decade = (bucket - 101) / 90 + 1;
    (bucket - 90 * decade) * 10_u32.pow(decade)
}
