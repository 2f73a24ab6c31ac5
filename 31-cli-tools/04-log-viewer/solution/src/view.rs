//! What is on the screen: a window of records around a selected one, and the ways to move it.
//!
//! The view holds as many records as the window has rows. It finds the others when it gets there, and reads only so much
//! for one key that the next one need not wait; what is missing then is found at the next [`View::fill`].

use std::io;
use std::sync::Arc;

use crate::filter::Filter;
use crate::source::{Source, Want};
use crate::walk::{Direction, Hit, Start, Step, Walk};

/// Blocks that may be read for one key or one frame.
const ALLOWANCE_BLOCKS: u32 = 64;

/// No more bookmarks are kept.
const MARKS_MAX: usize = 1000;

/// What became of a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Search {
    /// It goes on at the next [`View::search`].
    Running,
    /// It has found something, and the view is there.
    Found,
    /// There is nothing in that direction.
    Nothing,
}

/// A window of records.
#[derive(Debug)]
pub struct View {
    /// The files, in the order of their numbers.
    pub sources: Vec<Source>,
    want: Want,
    rows: Vec<Hit>,
    selected: usize,
    height: usize,
    /// The window stays at the end, wherever that is.
    is_following: bool,
    is_complete: bool,
    marks: Vec<Hit>,
    walk: Option<Walk>,
}

impl View {
    /// A view of what fulfils `filter`.
    pub fn new(filter: Arc<Filter>) -> Self {
        Self {
            sources: Vec::new(),
            want: Want {
                filter,
                generation: 0,
                pattern: None,
            },
            rows: Vec::new(),
            selected: 0,
            height: 1,
            is_following: false,
            is_complete: false,
            marks: Vec::new(),
            walk: None,
        }
    }

    /// The records in the window.
    pub fn rows(&self) -> &[Hit] {
        &self.rows
    }

    /// The number of the selected row.
    pub fn selected_row(&self) -> usize {
        self.selected
    }

    /// The selected record.
    pub fn selected(&self) -> Option<Hit> {
        self.rows.get(self.selected).copied()
    }

    /// Whether the window stays at the end.
    pub fn is_following(&self) -> bool {
        self.is_following
    }

    /// Whether all rows are there that there can be.
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// The number of the filter.
    pub fn generation(&self) -> u64 {
        self.want.generation
    }

    /// Whether a record has a bookmark.
    pub fn is_marked(&self, hit: &Hit) -> bool {
        self.marks.iter().any(|mark| is_same(mark, hit))
    }

    /// Shows what fulfils another filter, near the selected record.
    pub fn set_filter(&mut self, filter: Arc<Filter>) {
        self.want.filter = filter;
        self.want.generation += 1;
        for source in &mut self.sources {
            source.index.forget_matches();
        }
        self.rows.drain(..self.selected.min(self.rows.len()));
        self.rows.truncate(1);
        self.selected = 0;
        self.walk = None;
    }

    /// Fills a window of `height` rows with what is known by now.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn fill(&mut self, height: usize) -> io::Result<()> {
        self.height = height.max(1);
        let mut allowance = ALLOWANCE_BLOCKS;
        if self.is_following {
            return self.fill_from_end(&mut allowance);
        }
        let start = self.rows.first().map_or(Start::Top, |hit| Start::Before(*hit));
        let was_selected = self.selected();
        let (mut rows, is_complete) = self.collect(start, Direction::Forward, self.height, &mut allowance)?;
        self.is_complete = is_complete;
        if rows.len() < self.height && is_complete && start != Start::Top {
            // The end is on the screen: show what stands before it, rather than nothing.
            let missing = self.height - rows.len();
            let (before, is_complete) = self.collect(start, Direction::Backward, missing, &mut allowance)?;
            self.is_complete &= is_complete;
            rows.splice(..0, before.into_iter().rev());
        }
        self.rows = rows;
        let again = was_selected.and_then(|was| self.rows.iter().position(|hit| is_same(hit, &was)));
        let last = self.rows.len().saturating_sub(1);
        self.selected = again.unwrap_or(self.selected).min(last);
        Ok(())
    }

    /// Moves the selection by so many records.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn move_by(&mut self, count: i64) -> io::Result<()> {
        if count < 0 {
            self.is_following = false;
        }
        let row = self.selected as i64 + count;
        let last = self.rows.len() as i64 - 1;
        self.selected = row.clamp(0, last.max(0)) as usize;
        let (edge, excess, direction) = match (self.rows.first(), self.rows.last()) {
            (Some(first), Some(_)) if row < 0 => (Start::Before(*first), -row, Direction::Backward),
            (Some(_), Some(end)) if row > last => (Start::Behind(*end), row - last, Direction::Forward),
            _ => return Ok(()),
        };
        let mut allowance = ALLOWANCE_BLOCKS;
        let (more, _) = self.collect(edge, direction, excess as usize, &mut allowance)?;
        match direction {
            Direction::Forward => {
                self.rows.extend(more);
                self.rows.drain(..self.rows.len().saturating_sub(self.height));
                self.selected = self.rows.len().saturating_sub(1);
            }
            Direction::Backward => {
                self.rows.splice(..0, more.into_iter().rev());
                self.rows.truncate(self.height);
                self.selected = 0;
            }
        }
        Ok(())
    }

    /// Goes to the first record.
    pub fn go_to_top(&mut self) {
        self.is_following = false;
        self.rows.clear();
        self.selected = 0;
    }

    /// Goes to the last record, and stays there while records come.
    pub fn follow(&mut self) {
        self.is_following = true;
    }

    /// Goes to the first record at `time_us` or later; to the last one if there is none.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn go_to_time(&mut self, time_us: i64) -> io::Result<()> {
        self.is_following = false;
        let mut allowance = ALLOWANCE_BLOCKS;
        let (found, _) = self.collect(Start::Key(time_us), Direction::Forward, 1, &mut allowance)?;
        match found.first() {
            Some(hit) => self.go_to(*hit),
            None => {
                self.fill_from_end(&mut allowance)?;
                Ok(())
            }
        }
    }

    /// Sets a bookmark at the selected record, or takes it away.
    pub fn toggle_mark(&mut self) {
        let Some(hit) = self.selected() else { return };
        match self.marks.iter().position(|mark| is_same(mark, &hit)) {
            Some(at) => drop(self.marks.remove(at)),
            None if self.marks.len() == MARKS_MAX => {}
            None => {
                let place = |hit: &Hit| (hit.entry.key, hit.source, hit.entry.offset);
                let at = self.marks.partition_point(|mark| place(mark) < place(&hit));
                self.marks.insert(at, hit);
            }
        }
    }

    /// Goes to the next bookmark; `false` if there is none in that direction.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn go_to_mark(&mut self, direction: Direction) -> io::Result<bool> {
        let place = |hit: &Hit| (hit.entry.key, hit.source, hit.entry.offset);
        let from = self.selected().map(|hit| place(&hit));
        let mark = match direction {
            Direction::Forward => self.marks.iter().find(|mark| Some(place(mark)) > from),
            Direction::Backward => self.marks.iter().rev().find(|mark| Some(place(mark)) < from),
        };
        let Some(mark) = mark.copied() else {
            return Ok(false);
        };
        self.is_following = false;
        self.go_to(mark)?;
        Ok(true)
    }

    /// Begins to look for a match, from the selected record on.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn start_search(&mut self, pattern: regex::bytes::Regex, direction: Direction) -> io::Result<()> {
        let want = Want {
            pattern: Some(pattern),
            ..self.want.clone()
        };
        let start = match (self.selected(), direction) {
            (Some(hit), Direction::Forward) => Start::Behind(hit),
            (Some(hit), Direction::Backward) => Start::Before(hit),
            (None, Direction::Forward) => Start::Top,
            (None, Direction::Backward) => Start::Bottom,
        };
        self.walk = Some(Walk::new(&mut self.sources, start, direction, want)?);
        Ok(())
    }

    /// Goes on with the search.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn search(&mut self) -> io::Result<Search> {
        let Some(mut walk) = self.walk.take() else {
            return Ok(Search::Nothing);
        };
        let mut allowance = ALLOWANCE_BLOCKS;
        match walk.step(&mut self.sources, &mut allowance)? {
            Step::Hit(hit) => {
                self.is_following = false;
                self.go_to(hit)?;
                Ok(Search::Found)
            }
            Step::End => Ok(Search::Nothing),
            Step::Later => {
                self.walk = Some(walk);
                Ok(Search::Running)
            }
        }
    }

    /// Whether a search is going on.
    pub fn is_searching(&self) -> bool {
        self.walk.is_some()
    }

    /// Gives up the search.
    pub fn stop_search(&mut self) {
        self.walk = None;
    }

    /// A file begins anew, or is gone: nothing of it can stay.
    pub fn empty(&mut self, source: usize) {
        self.sources[source].empty();
        self.rows.retain(|hit| hit.source != source);
        self.marks.retain(|hit| hit.source != source);
        self.selected = self.selected.min(self.rows.len().saturating_sub(1));
        self.walk = None;
    }

    /// Selects a record and shows it with what is around it, unless it is shown already.
    fn go_to(&mut self, hit: Hit) -> io::Result<()> {
        if let Some(row) = self.rows.iter().position(|row| is_same(row, &hit)) {
            self.selected = row;
            return Ok(());
        }
        let mut allowance = ALLOWANCE_BLOCKS;
        let above = self.height / 2;
        let (mut before, _) = self.collect(Start::Before(hit), Direction::Backward, above, &mut allowance)?;
        before.reverse();
        self.selected = before.len();
        self.rows = before;
        self.rows.push(hit);
        Ok(())
    }

    fn fill_from_end(&mut self, allowance: &mut u32) -> io::Result<()> {
        let (mut rows, is_complete) =
            self.collect(Start::Bottom, Direction::Backward, self.height, allowance)?;
        rows.reverse();
        self.is_complete = is_complete;
        self.rows = rows;
        self.selected = self.rows.len().saturating_sub(1);
        Ok(())
    }

    /// Up to `count` records from `start`, and whether no more could be had.
    fn collect(
        &mut self,
        start: Start,
        direction: Direction,
        count: usize,
        allowance: &mut u32,
    ) -> io::Result<(Vec<Hit>, bool)> {
        let mut walk = Walk::new(&mut self.sources, start, direction, self.want.clone())?;
        let mut hits = Vec::new();
        while hits.len() < count {
            match walk.step(&mut self.sources, allowance)? {
                Step::Hit(hit) => hits.push(hit),
                Step::End => return Ok((hits, true)),
                Step::Later => return Ok((hits, false)),
            }
        }
        Ok((hits, true))
    }
}

/// A record that is being written may be longer by now, and still the same.
fn is_same(one: &Hit, other: &Hit) -> bool {
    (one.source, one.entry.offset) == (other.source, other.entry.offset)
}
