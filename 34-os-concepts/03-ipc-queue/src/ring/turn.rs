//! Taking turns: a lock that the death of its holder does not keep.
//!
//! ```text
//! word    0           nobody's turn
//!         id          the turn of the end with this id
//!         id | MANY   the same, and others may be asleep on the word
//! ```
//!
//! Senders take turns among themselves, and so do receivers. Whoever has the turn copies messages and then moves `tail`
//! or `head` by one store, and gives the turn back. Wherever it dies, it has moved the word or it has not: the next one
//! takes the turn from it and finds a ring in order. That is why slots need no state of their own.

use std::sync::atomic::Ordering::Relaxed;

use super::control::{Shared, Word};
use crate::queue::Wait;

/// The time is up, and it is still somebody else's turn.
#[derive(Debug)]
pub struct Expired;

/// Takes the turn, waiting for it as `wait` says: with [`Wait::No`] as long as a living holder needs to finish a copy,
/// unless it is held up.
///
/// # Errors
/// [`Expired`].
pub fn take<S: Shared>(shared: &S, word: &S::Word, id: u32, wait: Wait) -> Result<(), Expired> {
    todo!(
        "{}: the turn for {id}, as {wait:?} says",
        shared.is_alive(id) && word.load(Relaxed) == 0
    )
}

/// Gives the turn back, and wakes one of those who wait for it.
pub fn give_back<W: Word>(word: &W) {
    todo!("{} becomes 0", word.load(Relaxed))
}

/// Frees the turn of a dead end whose id has been given to this one: to everybody else its holder now looks alive.
pub fn bury<W: Word>(word: &W, id: u32) {
    todo!("{} becomes 0 if it is {id}", word.load(Relaxed))
}
