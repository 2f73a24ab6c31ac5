//! Answers that still hold. Time comes in as an argument, so that tests need no clock.

use std::time::Instant;

use super::answer::Answer;
use super::message::Question;

/// A bounded cache of answers, good and negative.
#[derive(Debug)]
pub struct Cache {
    // Yours to design: the answers, and which of them expires first.
}

impl Cache {
    /// An empty cache for up to `capacity` answers.
    pub fn new(capacity: usize) -> Self {
        todo!("an empty cache for {capacity} answers")
    }

    /// The answer to `question`, unless its time is over by `now`.
    pub fn get(&self, question: &Question, now: Instant) -> Option<&Answer> {
        todo!("the answer to {question:?}, if it holds at {now:?}")
    }

    /// Keeps an answer for its time, from `now` on. In a full cache the one that would expire first makes room.
    pub fn insert(&mut self, question: Question, answer: Answer, now: Instant) {
        todo!("keep {answer:?} for {question:?} from {now:?} on")
    }

    /// How many answers are held, those that have expired counted.
    pub fn len(&self) -> usize {
        todo!("count the answers")
    }

    /// Whether no answers are held.
    pub fn is_empty(&self) -> bool {
        todo!("count the answers")
    }
}
