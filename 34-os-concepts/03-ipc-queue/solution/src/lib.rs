//! One queue of messages between processes, over four transports.
//!
//! - [`queue`]: the interface, [`Sender`] and [`Receiver`], with its errors and ways to wait
//! - [`transport`]: the four by name, each at a path
//! - [`pipe`]: a pipe or FIFO in packet mode
//! - [`socket`]: a UNIX socket of type `SOCK_SEQPACKET`, which also passes descriptors
//! - [`mq`]: a POSIX message queue, which also has priorities
//! - [`ring`]: a ring in shared memory, with a futex for those that wait
//!
//! Parts that they share: [`frame`], what stands before a message in a pipe or socket; [`ready`], to wait for a
//! descriptor; [`member`], who is still alive, for the two that the kernel does not watch.

pub mod cli;
pub mod frame;
pub mod member;
pub mod mq;
pub mod pipe;
pub mod queue;
pub mod ready;
pub mod ring;
pub mod socket;
pub mod transport;

pub use cli::main;
pub use queue::{Batch, OpenError, Options, Receiver, RecvError, SendError, Sender, Wait};
pub use transport::Transport;
