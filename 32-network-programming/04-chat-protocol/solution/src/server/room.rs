//! A room: who is in it, and what was said last.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::wire::{Frame, HEADER_LEN};

/// One room. It is there as long as it has members.
pub(super) struct Room {
    pub(super) name: String,
    /// Sessions, in no order that means anything.
    pub(super) members: Vec<usize>,
    /// The number of the last message; the first is 1.
    pub(super) last: u64,
    /// The last messages, as the frames that the members got.
    history: VecDeque<Arc<[u8]>>,
}

/// A message that was kept.
pub(super) struct PastMessage<'a> {
    pub(super) seq: u64,
    pub(super) nick: &'a str,
    pub(super) text: &'a str,
}

impl Room {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            members: Vec::new(),
            last: 0,
            history: VecDeque::new(),
        }
    }

    /// Gives a message its number, and keeps it as one of `kept`. The frame is for every member.
    pub(super) fn say(&mut self, nick: &str, text: &str, kept: usize) -> Arc<[u8]> {
        self.last += 1;
        let message = Frame::Message {
            room: &self.name,
            seq: self.last,
            nick,
            text,
        };
        let frame = message.to_shared();
        self.history.push_back(Arc::clone(&frame));
        while self.history.len() > kept {
            self.history.pop_front();
        }
        frame
    }

    /// What was said behind `after` and is kept, oldest first.
    pub(super) fn past(&self, after: u64) -> impl Iterator<Item = PastMessage<'_>> {
        let first = self.last - self.history.len() as u64 + 1;
        let skipped = usize::try_from((after.saturating_add(1)).saturating_sub(first)).unwrap_or(usize::MAX);
        self.history.iter().skip(skipped).map(|frame| {
            match Frame::parse(frame[HEADER_LEN - 1], &frame[HEADER_LEN..]) {
                Ok(Frame::Message { seq, nick, text, .. }) => PastMessage { seq, nick, text },
                other => unreachable!("say keeps messages, and {other:?} is none"),
            }
        })
    }
}
