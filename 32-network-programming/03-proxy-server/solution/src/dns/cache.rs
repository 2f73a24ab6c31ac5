//! Answers that still hold. Time comes in as an argument, so that tests need no clock.

use std::collections::{BTreeMap, HashMap};
use std::time::Instant;

use super::answer::Answer;
use super::message::Question;

/// A bounded cache of answers, good and negative.
#[derive(Debug)]
pub struct Cache {
    capacity: usize,
    entries: HashMap<Question, Entry>,
    /// The same entries, the first to expire in front. The number makes keys of equal times differ.
    by_expiry: BTreeMap<(Instant, u64), Question>,
    /// Numbers entries, and is never used twice.
    next: u64,
}

#[derive(Debug)]
struct Entry {
    answer: Answer,
    /// The key of this entry in [`Cache::by_expiry`].
    expiry: (Instant, u64),
}

impl Cache {
    /// An empty cache for up to `capacity` answers.
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity,
            entries: HashMap::new(),
            by_expiry: BTreeMap::new(),
            next: 0,
        }
    }

    /// The answer to `question`, unless its time is over by `now`.
    pub fn get(&self, question: &Question, now: Instant) -> Option<&Answer> {
        let entry = self.entries.get(question)?;
        (now < entry.expiry.0).then_some(&entry.answer)
    }

    /// Keeps an answer for its time, from `now` on. In a full cache the one that would expire first makes room.
    pub fn insert(&mut self, question: Question, answer: Answer, now: Instant) {
        self.remove(&question);
        if answer.ttl.is_zero() || self.capacity == 0 {
            return;
        }
        if self.entries.len() >= self.capacity
            && let Some((_, first)) = self.by_expiry.pop_first()
        {
            self.entries.remove(&first);
        }
        let expiry = (now + answer.ttl, self.next);
        self.next += 1;
        self.by_expiry.insert(expiry, question.clone());
        self.entries.insert(question, Entry { answer, expiry });
    }

    /// How many answers are held, those that have expired counted.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether no answers are held.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn remove(&mut self, question: &Question) {
        if let Some(entry) = self.entries.remove(question) {
            self.by_expiry.remove(&entry.expiry);
        }
    }
}
