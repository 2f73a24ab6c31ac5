//! What both test files share: frames drawn by hand, the server's core with raw clients, and a simulated network.

pub mod draw;
pub mod hall;
pub mod model;
pub mod net;
pub mod random;
pub mod simulation;
pub mod talk;
