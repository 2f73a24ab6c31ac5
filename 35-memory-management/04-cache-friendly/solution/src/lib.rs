//! Data arranged for the cache: the same work on the same values, with a fraction of the lines touched.
//!
//! - [`layout`]: how a struct lies in memory, its holes, and the lines that a pass over many of them loads
//! - [`cache`]: what a cache of sets and ways does with a list of addresses
//! - [`particles`]: records as array of structs, struct of arrays, and blocks
//! - [`group`]: sixteen control bytes compared at once, by SSE2 and without it
//! - [`table`]: a hash table of such groups
//! - [`search`]: a static search tree whose nodes are lines
//! - [`sharing`]: counters of several threads, on a line each
//! - [`numa`]: which memory is near which processor
//! - [`pages`]: advice to the kernel about large tables
//!
//! ```text
//! array of structs   x y z u v w m q │ x y z u v w m q │ x y z …   one record, one line
//! struct of arrays   x x x x x x x x │ …  │ m m m m m m m m │ …    one field, eight records a line
//! ```

pub mod cache;
pub mod group;
pub mod layout;
pub mod numa;
pub mod pages;
pub mod particles;
pub mod search;
pub mod sharing;
pub mod table;

/// Bytes of a cache line: what moves between memory and the caches of x86-64, and of most other processors.
pub const LINE_BYTES: usize = 64;
