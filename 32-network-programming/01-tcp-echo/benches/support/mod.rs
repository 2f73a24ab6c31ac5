//! The peer and the load of the bench.

pub mod epoll;
pub mod load;
