//! Going through several files in the order of time, forwards and backwards, from anywhere.
//!
//! A place is a record's key, then the number of its file, then its offset: the order of [`crate::merge`]. Keys never
//! fall within a file, so that one offset in each says where a walk stands, and it can turn at any time.

use std::io;

use crate::source::{Entry, Found, Source, Want};

/// A record among all files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// The number of its file.
    pub source: usize,
    /// The record.
    pub entry: Entry,
}

/// Which way to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To later records.
    Forward,
    /// To earlier ones.
    Backward,
}

/// What a step of a walk came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// This record.
    Hit(Hit),
    /// There is no more.
    End,
    /// The allowance is used up; the walk can go on with another one.
    Later,
}

/// A walk in one direction.
#[derive(Debug, Clone)]
pub struct Walk {
    direction: Direction,
    want: Want,
    /// Up to here each file was gone through.
    offsets: Vec<u64>,
    /// The next record of each file; `Some(None)` where there is none.
    next: Vec<Option<Option<Entry>>>,
}

/// A place to start from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// Before the first record.
    Top,
    /// Behind the last one.
    Bottom,
    /// Before this record.
    Before(Hit),
    /// Behind this record.
    Behind(Hit),
    /// Before the first record with this key or a later one.
    Key(i64),
}

impl Walk {
    /// A walk from `start`.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn new(sources: &mut [Source], start: Start, direction: Direction, want: Want) -> io::Result<Self> {
        let mut offsets = Vec::with_capacity(sources.len());
        for (number, source) in sources.iter_mut().enumerate() {
            let (hit, own) = match start {
                Start::Before(hit) => (Some(hit), hit.entry.offset),
                Start::Behind(hit) => (Some(hit), hit.entry.end()),
                Start::Top | Start::Bottom | Start::Key(_) => (None, 0),
            };
            offsets.push(match (start, hit) {
                (Start::Top, _) => 0,
                (Start::Key(key), _) => source.seek(key, &want)?,
                (_, Some(hit)) if hit.source == number => own,
                // Equal keys are in the order of the files.
                (_, Some(hit)) if hit.source < number => source.seek(hit.entry.key, &want)?,
                (_, Some(hit)) => source.seek(hit.entry.key.saturating_add(1), &want)?,
                (_, None) => source.index.end(),
            });
        }
        Ok(Self {
            direction,
            want,
            next: vec![None; offsets.len()],
            offsets,
        })
    }

    /// The next record. Each block that is read takes one from `allowance`.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn step(&mut self, sources: &mut [Source], allowance: &mut u32) -> io::Result<Step> {
        let known = self.offsets.len();
        for (number, source) in sources.iter_mut().enumerate().take(known) {
            if self.next[number].is_some() {
                continue;
            }
            let found = match self.direction {
                Direction::Forward => source.next(self.offsets[number], &self.want, allowance)?,
                Direction::Backward => source.previous(self.offsets[number], &self.want, allowance)?,
            };
            self.next[number] = match found {
                Found::Entry(entry) => Some(Some(entry)),
                Found::None => Some(None),
                Found::Later(offset) => {
                    self.offsets[number] = offset;
                    return Ok(Step::Later);
                }
            };
        }
        let candidates = self.next.iter().enumerate();
        let entries = candidates.filter_map(|(source, next)| {
            Some(Hit {
                source,
                entry: (*next)??,
            })
        });
        let chosen = match self.direction {
            Direction::Forward => entries.min_by_key(|hit| (hit.entry.key, hit.source)),
            Direction::Backward => entries.max_by_key(|hit| (hit.entry.key, hit.source)),
        };
        let Some(hit) = chosen else { return Ok(Step::End) };
        self.next[hit.source] = None;
        self.offsets[hit.source] = match self.direction {
            Direction::Forward => hit.entry.end(),
            Direction::Backward => hit.entry.offset,
        };
        Ok(Step::Hit(hit))
    }
}
