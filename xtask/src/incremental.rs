//! What the compiler knows: rustc's incremental caches, made from the course's own sources and lent to each unit.
//!
//! Most of what a unit compiles is the course's own: the tests, and of a mutant or a wrong solution all but a line. The
//! compiler does that part again only where something that it depends on has changed. Measured with http-server and one
//! changed line, in seconds of processor time:
//!
//! | | library | open tests | hidden tests |
//! |---|---|---|---|
//! | from nothing | 4.1 | 1.3 | 3.2 |
//! | with what is known | 0.9 | 0.7 | 1.2 |
//!
//! ```text
//! target/grade/base/known/EXERCISE/
//! ├─ lib/  open/  hidden/    as rustc keeps them
//! └─ stamp                   the hash of the sources that they were made from
//! ```
//!
//! No submission writes here, and none reads what another has left: a unit gets a copy, which goes when it is compiled.
//! What is known of the library holds the reference solution, so only [`Origin::Course`] is lent it.

use std::path::Path;

use anyhow::{Context, Result};

use crate::recipe::Target;
use crate::room::Rooms;
use crate::unit::{self, Unit};

/// How many units of an exercise there must be for it to pay: what is known costs as much as one and a half of them.
pub const UNITS_MIN: usize = 3;

/// Whose sources a request holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The course's own, or a change to them that the course made.
    Course,
    /// A learner's.
    Learner,
}

/// Whether what is kept in `known` was made from the sources with the hash `stamp`.
pub fn is_current(known: &Path, stamp: &str) -> bool {
    std::fs::read_to_string(known.join("stamp")).is_ok_and(|kept| kept == stamp)
}

/// Lets the compiler remember what it learns from `unit`.
///
/// # Errors
/// When a directory cannot be made.
pub fn begin(unit: &Unit) -> Result<()> {
    for target in [Target::Lib, Target::Open, Target::Hidden] {
        let cache = unit.cache(target);
        std::fs::create_dir_all(&cache).with_context(|| format!("cannot make {}", cache.display()))?;
    }
    Ok(())
}

/// Keeps what it has learnt from `unit`, whose sources have the hash `stamp`.
///
/// # Errors
/// When it cannot be moved.
pub fn keep(unit: &Unit, known: &Path, stamp: &str) -> Result<()> {
    let _ = crate::broom::remove(known);
    let parent = known.parent().context("a known directory has a parent")?;
    std::fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
    std::fs::rename(unit.caches(), known).with_context(|| format!("cannot write {}", known.display()))?;
    crate::store::write_whole(&known.join("stamp"), stamp.as_bytes())
}

/// Gives `unit` a copy of what is known and may be known to it.
///
/// # Errors
/// When it cannot be copied.
pub fn lend(known: &Path, unit: &Unit, origin: Origin, rooms: Rooms) -> Result<()> {
    if !known.is_dir() {
        return Ok(());
    }
    rooms.make(&unit.caches())?;
    let targets: &[Target] = match origin {
        Origin::Course => &[Target::Lib, Target::Open, Target::Hidden],
        Origin::Learner => &[Target::Open, Target::Hidden],
    };
    for target in targets {
        let kept = known.join(target.name());
        if kept.is_dir() {
            unit::copy(&kept, &unit.cache(*target))?;
        }
    }
    Ok(())
}
