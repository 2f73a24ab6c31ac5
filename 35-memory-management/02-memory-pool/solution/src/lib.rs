//! Pools of slots, and a general-purpose allocator made of the same idea.
//!
//! - [`Pool`]: values of one type in slots, lent by handles; [`Blocks`] is the memory below it
//! - [`SharedPool`]: the same for threads, around a lock-free [`free_list`]
//! - [`Heap`]: a `#[global_allocator]` of size [`classes`] over `mmap`, with a cache for each thread
//! - [`PoolError`], [`Rejected`]: why a value did not get a slot; [`Report`]: what a heap has handed out
//!
//! ```text
//! Pool ─▶ Blocks                                 one thread
//! SharedPool ─▶ FreeList, Table                  many threads, one CAS for a slot
//! Heap ─▶ Class ─▶ Cache ─▶ Depot ─▶ Region ─▶ Pages
//!         which     this     full     fresh     mmap
//!         size      thread   magazines memory
//! ```

mod blocks;
pub mod cache;
pub mod classes;
pub mod depot;
mod error;
pub mod free_list;
mod heap;
pub mod pages;
mod pool;
pub mod region;
mod report;
mod shared;
pub mod table;
pub mod thread;

pub use blocks::{Blocks, CHUNK_FIRST};
pub use classes::Class;
pub use error::{PoolError, Rejected};
pub use heap::Heap;
pub use pool::{Handle, Pool};
pub use report::{ClassUse, Report, Statistics};
pub use shared::{Owned, SharedPool};
