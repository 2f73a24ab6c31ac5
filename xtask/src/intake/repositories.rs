//! A list of git repositories on disk: a CSV with the columns `id`, `repository` and `revision`.
//!
//! A path is relative to the list; without a revision it is `HEAD`. A line that cannot be understood is the
//! instructor's mistake; a repository that does not have the revision is that learner's refusal.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, bail};

use super::git::Repository;
use super::limits::LEARNERS_MAX;
use super::locate::Locator;
use super::platform::Claim;
use super::refused::Refused;
use super::roster::is_id;
use super::table::Table;
use super::tree::Tree;
use super::{Handed, git};
use crate::class::Submitted;
use crate::submission::{Submission, shown};

/// Reads every repository of the list at `path`.
///
/// # Errors
/// `file:line: what is wrong` with the list.
pub fn read(path: &Path, locator: &Locator<'_>, scratch: &Path) -> Result<Vec<Handed>> {
    let table = Table::read(path)?;
    let [id, repository] = [table.column("id")?, table.column("repository")?];
    let revisions = table.columns(|name| name == "revision");
    if table.rows().len() > LEARNERS_MAX {
        bail!("{}: more than {LEARNERS_MAX} repositories", path.display());
    }
    let base = path.parent().unwrap_or(Path::new("."));
    let mut handed = Vec::new();
    for row in table.rows() {
        let at = table.at(row.line);
        let Some(id) = row.cell(id).filter(|id| is_id(id)) else {
            bail!("{at}: a repository without the id of a learner");
        };
        let Some(repository) = row.cell(repository) else {
            bail!("{at}: a learner without a repository");
        };
        let revision = revisions
            .iter()
            .find_map(|column| row.cell(*column))
            .unwrap_or("HEAD");
        if !git::is_revision(revision) {
            bail!("{at}: {revision:?} cannot be a revision");
        }
        let source = format!("{repository}@{revision}");
        handed.push(take(
            &base.join(repository),
            revision,
            id,
            &source,
            locator,
            scratch,
        ));
    }
    Ok(handed)
}

fn take(
    path: &Path,
    revision: &str,
    id: &str,
    source: &str,
    locator: &Locator<'_>,
    scratch: &Path,
) -> Handed {
    let mut claim = Claim {
        keys: vec![id.to_owned()],
        attempt: format!("git {source}"),
        ..Claim::default()
    };
    let mut notes = Vec::new();
    let outcome = exercises(path, revision, locator, scratch, &mut claim, &mut notes);
    Handed {
        claims: vec![claim],
        source: shown(source),
        outcome,
        notes,
    }
}

fn exercises(
    path: &Path,
    revision: &str,
    locator: &Locator<'_>,
    scratch: &Path,
    claim: &mut Claim,
    notes: &mut Vec<String>,
) -> Result<BTreeMap<String, Submission>, Refused> {
    let repository = Repository::open(path)?;
    let mut commit = repository.commit(revision)?;
    claim.submitted = commit.time().map(|at| Submitted {
        at,
        told_by: "git commit".to_owned(),
    });
    let mut tree = Tree::new(locator, scratch);
    let taken = commit.visit(&mut |met| tree.meet_tracked(met));
    let (outcome, found) = tree.finish();
    *notes = found;
    taken.and(outcome)
}
