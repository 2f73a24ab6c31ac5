//! The clients, the servers and the peers of the bench.

pub mod load;
pub mod peers;
pub mod servers;
