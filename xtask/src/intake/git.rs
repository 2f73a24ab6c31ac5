//! The files of one commit, read as objects: nothing is ever checked out.
//!
//! A checkout would run what a learner's repository asks for: filters, hooks, submodules. `rev-parse` finds the
//! commit, `ls-tree` names its files, `cat-file` gives those that are wanted.

mod process;

use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};

use self::process::Git;
use super::entry::{Content, Kind, Met, Visit};
use super::limits::{ENTRIES_MAX, PATH_MAX};
use super::refused::Refused;
use crate::submission::FILE_MAX;

/// Bytes of a revision's name.
const REVISION_MAX: usize = 255;

/// Bytes of what git says about one object or path beside its name.
const HEADER_MAX: u64 = 256;

/// A repository on disk.
pub struct Repository {
    directory: PathBuf,
}

/// One commit of it.
pub struct Commit {
    directory: PathBuf,
    id: String,
    objects: Objects,
    seconds: Option<i64>,
}

/// One path of a commit.
struct Listed {
    path: String,
    kind: Kind,
    object: String,
    /// Bytes, of a file.
    size: Option<u64>,
}

/// Whether a text can name a revision, and nothing else to git.
pub fn is_revision(text: &str) -> bool {
    let plain = |character: char| !character.is_whitespace() && !character.is_control();
    !text.is_empty() && text.len() <= REVISION_MAX && !text.starts_with('-') && text.chars().all(plain)
}

impl Repository {
    /// The repository in `path`, a clone or a bare one; not one that lies around it, or that it points to.
    pub fn open(path: &Path) -> Result<Self, Refused> {
        let inner = path.join(".git");
        let is_directory = |path: &Path| path.symlink_metadata().is_ok_and(|metadata| metadata.is_dir());
        let directory = if inner.symlink_metadata().is_ok() {
            inner
        } else {
            path.to_owned()
        };
        if !is_directory(&directory) || !is_directory(&directory.join("objects")) {
            return Err(Refused::new(
                "there is no git repository, bare or with a .git directory of its own",
            ));
        }
        for elsewhere in ["commondir", "objects/info/alternates"] {
            if directory.join(elsewhere).symlink_metadata().is_ok() {
                return Err(Refused::new(
                    "its objects are another repository's: name a full clone",
                ));
            }
        }
        let directory = directory
            .canonicalize()
            .map_err(|error| Refused::reading(&error))?;
        Ok(Self { directory })
    }

    /// The commit that `revision` names.
    pub fn commit(&self, revision: &str) -> Result<Commit, Refused> {
        let unknown = || Refused::new(format!("it has no revision {revision}"));
        let wanted = format!("{revision}^{{commit}}");
        let arguments = ["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted];
        let mut git = Git::start(&self.directory, &arguments)?;
        let line = git.read_until(b'\n', HEADER_MAX)?;
        if !git.finish()? {
            return Err(unknown());
        }
        let id = line
            .and_then(|line| String::from_utf8(line).ok())
            .filter(|id| is_object(id))
            .ok_or_else(unknown)?;
        let mut objects = Objects(Git::start(&self.directory, &["cat-file", "--batch"])?);
        let seconds = committed(&objects.read(&id)?);
        Ok(Commit {
            directory: self.directory.clone(),
            id,
            objects,
            seconds,
        })
    }
}

impl Commit {
    /// When it was committed, as it says itself.
    pub fn time(&self) -> Option<jiff::Timestamp> {
        jiff::Timestamp::from_second(self.seconds?).ok()
    }

    /// Walks over its files.
    pub fn visit(&mut self, visit: &mut Visit<'_>) -> Result<(), Refused> {
        for listed in self.list()? {
            visit(Met {
                name: &listed.path,
                kind: listed.kind,
                content: &mut Blob {
                    objects: &mut self.objects,
                    listed: &listed,
                },
            })?;
        }
        Ok(())
    }

    /// Its paths. A tree can name itself many times over without taking more space: they are counted.
    fn list(&self) -> Result<Vec<Listed>, Refused> {
        let mut git = Git::start(
            &self.directory,
            &["ls-tree", "-r", "-l", "-z", "--full-tree", &self.id],
        )?;
        let mut all = Vec::new();
        while let Some(record) = git.read_until(0, HEADER_MAX + PATH_MAX as u64)? {
            if all.len() == ENTRIES_MAX {
                return Err(Refused::new(format!("more than {ENTRIES_MAX} entries")));
            }
            all.push(Listed::parse(&record).ok_or_else(|| Refused::new("git lists it in an unknown way"))?);
        }
        if !git.finish()? {
            return Err(Refused::new(
                "the commit cannot be read whole, or has too long a path",
            ));
        }
        Ok(all)
    }
}

impl Listed {
    /// Reads `MODE TYPE OBJECT SIZE\tPATH`.
    fn parse(record: &[u8]) -> Option<Self> {
        let tab = record.iter().position(|byte| *byte == b'\t')?;
        let header = std::str::from_utf8(&record[..tab]).ok()?;
        let [mode, _, object, size] = header.split_ascii_whitespace().collect::<Vec<_>>()[..] else {
            return None;
        };
        let kind = match mode {
            "100644" | "100755" | "100664" => Kind::File,
            "120000" => Kind::Other("a symbolic link"),
            "160000" => Kind::Other("a submodule"),
            _ => Kind::Other("of an unknown kind"),
        };
        Some(Self {
            path: String::from_utf8_lossy(&record[tab + 1..]).into_owned(),
            kind,
            object: object.to_owned(),
            size: size.parse().ok(),
        })
    }
}

/// `git cat-file --batch`: an id in, a header and the object out.
struct Objects(Git);

impl Objects {
    /// Reads one object of at most [`FILE_MAX`] bytes.
    fn read(&mut self, id: &str) -> Result<Vec<u8>, Refused> {
        let failed = |error: std::io::Error| Refused::reading(&error);
        let input = self.0.input().ok_or_else(missing)?;
        input
            .write_all(format!("{id}\n").as_bytes())
            .and_then(|()| input.flush())
            .map_err(failed)?;
        let header = self.0.read_until(b'\n', HEADER_MAX)?.ok_or_else(missing)?;
        let header = String::from_utf8_lossy(&header);
        let size = header
            .rsplit(' ')
            .next()
            .and_then(|size| size.parse().ok())
            .filter(|size| *size <= FILE_MAX);
        let mut bytes = Vec::new();
        let output = self.0.output();
        let count = output
            .take(size.ok_or_else(missing)?)
            .read_to_end(&mut bytes)
            .map_err(failed)?;
        let mut end = [0];
        output.read_exact(&mut end).map_err(|_| missing())?;
        if Some(count as u64) == size && end == [b'\n'] {
            Ok(bytes)
        } else {
            Err(missing())
        }
    }
}

fn missing() -> Refused {
    Refused::new("an object of it is missing or damaged")
}

struct Blob<'a> {
    objects: &'a mut Objects,
    listed: &'a Listed,
}

impl Content for Blob<'_> {
    fn open(&mut self) -> Result<Box<dyn Read + '_>, Refused> {
        match self.listed.size {
            None => return Err(missing()),
            // As much as shows that it is too large: git need not unpack it.
            Some(size) if size > FILE_MAX => return Ok(Box::new(std::io::repeat(b' ').take(FILE_MAX + 1))),
            Some(_) => {}
        }
        Ok(Box::new(Cursor::new(self.objects.read(&self.listed.object)?)))
    }
}

fn is_object(id: &str) -> bool {
    [40, 64].contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The seconds in a commit's `committer NAME <ADDRESS> SECONDS ZONE`.
fn committed(commit: &[u8]) -> Option<i64> {
    let text = String::from_utf8_lossy(commit);
    let header = text.split("\n\n").next()?;
    let line = header.lines().find(|line| line.starts_with("committer "))?;
    line.rsplit(' ').nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests;
