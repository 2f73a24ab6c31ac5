//! One end of a ring: what sending and receiving have in common.
//!
//! Both move one of two counts forward and wait for the other one. [`End`] takes turns within its side, tells the
//! other side, and sleeps. What is not common is in [`super::producer`] and [`super::consumer`].
//!
//! How nobody sleeps through what it waits for, on the example of a receiver that has seen n messages sent:
//!
//! ```text
//! receiver                               sender
//! w := receivers_wait made odd           tail := n + 1
//! heavy fence                            light fence
//! tail still n?                          receivers_wait odd?
//!    sleep while receivers_wait = w         add 1, wake all
//! ```
//!
//! By the fences one of the two sees the other's store. If the sender comes between the receiver's look and its sleep,
//! the word is no longer w, and the futex lets nobody sleep. A plain flag would not do: set again by a second receiver
//! it would look as if nothing had happened. A sender that finds an even number, as it does while nobody waits, makes no
//! system call. Nobody has to take back that it waits, so nobody who dies meanwhile is missed.

/// One end of a ring.
#[derive(Debug)]
pub struct End {
    // The fields are yours.
}
