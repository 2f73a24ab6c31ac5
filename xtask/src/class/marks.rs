//! Points with one decimal, and decimals out of a policy: whole numbers inside, so that sums are exact.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Sub};

/// Points, in tenths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Marks(pub u64);

/// A number with at most two decimals, in hundredths: a weight of 1.5 is 150, a quarter per cent is 25.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hundredths(pub u32);

/// All of it, in hundredths of a per cent.
const WHOLE: u64 = 100 * 100;

impl Marks {
    /// The points of tests, weighted. A half of a tenth is rounded up.
    pub fn weighted(points: u32, weight: Hundredths) -> Self {
        Self(half_up(u64::from(points) * u64::from(weight.0), 10))
    }

    /// What is left of these marks when `percent` of them are taken. A half of a tenth is rounded up, in the
    /// learner's favour; what is taken is the difference, so that the three always add up.
    pub fn without(self, percent: Hundredths) -> Self {
        let left = WHOLE.saturating_sub(u64::from(percent.0));
        Self(half_up(self.0 * left, WHOLE))
    }

    /// These marks of `possible`, in per cent with one decimal; 0 when nothing is possible.
    pub fn percent_of(self, possible: Self) -> Self {
        if possible.0 == 0 {
            return Self(0);
        }
        Self(half_up(self.0 * 1000, possible.0))
    }

    /// For a drawing.
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 10.0
    }
}

/// `value / divisor`, with halves rounded up.
fn half_up(value: u64, divisor: u64) -> u64 {
    (value + divisor / 2) / divisor
}

impl Hundredths {
    /// A weight of one.
    pub const ONE: Self = Self(100);

    /// `times` this, and `most` at most.
    pub fn times(self, times: u64, most: Self) -> Self {
        let product = u64::from(self.0).saturating_mul(times);
        u32::try_from(product).map_or(most, |product| Self(product).min(most))
    }
}

impl Add for Marks {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Marks {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for Marks {
    fn sum<I: Iterator<Item = Self>>(marks: I) -> Self {
        marks.fold(Self(0), Add::add)
    }
}

/// `12.5`, always with its decimal.
impl fmt::Display for Marks {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `pad` honours a width, which tables ask for.
        formatter.pad(&format!("{}.{}", self.0 / 10, self.0 % 10))
    }
}

/// `20`, `2.5` or `0.25`: no more decimals than there are.
impl fmt::Display for Hundredths {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 100, self.0 % 100);
        match part {
            0 => write!(formatter, "{whole}"),
            part if part % 10 == 0 => write!(formatter, "{whole}.{}", part / 10),
            part => write!(formatter, "{whole}.{part:02}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_of_a_tenth_is_rounded_up() {
        // 0.5 of 3.1 is 1.55; a third of 10 % of 1.
        assert_eq!(Marks(31).without(Hundredths(5000)), Marks(16));
        assert_eq!(Marks(10).without(Hundredths(3333)), Marks(7));
        assert_eq!(Marks::weighted(3, Hundredths(25)), Marks(8));
    }

    #[test]
    fn nothing_more_than_all_is_taken() {
        assert_eq!(Marks(31).without(Hundredths(10_000)), Marks(0));
        assert_eq!(
            Hundredths(1000).times(u64::MAX, Hundredths(5000)),
            Hundredths(5000)
        );
    }

    #[test]
    fn decimals_are_written_as_they_are_said() {
        let said = [2000, 250, 25, 5].map(|hundredths| Hundredths(hundredths).to_string());
        assert_eq!(said, ["20", "2.5", "0.25", "0.05"]);
        assert_eq!(format!("{:>6}", Marks(125)), "  12.5");
    }

    #[test]
    fn per_cent_of_nothing_is_nothing() {
        assert_eq!(Marks(10).percent_of(Marks(0)), Marks(0));
        assert_eq!(Marks(20).percent_of(Marks(30)).to_string(), "66.7");
    }
}
