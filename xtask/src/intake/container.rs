//! A class's directory, or a platform's bulk download: which of its items are whose, and what is in them.

mod list;

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, bail};

use self::list::{Container, Form, Item};
use super::entry::{Content, Kind, Met};
use super::limits::{LEARNERS_MAX, TABLE_MAX};
use super::locate::Locator;
use super::platform::{Claim, Surroundings, claim, classroom_prefix, is_recognised};
use super::refused::Refused;
use super::roster::Roster;
use super::tree::Tree;
use super::{Handed, archive, directory, gradescope, path, table};
use crate::submission::{open, shown};

/// The items that are one submission, and whose.
struct Group {
    claims: Vec<Claim>,
    items: Vec<Item>,
}

/// Reads every submission in `path`.
///
/// # Errors
/// When it is neither a directory nor an archive, or holds one submission and not a class.
pub fn read(
    path: &Path,
    locator: &Locator<'_>,
    roster: Option<&Roster>,
    scratch: &Path,
) -> Result<Vec<Handed>> {
    let container = Container::open(path, locator)?;
    let groups = groups(&container, roster)?;
    if groups.len() > LEARNERS_MAX {
        bail!("{} holds more than {LEARNERS_MAX} submissions", path.display());
    }
    match &container {
        Container::Directory { path, .. } => Ok(groups
            .into_iter()
            .map(|group| from_directory(path, group, locator, scratch))
            .collect()),
        Container::Archive { path, prefix, .. } => from_archive(path, prefix, groups, locator, scratch),
    }
}

/// Reads the one submission that is `path`: a folder, or an archive.
///
/// # Errors
/// When it is neither there nor either.
pub fn read_one(path: &Path, locator: &Locator<'_>, scratch: &Path) -> Result<Handed> {
    let path =
        std::path::absolute(path).with_context(|| format!("cannot tell where {} is", path.display()))?;
    let kind = std::fs::symlink_metadata(&path)
        .with_context(|| format!("cannot read {}", path.display()))?
        .file_type();
    let (Some(base), Some(name)) = (path.parent(), path.file_name().and_then(|name| name.to_str())) else {
        bail!("{} is no submission: name a folder or an archive", path.display());
    };
    let group = Group {
        claims: vec![claim(name, &Surroundings::default())],
        items: vec![Item {
            name: name.to_owned(),
            form: if kind.is_dir() {
                Form::Folder
            } else if kind.is_file() {
                Form::File
            } else {
                bail!("{} is neither a folder nor an archive", path.display());
            },
            is_clone: false,
        }],
    };
    Ok(from_directory(base, group, locator, scratch))
}

/// Puts the items together that are parts of one submission.
fn groups(container: &Container, roster: Option<&Roster>) -> Result<Vec<Group>> {
    let claims = match container.text_of(gradescope::METADATA, TABLE_MAX)? {
        Some(bytes) => gradescope::claims(&table::text(&bytes))
            .with_context(|| container.path().display().to_string())?,
        None => BTreeMap::new(),
    };
    let folders: Vec<_> = container
        .items()
        .iter()
        .filter(|item| item.form == Form::Folder)
        .collect();
    let names: Vec<_> = folders.iter().map(|item| item.name.as_str()).collect();
    let is_named = container
        .name()
        .is_some_and(|name| name.ends_with("-submissions"));
    let are_clones = !folders.is_empty() && folders.iter().all(|item| item.is_clone);
    let around = Surroundings {
        roster,
        names: names.clone(),
        classroom_prefix: (is_named || are_clones)
            .then(|| classroom_prefix(container.name(), &names))
            .flatten(),
    };
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for item in container.items().iter().filter(|item| is_somebodys(item)) {
        let known = claims.get(&item.name).filter(|claims| !claims.is_empty());
        let claims = known.cloned().unwrap_or_else(|| vec![claim(&item.name, &around)]);
        let key = claims
            .first()
            .map(|claim| claim.attempt.clone())
            .unwrap_or_default();
        let group = groups.entry(key).or_insert_with(|| Group {
            claims,
            items: Vec::new(),
        });
        group.items.push(item.clone());
    }
    Ok(groups.into_values().collect())
}

/// Whether an item is a submission, and not a platform's list or an instructor's own file.
fn is_somebodys(item: &Item) -> bool {
    let is_archive = archive::is_archive(&item.name) || archive::is_foreign_archive(&item.name);
    match item.form {
        _ if item.name.starts_with('.') || path::lies_in_litter(&[&item.name]) => false,
        Form::File => is_archive || is_recognised(&item.name),
        Form::Folder | Form::Other(_) => true,
    }
}

fn from_directory(base: &Path, group: Group, locator: &Locator<'_>, scratch: &Path) -> Handed {
    let mut tree = Tree::new(locator, scratch);
    let taken = group.items.iter().try_for_each(|item| {
        let path = base.join(&item.name);
        match item.form {
            Form::Folder => directory::visit(&path, &mut |met| tree.meet(met)),
            Form::File => take_file(&mut tree, item, &group.claims, &mut OnDisk(&path)),
            Form::Other(what) => Err(Refused::new(format!("{} is {what}", shown(&item.name)))),
        }
    });
    handed(group, tree, taken)
}

fn from_archive(
    path: &Path,
    prefix: &str,
    groups: Vec<Group>,
    locator: &Locator<'_>,
    scratch: &Path,
) -> Result<Vec<Handed>> {
    let mut parts: Vec<_> = groups
        .into_iter()
        .map(|group| (group, Tree::new(locator, scratch), Ok(())))
        .collect();
    let mut owners = BTreeMap::new();
    for (index, (group, _, _)) in parts.iter().enumerate() {
        owners.extend(group.items.iter().map(|item| (item.name.clone(), index)));
    }
    let file = std::fs::File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let walked = archive::visit(file, archive::Bounds::of_class(), &mut |met| {
        let name = path::within_class(met.name)?;
        let Some(name) = name.as_deref().and_then(|name| name.strip_prefix(prefix)) else {
            return Ok(());
        };
        let (top, below) = name
            .split_once('/')
            .map_or((name, None), |(top, below)| (top, Some(below)));
        let Some((group, tree, taken)) = owners.get(top).and_then(|index| parts.get_mut(*index)) else {
            return Ok(());
        };
        // What was refused once is refused: the rest of it is passed over.
        if taken.is_ok() {
            *taken = match (below, met.kind) {
                (Some(below), kind) => tree.meet(Met {
                    name: below,
                    kind,
                    content: met.content,
                }),
                (None, Kind::Directory) => Ok(()),
                (None, Kind::Other(what)) => Err(Refused::new(format!("{} is {what}", shown(top)))),
                (None, Kind::File) => match group.items.iter().find(|item| item.name == top) {
                    Some(item) => take_file(tree, item, &group.claims, met.content),
                    None => Ok(()),
                },
            };
        }
        Ok(())
    });
    walked.with_context(|| path.display().to_string())?;
    Ok(parts
        .into_iter()
        .map(|(group, tree, taken)| handed(group, tree, taken))
        .collect())
}

/// Takes a file that stands for a submission, or for a part of one.
fn take_file(
    tree: &mut Tree<'_>,
    item: &Item,
    claims: &[Claim],
    content: &mut dyn Content,
) -> Result<(), Refused> {
    let name = &item.name;
    if archive::is_archive(name) {
        return tree.open_archive(name, content);
    }
    if archive::is_foreign_archive(name) {
        return Err(Refused::new(format!(
            "{} cannot be read: hand in .zip or .tar.gz",
            shown(name)
        )));
    }
    let what = match claims.iter().any(|claim| claim.is_text) {
        true => "text that was typed in",
        false => "no archive",
    };
    tree.note(&format!("{} is {what}: it is left aside", shown(name)));
    Ok(())
}

fn handed(group: Group, tree: Tree<'_>, taken: Result<(), Refused>) -> Handed {
    let names: Vec<_> = group.items.iter().map(|item| shown(&item.name)).collect();
    let (outcome, notes) = tree.finish();
    Handed {
        claims: group.claims,
        source: names.join(", "),
        outcome: taken.and(outcome),
        notes,
    }
}

/// A file in the class's directory.
struct OnDisk<'a>(&'a Path);

impl Content for OnDisk<'_> {
    fn open(&mut self) -> Result<Box<dyn Read + '_>, Refused> {
        match open(self.0) {
            Ok(Some(file)) => Ok(Box::new(file)),
            Ok(None) => Err(Refused::new("is no regular file any more")),
            Err(error) => Err(Refused::new(format!("cannot be read: {error}"))),
        }
    }
}
