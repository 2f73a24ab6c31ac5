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

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use super::control::{Shared, Word};
use crate::member::LOOK_EVERY;
use crate::queue::Wait;

/// Set in the word when somebody may be asleep on it. In the half of the word that a futex sees.
const MANY: u64 = 1 << 31;

/// The time is up, and it is still somebody else's turn.
#[derive(Debug)]
pub struct Expired;

/// Takes the turn, waiting for it as `wait` says: with [`Wait::No`] as long as a living holder needs to finish a copy,
/// unless it is held up.
///
/// # Errors
/// [`Expired`].
pub fn take<S: Shared>(shared: &S, word: &S::Word, id: u32, wait: Wait) -> Result<(), Expired> {
    let id = u64::from(id);
    if word.compare_exchange(0, id, Acquire).is_ok() {
        return Ok(());
    }
    for _ in 0..shared.spins() {
        if word.load(Relaxed) == 0 && word.compare_exchange(0, id, Acquire).is_ok() {
            return Ok(());
        }
        shared.pause();
    }
    loop {
        let seen = word.load(Relaxed);
        if seen == 0 {
            // Others may sleep beside us; whoever gives the turn back must look after them.
            match word.compare_exchange(0, id | MANY, Acquire) {
                Ok(_) => return Ok(()),
                Err(_) => continue,
            }
        }
        let holder = u32::try_from(seen & !MANY).unwrap_or(0);
        let slice = wait.slice(LOOK_EVERY);
        if let Some(slice) = slice {
            if seen & MANY == 0 && word.compare_exchange(seen, seen | MANY, Relaxed).is_err() {
                continue;
            }
            word.wait(seen | MANY, slice);
        }
        let now = word.load(Relaxed);
        if now & !MANY != seen & !MANY {
            continue;
        }
        if !shared.is_alive(holder) {
            // Acquire, though the dead gave nothing back: what it stored before its last store to the ring is there.
            if word.compare_exchange(now, id | MANY, Acquire).is_ok() {
                return Ok(());
            }
        } else if slice.is_none() {
            return Err(Expired);
        }
    }
}

/// Gives the turn back, and wakes one of those who wait for it.
pub fn give_back<W: Word>(word: &W) {
    if word.swap(0, Release) & MANY != 0 {
        word.wake(1);
    }
}

/// Frees the turn of a dead end whose id has been given to this one: to everybody else its holder now looks alive.
pub fn bury<W: Word>(word: &W, id: u32) {
    let seen = word.load(Relaxed);
    if seen & !MANY == u64::from(id) && word.compare_exchange(seen, 0, Relaxed).is_ok() {
        word.wake(1);
    }
}
