//! The viewer on a terminal: threads and a terminal around [`app::App`].

pub mod app;
pub mod keys;
