//! The viewer without its terminal: keys and reports come in, a frame comes out.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use crossterm::event::KeyEvent;
use ratatui::Frame;

use crate::filter::Filter;
use crate::time::Clock;

/// The state of the viewer.
#[derive(Debug)]
pub struct App {}

impl App {
    /// A viewer without files. What is typed as a filter is asked of what fulfils `base`.
    pub fn new(clock: Clock, base: Filter) -> Self {
        todo!("a viewer of {base:?} by {clock:?}")
    }

    /// Adds a file; with a path it is followed when that is rotated.
    pub fn add(&mut self, name: &Arc<str>, file: &Arc<File>, path: Option<PathBuf>) {
        todo!("view {file:?}, called {name}, opened at {path:?}")
    }

    /// Lets the background look at the files, and do all that is to be done.
    pub fn catch_up(&mut self) {
        todo!("index and search to the end, without a thread")
    }

    /// Takes a key; `false` when it ends the viewer.
    pub fn press(&mut self, key: KeyEvent) -> bool {
        todo!("do what {key:?} means")
    }

    /// Draws a frame; what it shows is read now.
    pub fn draw(&mut self, frame: &mut Frame<'_>) {
        todo!("draw into {:?}", frame.area())
    }
}
