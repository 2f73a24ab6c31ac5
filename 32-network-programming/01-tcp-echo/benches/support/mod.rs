//! The peers and the load of the bench.

pub mod epoll;
pub mod load;
pub mod plain_tokio;
