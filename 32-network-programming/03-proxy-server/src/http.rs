//! HTTP/1.1 as a proxy sees it: heads are read and rewritten, bodies are passed on in the framing that they have.
//!
//! - [`head`]: a strict reader of requests and responses
//! - [`body`]: where a body ends
//! - [`forward`]: what a proxy changes between the two sides

pub mod body;
pub mod forward;
pub mod head;
