//! The requests that have no outcome yet, in the order of their numbers.
//!
//! A request keeps its number when it is sent again in the same session: that is how the server knows it. The ticket is
//! the client's own name for it, and stays the same in the next session too.

use std::collections::VecDeque;

use super::{PastMessage, Request, TooManyRequests};

/// Requests of the user's that may wait at a time.
const MAX_PENDING: usize = 64;

/// A request without an outcome.
#[derive(Debug)]
pub(super) struct Pending {
    /// Its number in the session.
    pub(super) id: u32,
    /// What the user knows it by; `None` when the client asks by itself, and tells nobody of the outcome.
    pub(super) ticket: Option<u64>,
    pub(super) request: Request,
    /// What has come of an answer in several frames.
    pub(super) past: Vec<PastMessage>,
    pub(super) members: Vec<String>,
}

/// The requests of one session.
#[derive(Debug, Default)]
pub(super) struct Requests {
    pending: VecDeque<Pending>,
    tickets: u64,
    /// The last number given.
    last: u32,
    /// The last number that a connection was given to carry.
    sent: u32,
}

impl Requests {
    /// Takes a request of the user's, and gives it a ticket.
    pub(super) fn ask(&mut self, request: Request) -> Result<u64, TooManyRequests> {
        if self.pending() >= MAX_PENDING {
            return Err(TooManyRequests);
        }
        self.tickets += 1;
        self.push(request, Some(self.tickets));
        Ok(self.tickets)
    }

    /// Takes a request of the client's own, and returns its number.
    pub(super) fn ask_internally(&mut self, request: Request) -> u32 {
        self.push(request, None);
        self.last
    }

    fn push(&mut self, request: Request, ticket: Option<u64>) {
        self.last += 1;
        self.pending.push_back(Pending {
            id: self.last,
            ticket,
            request,
            past: Vec::new(),
            members: Vec::new(),
        });
    }

    /// The user's requests without an outcome.
    pub(super) fn pending(&self) -> usize {
        self.pending
            .iter()
            .filter(|pending| pending.ticket.is_some())
            .count()
    }

    /// Appends the frames of what was not sent yet.
    pub(super) fn send(&mut self, out: &mut Vec<u8>) {
        for pending in self.pending.iter().filter(|pending| pending.id > self.sent) {
            pending.request.frame(pending.id).encode(out);
        }
        self.sent = self.last;
    }

    /// A new connection carries the session, and the server has carried out everything up to `request`.
    pub(super) fn resume_behind(&mut self, request: u32) {
        self.sent = request;
    }

    /// The request of that number, to add to its answer.
    pub(super) fn find(&mut self, id: u32) -> Option<&mut Pending> {
        self.pending.iter_mut().find(|pending| pending.id == id)
    }

    /// Takes the request out: this is its outcome.
    pub(super) fn take(&mut self, id: u32) -> Option<Pending> {
        let at = self.pending.iter().position(|pending| pending.id == id)?;
        self.pending.remove(at)
    }

    /// Takes out everything up to `id`.
    pub(super) fn take_up_to(&mut self, id: u32) -> Vec<Pending> {
        let count = self.pending.iter().take_while(|pending| pending.id <= id).count();
        self.pending.drain(..count).collect()
    }

    /// The session is lost, and with it what was sent, which is returned. In the next session the client asks for `first`,
    /// then for what was not sent.
    pub(super) fn restart(&mut self, first: impl Iterator<Item = Request>) -> Vec<Pending> {
        let lost = self.take_up_to(self.sent);
        let kept = std::mem::take(&mut self.pending);
        (self.last, self.sent) = (0, 0);
        for request in first {
            self.push(request, None);
        }
        for pending in kept.into_iter().filter(|pending| pending.ticket.is_some()) {
            self.push(pending.request, pending.ticket);
        }
        lost
    }
}
