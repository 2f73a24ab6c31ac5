//! A key-value cache in a region of shared memory. Every process that maps the region reads and writes it by itself;
//! there is no server, and none of them may spoil it by dying, at whatever instruction.
//!
//! From the pure to the impure. What stands above the line knows neither memory maps nor processes:
//!
//! - [`layout`]: the region byte by byte, and its header
//! - [`digest`]: the hash of a key and the checksum of an entry
//! - [`cell`](mod@cell): a word that others may write at any time
//! - [`lock`]: a lock that outlives its holder, generic over its word
//! - [`slot`]: one entry, read without a lock (a seqlock)
//! - [`tags`]: 16 bits of each key's hash, compared all at once
//! - [`set`]: 32 slots, their tags, and who has to go (CLOCK)
//! - ---
//! - [`region`]: the file, mapped
//! - [`futex`]: the lock's word in the region, and how to sleep on it
//! - [`owner`]: who holds a lock, and whether that process still lives
//! - [`clock`]: the time, or what a test says it is
//! - [`cache`]: all of it put together
//! - [`cli`], [`hammer`]: the program

pub mod cache;
pub mod cell;
pub mod cli;
pub mod clock;
pub mod digest;
pub mod error;
pub mod futex;
pub mod hammer;
pub mod layout;
pub mod lock;
pub mod owner;
pub mod region;
pub mod set;
pub mod slot;
pub mod tags;

pub use cache::{SharedCache, Stats};
pub use cli::main;
pub use clock::Clock;
pub use error::{CacheError, OpenError};
pub use layout::Config;
