//! A stub resolver: it asks servers that do the work, as RFC 1034, section 5.3.1, has it.
//!
//! - [`name`], [`message`]: the wire format of RFC 1035, without I/O
//! - [`answer`]: what a message means for a question
//! - [`cache`]: answers, good and negative, for as long as they hold; time comes in as an argument
//! - [`resolver`]: the only part that has sockets

pub mod answer;
pub mod cache;
pub mod message;
pub mod name;
pub mod resolver;
