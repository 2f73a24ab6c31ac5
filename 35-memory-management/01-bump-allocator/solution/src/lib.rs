//! An arena that allocates by moving a pointer, and a global allocator made of the same idea.
//!
//! - [`placement`]: where the next block goes, as arithmetic on addresses
//! - [`Bump`]: the arena; it grows by chunks, lends references, and gives everything back at once
//! - [`BumpGlobal`]: a region of fixed size that can be a program's `#[global_allocator]`
//! - [`AllocError`]: why an allocation failed
//! - [`pages`]: advice to the kernel about large chunks
//!
//! ```text
//! Bump:        | header | free          |<-cursor  used |   blocks go down, towards the header
//! BumpGlobal:  | used         cursor->|            free |   blocks go up, so that the last can grow in place
//! ```

mod arena;
mod chunk;
mod error;
mod global;
pub mod pages;
pub mod placement;
mod typed;

pub use arena::Bump;
pub use chunk::{CHUNK_ALIGN, CHUNK_FIRST, CHUNK_MAX};
pub use error::AllocError;
pub use global::BumpGlobal;
