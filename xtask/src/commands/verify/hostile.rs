//! The hostile submissions: a row for each attack, with the verdict and what it got.

use anyhow::Result;

use super::{Tally, Verified, verified};
use crate::catalogue::Course;
use crate::sandbox::Sandbox;

/// Lets the attacks loose, all or those of these names.
///
/// # Errors
/// When the corpus cannot be read, or an attack brings the grader down.
pub fn verify(course: &Course, only: &[String], tally: &mut Tally) -> Result<()> {
    // Without it an attack would meet the machine.
    if let Err(why) = Sandbox::probe().satisfies_class() {
        tally.add("hostile submissions", &Verified::Skipped(why));
        return Ok(());
    }
    crate::hostile::verify(&course.root, only, |row| {
        let name = format!("hostile: {}", row.name);
        let seen = row.seen();
        tally.add(&name, &verified(row.problems, seen));
    })
}
