//! Submissions in, whatever their form.
//!
//! ```text
//! class directory ┐            ┌ platform, gradescope: whose      roster: who is in the class
//! bulk download   ├─ container ┤                                                │
//!                 │            └ directory, archive ─▶ tree ─▶ locate ─▶ submissions ─▶ [Entry]
//! list of repositories ── repositories ── git ───────▶ tree
//! ```
//!
//! A container holds one thing per learner, a folder or an archive; [`platform`] reads from its name whose it is. All
//! forms are walks over entries, and one [`tree`] decides what of them is kept: so that each rule about what a
//! submission may be is written once.
//!
//! What a learner did wrong refuses their exercise or their entry, with the reason, and the others go on. An error is
//! the instructor's own: a directory that is not there, a roster that cannot be read.

mod archive;
mod container;
mod directory;
mod entry;
mod git;
mod gradescope;
mod join;
mod limits;
mod locate;
mod notes;
mod path;
mod places;
mod platform;
mod refused;
mod repositories;
mod roster;
mod table;
mod tree;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};

use self::locate::Locator;
use self::platform::Claim;
use self::refused::Refused;
use self::roster::Roster;
use crate::catalogue::Course;
use crate::class::Entry;
use crate::submission::Submission;

/// What a class hands in.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    /// A directory of folders and archives, or an archive of them.
    pub submissions: Option<&'a Path>,
    /// A CSV of `id`, `repository` and `revision`.
    pub repositories: Option<&'a Path>,
    /// A CSV of `id` and more; see [`roster`].
    pub roster: Option<&'a Path>,
    /// The one exercise that is graded, if it is one alone: a bare `src/` is then taken for it, and no other is read.
    pub only: Option<&'a str>,
    /// A directory of the grader's own, where archives within archives become files for as long as they are read.
    pub scratch: &'a Path,
}

/// One thing that was handed in, read and not joined with the roster yet.
struct Handed {
    /// Whose it is: one claim, or one for each member of a group.
    claims: Vec<Claim>,
    /// What it came from.
    source: String,
    /// What is in it, or why nothing of it is taken.
    outcome: Result<BTreeMap<String, Submission>, Refused>,
    /// What was left aside.
    notes: Vec<String>,
}

/// Takes in everything that a class hands in: one entry for each learner, sorted by id.
///
/// # Errors
/// When a source that the instructor names cannot be read or understood.
pub fn take(course: &Course, sources: &Sources<'_>) -> Result<Vec<Entry>> {
    let roster = sources.roster.map(Roster::read).transpose()?;
    let locator = Locator::new(course, sources.only)?;
    std::fs::create_dir_all(sources.scratch)
        .with_context(|| format!("cannot make {}", sources.scratch.display()))?;
    let mut handed = Vec::new();
    if let Some(path) = sources.submissions {
        handed.extend(container::read(path, &locator, roster.as_ref(), sources.scratch)?);
    }
    if let Some(path) = sources.repositories {
        handed.extend(repositories::read(path, &locator, sources.scratch)?);
    }
    join::entries(handed, roster.as_ref())
}

/// Takes in one submission, whoever's it is.
///
/// # Errors
/// When it is not there, or is neither a folder nor an archive.
pub fn take_one(course: &Course, path: &Path, only: Option<&str>, scratch: &Path) -> Result<Entry> {
    let locator = Locator::new(course, only)?;
    let handed = container::read_one(path, &locator, scratch)?;
    let entries = join::entries(vec![handed], None)?;
    entries
        .into_iter()
        .next()
        .context("one submission makes one entry")
}
