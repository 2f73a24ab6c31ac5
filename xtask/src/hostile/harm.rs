//! What no attack may do, looked for after each batch, whatever the attacks in it say of themselves.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use anyhow::{Context, Result};
use walkdir::WalkDir;

use super::ground::{CANARY, Listeners, Tokens, write};

/// Directories of the machine in which anybody may write.
const PUBLIC: [&str; 3] = ["/tmp", "/var/tmp", "/dev/shm"];

/// The state of what must not change.
pub struct Guard {
    /// Directories whose every file stays as it is: the course, the compiled dependencies.
    frozen: Vec<PathBuf>,
    before: BTreeMap<PathBuf, Seen>,
    /// Processes below this one, when there was no attack yet.
    processes: Vec<i32>,
}

/// A file: owner and permissions, and the hash of what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    mode: u32,
    owner: u32,
    contents: Option<blake3::Hash>,
}

impl Guard {
    /// Plants the canary, and looks at everything that must stay.
    ///
    /// From here on this process is the one to which orphans below it are given, so that whatever an attack leaves
    /// running can be seen from here.
    ///
    /// # Errors
    /// When something cannot be read.
    pub fn new(frozen: Vec<PathBuf>, tokens: &Tokens) -> Result<Self> {
        nix::sys::prctl::set_child_subreaper(true).context("cannot become the reaper of orphans")?;
        write(&tokens.canary, CANARY.as_bytes())?;
        let before = look(&frozen)?;
        Ok(Self {
            frozen,
            before,
            processes: below_this_process(),
        })
    }

    /// What has been harmed.
    ///
    /// # Errors
    /// When the machine cannot be looked at.
    pub fn problems(&self, listeners: &Listeners, tokens: &Tokens) -> Result<Vec<String>> {
        let mut problems = self.changed()?;
        if std::fs::read(&tokens.canary).ok().as_deref() != Some(CANARY.as_bytes()) {
            problems.push(format!("{} was changed", tokens.canary.display()));
            write(&tokens.canary, CANARY.as_bytes())?;
        }
        problems.extend(leftovers(&tokens.mark));
        for id in below_this_process() {
            if !self.processes.contains(&id) {
                problems.push(format!("process {id} goes on: {}", command_line(id)));
            }
        }
        for id in marked(&tokens.mark) {
            problems.push(format!("process {id} carries the mark: {}", command_line(id)));
        }
        if !matches!(listeners.tcp.accept(), Err(error) if error.kind() == ErrorKind::WouldBlock) {
            problems.push("the machine's loopback was reached over TCP".to_owned());
        }
        if !matches!(listeners.udp.recv(&mut [0; 16]), Err(error) if error.kind() == ErrorKind::WouldBlock) {
            problems.push("the machine's loopback was reached over UDP".to_owned());
        }
        if !matches!(listeners.named.accept(), Err(error) if error.kind() == ErrorKind::WouldBlock) {
            problems.push("a socket of the machine was reached by its name".to_owned());
        }
        Ok(problems)
    }

    /// Frozen files that are not what they were.
    fn changed(&self) -> Result<Vec<String>> {
        let after = look(&self.frozen)?;
        let gone = self.before.keys().filter(|path| !after.contains_key(*path));
        let mut problems: Vec<_> = gone.map(|path| format!("{} is gone", path.display())).collect();
        for (path, seen) in &after {
            match self.before.get(path) {
                None => problems.push(format!("{} is new", path.display())),
                Some(before) if before != seen => problems.push(format!("{} was changed", path.display())),
                Some(_) => {}
            }
        }
        Ok(problems)
    }
}

/// Everything in `directories`.
fn look(directories: &[PathBuf]) -> Result<BTreeMap<PathBuf, Seen>> {
    let mut seen = BTreeMap::new();
    for directory in directories {
        for entry in WalkDir::new(directory) {
            let entry = entry.with_context(|| format!("cannot look through {}", directory.display()))?;
            let metadata = entry
                .metadata()
                .with_context(|| format!("cannot look at {}", entry.path().display()))?;
            let contents = if metadata.is_file() {
                let mut hasher = blake3::Hasher::new();
                hasher
                    .update_mmap(entry.path())
                    .with_context(|| format!("cannot read {}", entry.path().display()))?;
                Some(hasher.finalize())
            } else {
                None
            };
            let (mode, owner) = (metadata.mode(), metadata.uid());
            seen.insert(
                entry.into_path(),
                Seen {
                    mode,
                    owner,
                    contents,
                },
            );
        }
    }
    Ok(seen)
}

/// Files with the mark in their name, where anybody may write.
fn leftovers(mark: &str) -> Vec<String> {
    let mut left = Vec::new();
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let places = PUBLIC
        .iter()
        .map(PathBuf::from)
        .chain([std::env::temp_dir()])
        .chain(home);
    for place in places {
        for entry in std::fs::read_dir(place).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().contains(mark) {
                left.push(format!("{} was left behind", entry.path().display()));
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
    left.sort();
    left.dedup();
    left
}

/// The processes whose arguments or environment hold the mark.
fn marked(mark: &str) -> Vec<i32> {
    let holds = |id: &i32, file: &str| {
        let bytes = std::fs::read(format!("/proc/{id}/{file}")).unwrap_or_default();
        bytes.windows(mark.len()).any(|part| part == mark.as_bytes())
    };
    let own = std::process::id() as i32;
    processes()
        .into_iter()
        .map(|(id, _)| id)
        .filter(|id| *id != own && (holds(id, "cmdline") || holds(id, "environ")))
        .collect()
}

/// Every process that this one, or one below it, has started and nobody has reaped.
fn below_this_process() -> Vec<i32> {
    let all = processes();
    let mut below = vec![std::process::id() as i32];
    let mut at = 0;
    while let Some(parent) = below.get(at).copied() {
        below.extend(all.iter().filter(|(_, of)| *of == parent).map(|(id, _)| *id));
        at += 1;
    }
    below.split_off(1)
}

/// All processes that can be seen, and their parents.
fn processes() -> Vec<(i32, i32)> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let id = entry.file_name().to_str()?.parse().ok()?;
            let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
            // The name stands in parentheses and may hold anything; the parent is the second word behind it.
            let parent = stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()?;
            Some((id, parent))
        })
        .collect()
}

fn command_line(id: i32) -> String {
    let bytes = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
    if bytes.is_empty() {
        return "nobody has reaped it".to_owned();
    }
    let words = String::from_utf8_lossy(&bytes).replace('\0', " ");
    crate::run::failure::clean(&words).chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    fn ground() -> (tempfile::TempDir, Tokens, Listeners) {
        let directory = tempfile::tempdir().unwrap();
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let mark = format!("mark-{}-{number}-", std::process::id());
        let listeners = Listeners::open(&mark).unwrap();
        let tokens = Tokens {
            canary: directory.path().join("canary"),
            port: listeners.port().unwrap(),
            course: directory.path().join("course"),
            mark,
        };
        std::fs::create_dir(&tokens.course).unwrap();
        std::fs::write(tokens.course.join("lib.rs"), "a").unwrap();
        (directory, tokens, listeners)
    }

    /// What the guard says after `harm`.
    fn check(harm: impl FnOnce(&Tokens)) -> Vec<String> {
        let (_directory, tokens, listeners) = ground();
        let mut guard = Guard::new(vec![tokens.course.clone()], &tokens).unwrap();
        harm(&tokens);
        // Other tests start processes below this one.
        guard.processes = below_this_process();
        let problems = guard.problems(&listeners, &tokens).unwrap();
        problems
            .into_iter()
            .filter(|problem| !problem.contains("goes on"))
            .collect()
    }

    #[test]
    fn nothing_harmed_is_nothing_said() {
        assert_eq!(check(|_| {}), Vec::<String>::new());
    }

    #[test]
    fn a_changed_a_new_and_a_missing_file_are_seen() {
        let path = |tokens: &Tokens| tokens.course.join("lib.rs");
        assert!(
            check(|tokens| std::fs::write(path(tokens), "b").unwrap())[0].ends_with("lib.rs was changed")
        );
        assert!(
            check(|tokens| std::fs::write(path(tokens).with_file_name("c"), "").unwrap())[0]
                .ends_with("c is new")
        );
        assert!(check(|tokens| std::fs::remove_file(path(tokens)).unwrap())[0].ends_with("lib.rs is gone"));
        assert!(
            check(|tokens| std::fs::remove_file(&tokens.canary).unwrap())[0].ends_with("canary was changed")
        );
        let left = check(|tokens| std::fs::write(std::env::temp_dir().join(&tokens.mark), "").unwrap());
        assert!(left[0].ends_with("was left behind"), "{left:?}");
    }

    #[test]
    fn the_network_and_processes_are_seen() {
        let connected =
            check(|tokens| drop(std::net::TcpStream::connect(("127.0.0.1", tokens.port)).unwrap()));
        assert_eq!(connected, ["the machine's loopback was reached over TCP"]);
        let mut child = None;
        let running = check(|tokens| {
            let mut command = std::process::Command::new("sleep");
            child = Some(command.arg("60").env("WHO", &tokens.mark).spawn().unwrap());
        });
        let mut child = child.unwrap();
        assert!(below_this_process().contains(&(child.id() as i32)));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(running[0].ends_with("carries the mark: sleep 60 "), "{running:?}");
    }
}
