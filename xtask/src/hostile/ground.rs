//! The ground on which attacks are let loose: a course of its own, a class's folder, and what must stay unharmed.
//!
//! ```text
//! scratch/course/     the tiny course, with what it borrows from the workspace
//! scratch/class/      what is handed in, afresh for each batch
//! scratch/canary      stands for whatever a learner may not touch; another lies in the temporary directory
//! ```

use std::collections::BTreeMap;
use std::net::{TcpListener, UdpSocket};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use walkdir::WalkDir;

use super::attack::{Attack, Entry, LIBRARY};
use crate::broom;
use crate::catalogue::{self, Course, Exercise};

/// Where the corpus and its course stand in the workspace.
pub const DIRECTORY: &str = "xtask/hostile";

/// What a canary says. No report may.
pub const CANARY: &str = "the canary sings";

/// The marks in an honest answer that an attack's items and statements replace.
const MARKS: [&str; 2] = ["// Items.", "// Statements."];

/// Texts of an attack that stand for something on this machine, and what for.
///
/// | token | |
/// |---|---|
/// | `HOSTILE_MARK` | a word that stands nowhere else, for names of processes, files and a socket that nobody may reach |
/// | `HOSTILE_PORT` | the port of a listener on loopback that nobody may reach, TCP and UDP |
/// | `HOSTILE_CANARY` | the path of a file that nobody may read, change or remove |
/// | `HOSTILE_COURSE` | the course's root |
#[derive(Debug)]
pub struct Tokens {
    /// `HOSTILE_MARK`.
    pub mark: String,
    /// `HOSTILE_CANARY`.
    pub canary: PathBuf,
    /// `HOSTILE_PORT`.
    pub port: u16,
    /// `HOSTILE_COURSE`.
    pub course: PathBuf,
}

/// What the judge keeps open while attacks run.
#[derive(Debug)]
pub struct Listeners {
    /// Counts as reached when anything waits to be accepted.
    pub tcp: TcpListener,
    /// Counts as reached when anything waits to be read.
    pub udp: UdpSocket,
    /// A socket with a name and no file, counted like [`Listeners::tcp`].
    pub named: UnixListener,
}

impl Tokens {
    /// `text` with its tokens replaced.
    pub fn replace(&self, text: &str) -> String {
        text.replace("HOSTILE_MARK", &self.mark)
            .replace("HOSTILE_PORT", &self.port.to_string())
            .replace("HOSTILE_CANARY", &self.canary.to_string_lossy())
            .replace("HOSTILE_COURSE", &self.course.to_string_lossy())
    }
}

impl Listeners {
    /// Listens on one free port of loopback, with both protocols, and on the name `mark`.
    ///
    /// # Errors
    /// When the machine has no loopback.
    pub fn open(mark: &str) -> Result<Self> {
        let tcp = TcpListener::bind("127.0.0.1:0").context("cannot listen on loopback")?;
        let address = tcp.local_addr().context("a listener has an address")?;
        let udp = UdpSocket::bind(address).context("cannot listen on loopback")?;
        tcp.set_nonblocking(true).context("cannot set up a listener")?;
        udp.set_nonblocking(true).context("cannot set up a listener")?;
        let name = SocketAddr::from_abstract_name(mark).context("a mark is a name")?;
        let named = UnixListener::bind_addr(&name).context("cannot listen on a name")?;
        named.set_nonblocking(true).context("cannot set up a listener")?;
        Ok(Self { tcp, udp, named })
    }

    /// The port.
    ///
    /// # Errors
    /// When the kernel does not tell it.
    pub fn port(&self) -> Result<u16> {
        let address = self.tcp.local_addr().context("a listener has an address")?;
        Ok(address.port())
    }
}

/// Lays the tiny course below `scratch`, borrowing manifest, lock file and `phase7` from `workspace`; its root.
///
/// # Errors
/// When a file cannot be copied.
pub fn lay(workspace: &Path, scratch: &Path) -> Result<PathBuf> {
    let root = scratch.join("course");
    for part in ["90-hostile", "phase7"] {
        let part = root.join(part);
        broom::remove(&part).with_context(|| format!("cannot clear {}", part.display()))?;
    }
    copy(&workspace.join(DIRECTORY).join("course"), &root)?;
    for name in ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "clippy.toml"] {
        write(&root.join(name), &read(&workspace.join(name))?)?;
    }
    for part in ["phase7/Cargo.toml", "phase7/src", "phase7/macros"] {
        copy(&workspace.join(part), &root.join(part))?;
    }
    // By this the root of a workspace is known.
    write(&root.join("xtask/Cargo.toml"), b"")?;
    Ok(root)
}

/// Copies regular files; a manifest of the corpus is called `Cargo.toml.txt`, so that no tool takes it for a member's.
fn copy(from: &Path, to: &Path) -> Result<()> {
    for entry in WalkDir::new(from) {
        let entry = entry.with_context(|| format!("cannot read {}", from.display()))?;
        if entry.file_type().is_file() {
            let relative = entry.path().strip_prefix(from).context("walked below it")?;
            let mut target = if relative.as_os_str().is_empty() {
                to.to_owned()
            } else {
                to.join(relative)
            };
            if target.ends_with("Cargo.toml.txt") {
                target.set_file_name("Cargo.toml");
            }
            write(&target, &read(entry.path())?)?;
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Writes a file, and the directories above it.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let parent = path.parent().context("a file has a directory")?;
    std::fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

/// The honest answers of a course, by exercise, with the marks still in them.
///
/// # Errors
/// When one cannot be read or lacks a mark.
pub fn honest_answers(course: &Course) -> Result<BTreeMap<String, String>> {
    let answer = |exercise: &Exercise| {
        let path = course.root.join(&exercise.dir).join("solution/src/lib.rs");
        let text = catalogue::read(&path)?;
        for mark in MARKS {
            anyhow::ensure!(
                text.matches(mark).count() == 1,
                "{} does not hold {mark:?} once",
                path.display()
            );
        }
        Ok((exercise.name.clone(), text))
    };
    course.exercises().map(answer).collect()
}

/// All that `attack` hands in for the exercise in `directory`, with its tokens replaced.
///
/// `marked` is the honest answer with the marks that the attack's parts replace.
pub fn entries(attack: &Attack, directory: &Path, marked: &str, tokens: &Tokens) -> Vec<Entry> {
    if !attack.entries.is_empty() {
        let whole = |entry: &Entry| Entry {
            name: tokens.replace(&entry.name),
            target: tokens.replace(&entry.target),
            text: tokens
                .replace(&entry.text)
                .replace("HONEST", &answer(marked, "", "")),
            ..entry.clone()
        };
        return attack.entries.iter().map(whole).collect();
    }
    let mut files = attack.files.clone();
    files
        .entry(LIBRARY.to_owned())
        .or_insert_with(|| answer(marked, &attack.top, &attack.body));
    let file = |(name, text): (&String, &String)| {
        Entry::file(&directory.join(name).to_string_lossy(), tokens.replace(text))
    };
    files.iter().map(file).collect()
}

/// The honest answer with these items and statements in it.
pub fn answer(honest: &str, top: &str, body: &str) -> String {
    honest.replace(MARKS[0], top).replace(MARKS[1], body)
}
