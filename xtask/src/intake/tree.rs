//! What one learner handed in, whatever it came in: entries are met one by one, and only what may be graded is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::archive::{self, Bounds};
use super::entry::{Content, Kind, Met};
use super::limits::{Budget, RATIO_FREE, RATIO_MAX};
use super::locate::{Locator, Part, Place};
use super::notes::Notes;
use super::path;
use super::places::Places;
use super::refused::Refused;
use crate::submission::{FILE_MAX, Found, Submission, shown};

/// One learner's entries.
pub struct Tree<'a> {
    locator: &'a Locator<'a>,
    scratch: &'a Path,
    budget: Budget,
    named: BTreeMap<usize, Places>,
    bare: BTreeMap<usize, Places>,
    notes: Notes,
    /// Archives within archives: they stay closed.
    closed: BTreeSet<String>,
}

impl<'a> Tree<'a> {
    /// An empty tree; archives within a folder are unpacked through files in `scratch`.
    pub fn new(locator: &'a Locator<'a>, scratch: &'a Path) -> Self {
        Self {
            locator,
            scratch,
            budget: Budget::default(),
            named: BTreeMap::new(),
            bare: BTreeMap::new(),
            notes: Notes::default(),
            closed: BTreeSet::new(),
        }
    }

    /// Takes in an entry of a folder: archives that lie directly in it are opened, as platforms store uploads.
    pub fn meet(&mut self, met: Met<'_>) -> Result<(), Refused> {
        let Some(path) = path::relative(met.name)? else {
            return Ok(());
        };
        let is_upload = met.kind == Kind::File && !path.contains('/') && archive::is_archive(&path);
        if is_upload && self.locator.part(&path, true) == Part::Other {
            self.budget.entry()?;
            return self.open_archive(&path, met.content);
        }
        self.meet_at("", &path, met)
    }

    /// Takes in an entry where archives are files like any other: a repository.
    pub fn meet_tracked(&mut self, met: Met<'_>) -> Result<(), Refused> {
        let Some(path) = path::relative(met.name)? else {
            return Ok(());
        };
        self.meet_at("", &path, met)
    }

    /// Takes in what `content` holds: an archive called `name`.
    pub fn open_archive(&mut self, name: &str, content: &mut dyn Content) -> Result<(), Refused> {
        let spool = self.spool(content).map_err(|why| why.about(&shown(name)))?;
        self.visit_archive(name, spool)
    }

    fn visit_archive(&mut self, name: &str, file: std::fs::File) -> Result<(), Refused> {
        let prefix = format!("{name}/");
        let taken = archive::visit(file, Bounds::of_learner(), &mut |met| {
            let Some(path) = path::relative(met.name)? else {
                return Ok(());
            };
            self.meet_at(&prefix, &path, met)
        });
        taken.map_err(|why| why.about(&shown(name)))
    }

    /// Adds a note.
    pub fn note(&mut self, text: &str) {
        self.notes.add(text);
    }

    fn meet_at(&mut self, prefix: &str, path: &str, met: Met<'_>) -> Result<(), Refused> {
        self.budget.entry()?;
        if met.kind == Kind::Directory {
            return Ok(());
        }
        let full = || format!("{prefix}{path}");
        match (self.locator.part(path, met.kind == Kind::File), met.kind) {
            (Part::Wanted(place), kind) => self.keep(prefix, path, &place, kind, met.content),
            (Part::Litter, _) => Ok(()),
            (_, Kind::Other(what)) => {
                self.notes
                    .add(&format!("{} is {what}: it is left aside", shown(&full())));
                Ok(())
            }
            (Part::Notable(own), _) => self.note_unless_ours(&full(), &own, met.content),
            (Part::Other, _) => {
                if !prefix.is_empty() && archive::is_archive(path) {
                    self.closed.insert(shown(&full()));
                }
                Ok(())
            }
        }
    }

    /// Keeps a candidate.
    fn keep(
        &mut self,
        prefix: &str,
        path: &str,
        place: &Place,
        kind: Kind,
        content: &mut dyn Content,
    ) -> Result<(), Refused> {
        let parts: Vec<_> = path.split('/').collect();
        let (above, within) = parts.split_at(place.depth);
        let places = if place.named {
            &mut self.named
        } else {
            &mut self.bare
        };
        let place = (place.exercise, format!("{prefix}{}", above.join("/")));
        let budget = &mut self.budget;
        places
            .entry(place.0)
            .or_default()
            .add(place.1, within.join("/"), || match kind {
                Kind::Other(what) => Ok(Found::NotRegular(what)),
                _ => match budget.read(&mut content.open()?, FILE_MAX)? {
                    Some(bytes) => budget.keep(bytes.len()).map(|()| Found::File(bytes)),
                    None => Ok(Found::TooLarge),
                },
            })
    }

    /// Notes a file that is left aside, unless it says nothing that the course's own does not.
    fn note_unless_ours(
        &mut self,
        name: &str,
        own: &[PathBuf],
        content: &mut dyn Content,
    ) -> Result<(), Refused> {
        let handed_in = self.budget.read(&mut content.open()?, FILE_MAX)?;
        let is_ours = handed_in.is_some_and(|bytes| {
            own.iter()
                .any(|path| std::fs::read(path).is_ok_and(|ours| says_nothing_new(&bytes, &ours)))
        });
        if !is_ours {
            self.notes
                .add(&format!("{} is left aside: the grader uses its own", shown(name)));
        }
        Ok(())
    }

    /// Copies an archive out of its container to a file without a name.
    fn spool(&mut self, content: &mut dyn Content) -> Result<std::fs::File, Refused> {
        let failed = |error: std::io::Error| Refused::reading(&error);
        let mut file = tempfile::tempfile_in(self.scratch).map_err(failed)?;
        let packed = content.packed();
        let left = self.budget.archive_left();
        let mut reader = content.open()?.take(left + 1);
        let mut block = vec![0; 64 << 10];
        let mut total = 0;
        loop {
            let count = reader.read(&mut block).map_err(failed)?;
            if count == 0 {
                break;
            }
            total += count as u64;
            let most = packed.map_or(u64::MAX, |packed| {
                packed.saturating_mul(RATIO_MAX).max(RATIO_FREE)
            });
            if total > most {
                return Err(Refused::new(format!(
                    "unpacks to more than {RATIO_MAX} times its size"
                )));
            }
            file.write_all(&block[..count]).map_err(failed)?;
        }
        self.budget.archive(total)?;
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        Ok(file)
    }

    /// The submissions in what was met, and what an instructor should know.
    pub fn finish(mut self) -> (Result<BTreeMap<String, Submission>, Refused>, Vec<String>) {
        let mut submissions = BTreeMap::new();
        for index in self.locator.wanted() {
            let exercise = self.locator.exercise(index);
            // A bare `src/` counts only where the exercise's own directory is nowhere.
            let named = self.named.remove(&index).and_then(Places::choose);
            let bare = || self.bare.remove(&index).and_then(Places::choose);
            if let Some(submission) = named.or_else(bare) {
                submissions.insert(exercise.name.clone(), submission);
            }
        }
        for closed in &self.closed {
            self.notes.add(&format!(
                "{closed} is an archive within an archive: it is not opened"
            ));
        }
        let outcome = match self.closed.first() {
            _ if !submissions.is_empty() => Ok(submissions),
            Some(closed) => Err(Refused::new(format!(
                "{closed} is an archive within an archive, and nothing else is there"
            ))),
            None => Err(Refused::new(
                "no exercise of the course is in it: it should hold folders like 01-name/src",
            )),
        };
        (outcome, self.notes.into_lines())
    }
}

/// Whether each line of a learner's copy stands in the course's file: what was only shortened steers nothing.
fn says_nothing_new(copy: &[u8], ours: &[u8]) -> bool {
    let lines = |bytes| {
        String::from_utf8_lossy(bytes)
            .lines()
            .map(|line| line.trim_end().to_owned())
            .collect::<BTreeSet<_>>()
    };
    copy == ours || lines(copy).is_subset(&lines(ours))
}
