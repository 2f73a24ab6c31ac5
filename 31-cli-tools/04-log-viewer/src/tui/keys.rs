//! What a key means. No file and no terminal is touched here: keys come in, commands go out.

use crossterm::event::KeyEvent;

/// Which way to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To later records.
    Forward,
    /// To earlier ones.
    Backward,
}

/// What the viewer is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Select the record so many further down.
    Move(i64),
    /// Move by so many half windows.
    HalfPages(i64),
    /// Go to the first record.
    Top,
    /// Go to the last record, and stay there.
    Follow,
    /// Look for a pattern.
    Search(String, Direction),
    /// Look for the last pattern again; [`Direction::Backward`] against the direction it was looked for.
    Again(Direction),
    /// Show what fulfils this.
    Filter(String),
    /// Go to a time.
    GoToTime(String),
    /// Set a bookmark, or take it away.
    Mark,
    /// Go to the next bookmark.
    GoToMark(Direction),
    /// Show the histogram, or hide it.
    Histogram,
    /// Show all of the selected record, or hide it.
    Details,
    /// Show what the keys are, or hide it.
    Help,
    /// Move the text to the side by so many columns.
    Shift(i64),
    /// Give up the search, close what is open, stop following.
    Cancel,
    /// End.
    Quit,
}

/// What a line is typed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prompt {
    /// `/`
    Search,
    /// `?`
    SearchBack,
    /// `f`
    Filter,
    /// `t`
    Time,
}

/// A line that is being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What for.
    pub prompt: Prompt,
    /// What is typed so far.
    pub text: String,
    /// Where the cursor stands: a byte offset, at a character.
    pub cursor: usize,
}

/// Turns keys into commands.
#[derive(Debug, Clone, Default)]
pub struct Keys {}

impl Keys {
    /// The line that is being typed, if one is.
    pub fn line(&self) -> Option<&Line> {
        todo!("the line")
    }

    /// What a key means. Releases mean nothing.
    pub fn press(&mut self, key: KeyEvent) -> Option<Command> {
        todo!("what {key:?} means")
    }
}
