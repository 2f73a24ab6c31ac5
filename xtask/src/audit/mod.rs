//! The audit of a learner's object code: what could take control before a test begins, or from outside of it.
//!
//! An exercise that needs unsafe code cannot be compiled with `-F unsafe_code`, so its library may hold what no
//! lint stops: a constructor that the loader runs before `main`, a function called `exit` that the test harness then
//! calls, an allocator under everything. All of that shows in the archive that rustc makes, and nothing that a brief
//! asks for looks like it:
//!
//! - [`section`]: sections by name, type and permissions
//! - [`symbol`]: what the library defines for others to link against
//!
//! The audit reads object code, not the bitcode beside it: it holds for what is linked without LTO, as tests are. It
//! says nothing about what ordinary functions do. Text in a [`Finding`] comes from the submission and is cleaned.

mod section;
mod symbol;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt;
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, Result, bail};
use object::Object;
use object::read::archive::ArchiveFile;

use crate::run::failure::clean;

/// Bytes of the largest library that is read.
const SIZE_MAX: u64 = 256 << 20;

/// Members of an archive: a codegen unit each, and the metadata.
const MEMBERS_MAX: usize = 1024;

/// Sections or symbols of a member.
const ENTRIES_MAX: usize = 1 << 20;

/// Findings that are told one by one.
const FINDINGS_MAX: usize = 20;

/// Characters of a name that are shown.
const NAME_MAX: usize = 120;

/// One thing that a reviewer should see.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// What it means.
    what: What,
    /// The symbol, section or member; empty where there is none to name.
    name: String,
}

/// What a finding means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Constructor,
    Destructor,
    Ifunc,
    Unmangled,
    Binding,
    Allocator,
    Runtime,
    Harness,
    Personality,
    ExecutableStack,
    WritableCode,
    ClientRequest,
    Section,
    NotAnObject,
    TooMuch,
    More,
}

impl Finding {
    fn new(what: What, name: impl Into<String>) -> Self {
        Self {
            what,
            name: name.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.what {
            What::Constructor => "a constructor, which runs before main: section",
            What::Destructor => "a destructor, which runs after the verdict: section",
            What::Ifunc => "an ifunc, whose resolver runs before main: symbol",
            What::Unmangled => "an unmangled symbol, which others would call in place of their own:",
            What::Binding => "a symbol of unusual binding:",
            What::Allocator => "a global allocator, which runs below the test harness: symbol",
            What::Runtime => "a function of Rust's own runtime, replaced: symbol",
            What::Harness => "a symbol that belongs to the tests or their harness:",
            What::Personality => "a personality routine other than Rust's: section",
            What::ExecutableStack => "an executable stack: section",
            What::WritableCode => "code that can be written to: section",
            What::ClientRequest => "code that tells valgrind what to count: section",
            What::Section => "a section that the compiler does not make of itself:",
            What::NotAnObject => "a member that is no object file:",
            What::TooMuch => "more than the audit reads:",
            What::More => "and more:",
        };
        let name = clean(&self.name).replace(['\n', '\t'], " ");
        write!(formatter, "{what} ")?;
        match name.char_indices().nth(NAME_MAX) {
            Some((end, _)) => write!(formatter, "{}…", &name[..end]),
            None => formatter.write_str(&name),
        }
    }
}

/// Looks through the library that rustc made of a submission; nothing found means nothing to review.
///
/// # Errors
/// When the file cannot be read. One that cannot be understood is a finding.
pub fn inspect(rlib: &Path) -> Result<Vec<Finding>> {
    let mut findings = BTreeSet::new();
    match read(rlib)? {
        Some(bytes) => archive(&bytes, &mut findings),
        None => {
            findings.insert(Finding::new(What::TooMuch, format!("{} MiB", SIZE_MAX >> 20)));
        }
    }
    let count = findings.len();
    let mut findings: Vec<_> = findings.into_iter().take(FINDINGS_MAX).collect();
    if count > FINDINGS_MAX {
        let rest = format!("{} findings in all", count);
        findings.push(Finding::new(What::More, rest));
    }
    Ok(findings)
}

/// The file's bytes, or nothing when it is too large.
///
/// The compiler that wrote it may have run a submission's code: a link or a pipe in its place is not followed and
/// not waited for.
fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    let shown = path.display();
    let file = std::fs::OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK)
        .open(path)
        .with_context(|| format!("cannot open {shown} to audit it"))?;
    let metadata = file
        .metadata()
        .with_context(|| format!("cannot look at {shown}"))?;
    if !metadata.is_file() {
        bail!("cannot audit {shown}: it is not a regular file");
    }
    let mut bytes = Vec::new();
    file.take(SIZE_MAX + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("cannot read {shown}"))?;
    Ok((bytes.len() as u64 <= SIZE_MAX).then_some(bytes))
}

/// Looks at each member of the archive.
fn archive(bytes: &[u8], findings: &mut BTreeSet<Finding>) {
    let Ok(archive) = ArchiveFile::parse(bytes) else {
        findings.insert(Finding::new(What::NotAnObject, "the library itself"));
        return;
    };
    for (index, member) in archive.members().enumerate() {
        if index == MEMBERS_MAX {
            findings.insert(Finding::new(What::TooMuch, format!("{MEMBERS_MAX} members")));
            return;
        }
        let name = member.as_ref().map_or_else(
            |_| "unreadable".into(),
            |member| String::from_utf8_lossy(member.name()),
        );
        let object = member
            .as_ref()
            .ok()
            .and_then(|member| member.data(bytes).ok())
            .and_then(|data| object::read::elf::ElfFile64::<object::Endianness>::parse(data).ok());
        let Some(object) = object else {
            findings.insert(Finding::new(What::NotAnObject, name));
            continue;
        };
        if object.sections().count().max(object.symbols().count()) > ENTRIES_MAX {
            findings.insert(Finding::new(
                What::TooMuch,
                format!("{ENTRIES_MAX} entries in {name}"),
            ));
            continue;
        }
        findings.extend(section::findings(&object));
        findings.extend(symbol::findings(&object));
    }
}
