//! One end of a ring: what sending and receiving have in common.
//!
//! Both move one of two counts forward and wait for the other one. [`End`] takes turns within its side, tells the
//! other side, and sleeps. What is not common is in [`super::producer`] and [`super::consumer`].
//!
//! How nobody sleeps through what it waits for, on the example of a receiver:
//!
//! ```text
//! receiver                          sender
//! receivers_wait := 1               tail := n + 1
//! heavy fence                       light fence
//! tail still n?  sleep on it        receivers_wait = 1?  set it to 0, wake all
//! ```
//!
//! By the fences one of the two sees the other's store. If the sender comes between the receiver's look and its sleep,
//! the futex does not let it sleep, for it compares the word once more. A sender that finds the flag 0, as it does
//! while nobody waits, makes no system call.

/// One end of a ring.
#[derive(Debug)]
pub struct End {
    // The fields are yours.
}
