//! A process supervisor: it starts the services of a configuration file, watches them, restarts them as their
//! policy says, keeps what they print, and answers on a UNIX socket. One thread, one epoll loop.
//!
//! The parts, from the pure to the impure. Only those below the line make system calls that wait:
//!
//! - [`config`]: the configuration file, and what is wrong with it
//! - [`order`]: which service starts after which
//! - [`backoff`]: how long to pause before the next start
//! - [`machine`]: the life of one service, step by step, with the time as an argument
//! - [`fleet`]: all services, their dependencies and what the operator wants of them
//! - [`protocol`]: requests and replies on the control socket
//! - [`log`]: lines, and files that rotate
//! - ---
//! - [`child`]: from a [`config::Spec`] to a running process (the only unsafe code)
//! - [`control`]: the control socket and its connections
//! - [`supervisor`]: the event loop that carries out what the fleet decides
//! - [`cli`]: the commands

pub mod backoff;
pub mod child;
pub mod cli;
pub mod config;
pub mod control;
pub mod fleet;
pub mod log;
pub mod machine;
pub mod order;
pub mod protocol;
pub mod supervisor;

pub use cli::main;
