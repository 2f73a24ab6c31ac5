//! Shards: a class in N parts, for as many machines.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Part `number` of `of`, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    number: usize,
    of: usize,
}

/// Parts that a class can be cut into.
const PARTS_MAX: usize = 10_000;

impl Shard {
    /// What of the class, in its order, belongs to this part. Every part gets its share from all over the list.
    pub fn take<T>(self, class: Vec<T>) -> Vec<T> {
        class.into_iter().skip(self.number - 1).step_by(self.of).collect()
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = |text: &str| text.parse::<usize>().ok();
        let parts = text
            .split_once('/')
            .and_then(|(number, of)| Some((parse(number)?, parse(of)?)));
        match parts {
            Some((number, of)) if (1..=of).contains(&number) && of <= PARTS_MAX => Ok(Self { number, of }),
            _ => Err(format!(
                "{text:?} is no part of a class: write 2/8 for the second of eight"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_learner_is_in_exactly_one_part() {
        let class: Vec<_> = (0..11).collect();
        let mut parts: Vec<_> = (1..=4)
            .flat_map(|number| Shard { number, of: 4 }.take(class.clone()))
            .collect();
        parts.sort_unstable();
        assert_eq!(parts, class);
    }

    #[test]
    fn only_a_part_of_a_whole_is_one() {
        assert!("1/1".parse::<Shard>().is_ok() && "8/8".parse::<Shard>().is_ok());
        for text in ["0/3", "4/3", "1", "a/b", "1/0", "-1/2", "1/99999999"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
