//! What stands at the top of a class's container: one item per learner, or per part of what a learner handed in.
//!
//! An archiver or a platform may have put one folder around everything; it is looked through when its name or what is
//! in it shows that it is such.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::intake::archive::{self, Bounds};
use crate::intake::entry::Kind;
use crate::intake::gradescope::METADATA;
use crate::intake::limits::{BULK_ENTRIES_MAX, LEARNERS_MAX};
use crate::intake::locate::Locator;
use crate::intake::path::{lies_in_litter, within_class};
use crate::intake::platform::is_recognised;
use crate::submission::{kind_name, open};

/// A class's directory or archive.
pub enum Container {
    /// Items on disk.
    Directory {
        /// Where they are.
        path: PathBuf,
        /// What is there.
        items: Vec<Item>,
    },
    /// Items in an archive.
    Archive {
        /// The archive.
        path: PathBuf,
        /// The folder around the items, with its `/`; or nothing.
        prefix: String,
        /// What is there.
        items: Vec<Item>,
    },
}

/// One name at the top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The name.
    pub name: String,
    /// What it is.
    pub form: Form,
    /// Whether it is a folder that git cloned.
    pub is_clone: bool,
}

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A directory.
    Folder,
    /// A regular file.
    File,
    /// Anything else, by name.
    Other(&'static str),
}

impl Container {
    /// Lists what is at the top of `path`.
    ///
    /// # Errors
    /// When it cannot be read, or is one submission and no class.
    pub fn open(path: &Path, locator: &Locator<'_>) -> Result<Self> {
        let failed = || format!("cannot read {}", path.display());
        let container = if std::fs::metadata(path).with_context(failed)?.is_dir() {
            open_directory(path)?
        } else {
            open_archive(path, locator)?
        };
        let is_checkout = |item: &&Item| item.form == Form::Folder && locator.is_of_course(&item.name);
        if let Some(item) = container.items().iter().find(is_checkout) {
            bail!(
                "{} holds {}: it is one submission, and a class is a directory of such",
                path.display(),
                item.name
            );
        }
        Ok(container)
    }

    /// What is at the top, sorted by name.
    pub fn items(&self) -> &[Item] {
        let (Self::Directory { items, .. } | Self::Archive { items, .. }) = self;
        items
    }

    /// The directory or archive itself.
    pub fn path(&self) -> &Path {
        let (Self::Directory { path, .. } | Self::Archive { path, .. }) = self;
        path
    }

    /// What the folder around the items is called.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Directory { path, .. } => path.file_name()?.to_str(),
            Self::Archive { prefix, .. } if !prefix.is_empty() => {
                prefix.trim_end_matches('/').rsplit('/').next()
            }
            Self::Archive { path, .. } => path.file_name()?.to_str().map(archive::stem),
        }
    }

    /// The content of the file called `name` at the top, if it is there.
    ///
    /// # Errors
    /// When it cannot be read, or is larger than `max`.
    pub fn text_of(&self, name: &str, max: u64) -> Result<Option<Vec<u8>>> {
        if !self
            .items()
            .iter()
            .any(|item| item.name == name && item.form == Form::File)
        {
            return Ok(None);
        }
        let failed = || format!("cannot read {name} in {}", self.path().display());
        let mut bytes = Vec::new();
        match self {
            Self::Directory { path, .. } => {
                let file = open(&path.join(name))
                    .with_context(failed)?
                    .with_context(failed)?;
                file.take(max + 1).read_to_end(&mut bytes).with_context(failed)?;
            }
            Self::Archive { path, prefix, .. } => {
                let wanted = format!("{prefix}{name}");
                walk(path, &mut |name, _, content| {
                    if name == wanted {
                        bytes.clear();
                        let content = content.open()?.take(max + 1).read_to_end(&mut bytes);
                        content.map_err(|error| crate::intake::refused::Refused::reading(&error))?;
                    }
                    Ok(())
                })?;
            }
        }
        if bytes.len() as u64 > max {
            bail!(
                "{name} in {} is larger than {} MiB",
                self.path().display(),
                max >> 20
            );
        }
        Ok(Some(bytes))
    }
}

fn open_directory(path: &Path) -> Result<Container> {
    let mut path = path.to_owned();
    let mut items = directory_items(&path)?;
    let mut seen = items.iter().filter(|item| !lies_in_litter(&[&item.name]));
    if let (Some(only), None) = (seen.next(), seen.next())
        && only.form == Form::Folder
    {
        let below = directory_items(&path.join(&only.name))?;
        if is_platforms(below.iter().map(|item| item.name.as_str())) {
            path = path.join(&only.name);
            items = below;
        }
    }
    Ok(Container::Directory { path, items })
}

fn directory_items(path: &Path) -> Result<Vec<Item>> {
    let failed = || format!("cannot read {}", path.display());
    let mut items = Vec::new();
    for entry in std::fs::read_dir(path).with_context(failed)? {
        let entry = entry.with_context(failed)?;
        let form = match entry.file_type().with_context(failed)? {
            kind if kind.is_dir() => Form::Folder,
            kind if kind.is_file() => Form::File,
            kind => Form::Other(kind_name(kind)),
        };
        let (name, form) = match entry.file_name().into_string() {
            Ok(name) => (name, form),
            Err(name) => (
                name.to_string_lossy().into_owned(),
                Form::Other("named in another way than UTF-8"),
            ),
        };
        let is_clone = form == Form::Folder && entry.path().join(".git").is_dir();
        items.push(Item { name, form, is_clone });
    }
    items.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(items)
}

fn open_archive(path: &Path, locator: &Locator<'_>) -> Result<Container> {
    let whole = archive_items(path, "")?;
    let stem = path.file_name().and_then(|name| name.to_str()).map(archive::stem);
    let mut seen = whole.iter().filter(|item| !lies_in_litter(&[&item.name]));
    let (prefix, items) = match (seen.next(), seen.next()) {
        (Some(only), None) if only.form == Form::Folder => {
            let prefix = format!("{}/", only.name);
            let below = archive_items(path, &prefix)?;
            let names = || below.iter().map(|item| item.name.as_str());
            let is_one = names().any(|name| name == "src" || locator.is_of_course(name));
            let is_around = is_platforms(names()) || (stem == Some(&only.name) && !is_one);
            if is_around {
                (prefix, below)
            } else {
                (String::new(), whole)
            }
        }
        _ => (String::new(), whole),
    };
    Ok(Container::Archive {
        path: path.to_owned(),
        prefix,
        items,
    })
}

/// Whether a platform wrote any of these names.
fn is_platforms<'a>(mut names: impl Iterator<Item = &'a str>) -> bool {
    names.any(|name| name == METADATA || is_recognised(name))
}

/// The names directly below `prefix`. A folder need not have an entry of its own.
fn archive_items(path: &Path, prefix: &str) -> Result<Vec<Item>> {
    let mut forms: BTreeMap<String, Form> = BTreeMap::new();
    let mut twice = BTreeSet::new();
    walk(path, &mut |name, kind, _| {
        let Some(name) = name.strip_prefix(prefix) else {
            return Ok(());
        };
        let (top, form) = match (name.split_once('/'), kind) {
            (Some((top, _)), _) => (top, Form::Folder),
            (None, Kind::Directory) => (name, Form::Folder),
            (None, Kind::File) => (name, Form::File),
            (None, Kind::Other(what)) => (name, Form::Other(what)),
        };
        if forms.len() <= BULK_ENTRIES_MAX.min(LEARNERS_MAX * 100) {
            let first = *forms.entry(top.to_owned()).or_insert(form);
            if first != form || (form == Form::File && !twice.insert(top.to_owned())) {
                twice.insert(top.to_owned());
                forms.insert(top.to_owned(), Form::Other("there twice"));
            }
        }
        Ok(())
    })?;
    let item = |(name, form)| Item {
        name,
        form,
        is_clone: false,
    };
    Ok(forms.into_iter().map(item).collect())
}

/// What [`walk`] does with a name, its kind and its content.
type Step<'s> = dyn FnMut(&str, Kind, &mut dyn crate::intake::entry::Content) -> Result<(), crate::intake::refused::Refused>
    + 's;

/// Walks over a class's archive, with checked names.
fn walk(path: &Path, step: &mut Step<'_>) -> Result<()> {
    let file = std::fs::File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let walked = archive::visit(
        file,
        Bounds::of_class(),
        &mut |met| match within_class(met.name)? {
            Some(name) => step(&name, met.kind, met.content),
            None => Ok(()),
        },
    );
    walked.with_context(|| path.display().to_string())
}
