//! What a key means. No file and no terminal is touched here: keys come in, commands go out.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

pub use crate::walk::Direction;

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
pub struct Keys {
    line: Option<Line>,
    /// The last filter: it is there to be changed when one is typed.
    filter: String,
}

impl Keys {
    /// Keys of a viewer that was started with this filter.
    pub fn new(filter: &str) -> Self {
        Self {
            line: None,
            filter: filter.to_owned(),
        }
    }

    /// The line that is being typed, if one is.
    pub fn line(&self) -> Option<&Line> {
        self.line.as_ref()
    }

    /// Opens a line again, with the cursor at the byte offset `cursor`: something was wrong there.
    pub fn reopen(&mut self, prompt: Prompt, text: String, cursor: usize) {
        let cursor = cursor.min(text.len());
        self.line = Some(Line { prompt, text, cursor });
    }

    /// What a key means. Releases mean nothing.
    pub fn press(&mut self, key: KeyEvent) -> Option<Command> {
        if key.kind == KeyEventKind::Release {
            return None;
        }
        if key.modifiers.contains(KeyModifiers::CONTROL) && key.code == KeyCode::Char('c') {
            return Some(Command::Quit);
        }
        match self.line.take() {
            Some(line) => self.type_key(line, key),
            None => self.command(key),
        }
    }

    fn command(&mut self, key: KeyEvent) -> Option<Command> {
        if key.modifiers.contains(KeyModifiers::CONTROL) {
            return Some(match key.code {
                KeyCode::Char('d') => Command::HalfPages(1),
                KeyCode::Char('u') => Command::HalfPages(-1),
                KeyCode::Char('f') => Command::HalfPages(2),
                KeyCode::Char('b') => Command::HalfPages(-2),
                _ => return None,
            });
        }
        Some(match key.code {
            KeyCode::Char('j') | KeyCode::Down => Command::Move(1),
            KeyCode::Char('k') | KeyCode::Up => Command::Move(-1),
            KeyCode::Char(' ') | KeyCode::PageDown => Command::HalfPages(2),
            KeyCode::Char('b') | KeyCode::PageUp => Command::HalfPages(-2),
            KeyCode::Char('d') => Command::HalfPages(1),
            KeyCode::Char('u') => Command::HalfPages(-1),
            KeyCode::Char('g') | KeyCode::Home => Command::Top,
            KeyCode::Char('G') | KeyCode::End => Command::Follow,
            KeyCode::Right => Command::Shift(16),
            KeyCode::Left => Command::Shift(-16),
            KeyCode::Char('n') => Command::Again(Direction::Forward),
            KeyCode::Char('N') => Command::Again(Direction::Backward),
            KeyCode::Char('m') => Command::Mark,
            KeyCode::Char(']') => Command::GoToMark(Direction::Forward),
            KeyCode::Char('[') => Command::GoToMark(Direction::Backward),
            KeyCode::Char('h') => Command::Histogram,
            KeyCode::Enter => Command::Details,
            KeyCode::F(1) => Command::Help,
            KeyCode::Esc => Command::Cancel,
            KeyCode::Char('q') => Command::Quit,
            KeyCode::Char('/') => return self.open(Prompt::Search),
            KeyCode::Char('?') => return self.open(Prompt::SearchBack),
            KeyCode::Char('f') => return self.open(Prompt::Filter),
            KeyCode::Char('t') => return self.open(Prompt::Time),
            _ => return None,
        })
    }

    fn open(&mut self, prompt: Prompt) -> Option<Command> {
        let text = match prompt {
            Prompt::Filter => self.filter.clone(),
            _ => String::new(),
        };
        let cursor = text.len();
        self.line = Some(Line { prompt, text, cursor });
        None
    }

    fn type_key(&mut self, mut line: Line, key: KeyEvent) -> Option<Command> {
        let is_control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Esc => return None,
            KeyCode::Enter => return self.entered(line),
            KeyCode::Char('u') if is_control => line.clear_before(0),
            KeyCode::Char('w') if is_control => line.clear_before(line.word_start()),
            KeyCode::Char('a') if is_control => line.cursor = 0,
            KeyCode::Char('e') if is_control => line.cursor = line.text.len(),
            KeyCode::Char(_) if is_control => {}
            KeyCode::Char(character) => {
                line.text.insert(line.cursor, character);
                line.cursor += character.len_utf8();
            }
            // A line that is empty is closed by one more.
            KeyCode::Backspace if line.text.is_empty() => return None,
            KeyCode::Backspace => line.clear_before(line.before()),
            KeyCode::Delete if line.cursor < line.text.len() => drop(line.text.remove(line.cursor)),
            KeyCode::Left => line.cursor = line.before(),
            KeyCode::Right => {
                line.cursor += line.text[line.cursor..].chars().next().map_or(0, char::len_utf8);
            }
            KeyCode::Home => line.cursor = 0,
            KeyCode::End => line.cursor = line.text.len(),
            _ => {}
        }
        self.line = Some(line);
        None
    }

    fn entered(&mut self, line: Line) -> Option<Command> {
        let text = line.text;
        match line.prompt {
            Prompt::Filter => {
                self.filter.clone_from(&text);
                Some(Command::Filter(text))
            }
            // Nothing typed: the last pattern once more, the other way perhaps.
            Prompt::Search | Prompt::SearchBack if text.is_empty() => {
                Some(Command::Again(Direction::Forward))
            }
            Prompt::Search => Some(Command::Search(text, Direction::Forward)),
            Prompt::SearchBack => Some(Command::Search(text, Direction::Backward)),
            Prompt::Time => (!text.is_empty()).then_some(Command::GoToTime(text)),
        }
    }
}

impl Line {
    /// Where the character before the cursor begins.
    fn before(&self) -> usize {
        let last = self.text[..self.cursor].chars().next_back();
        self.cursor - last.map_or(0, char::len_utf8)
    }

    /// Where the word before the cursor begins.
    fn word_start(&self) -> usize {
        let before = self.text[..self.cursor].trim_end();
        before.rfind(char::is_whitespace).map_or(0, |blank| {
            blank + before[blank..].chars().next().map_or(0, char::len_utf8)
        })
    }

    fn clear_before(&mut self, start: usize) {
        self.text.replace_range(start..self.cursor, "");
        self.cursor = start;
    }
}
