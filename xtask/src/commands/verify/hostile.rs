//! The hostile submissions: a row for each attack, with the verdict and what it got.

use anyhow::Result;

use super::{Tally, Verified, verified};
use crate::catalogue::Course;
use crate::hostile::{self, Row};
use crate::sandbox::Sandbox;

/// Lets the attacks loose, all or those of these names.
///
/// An attack with an unexpected word is let loose once more: on a busy machine a deadline may come before the limit that
/// it is meant to meet. Points that it must not have, and harm, are never looked at twice.
///
/// # Errors
/// When the corpus cannot be read, or an attack brings the grader down.
pub fn verify(course: &Course, only: &[String], tally: &mut Tally) -> Result<()> {
    // Without it an attack would meet the machine.
    if let Err(why) = Sandbox::probe().satisfies_class() {
        tally.add("hostile submissions", &Verified::Skipped(why));
        return Ok(());
    }
    let mut again = Vec::new();
    hostile::verify(&course.root, only, |row| {
        if row.problems.is_empty() || row.is_breach {
            add(row, "", tally);
        } else {
            again.push(row.name);
        }
    })?;
    if again.is_empty() {
        return Ok(());
    }
    hostile::verify(&course.root, &again, |row| {
        let is_attack = again.contains(&row.name);
        add(row, if is_attack { ", at the second look" } else { "" }, tally);
    })
}

fn add(row: Row, look: &str, tally: &mut Tally) {
    let name = format!("hostile: {}", row.name);
    let seen = format!("{}{look}", row.seen());
    tally.add(&name, &verified(row.problems, seen));
}
