//! Building the stage: one Cargo call for all exercises, and what came of each.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::catalogue::{Course, Exercise, Kind};
use crate::console::Progress;
use crate::stage::Stage;
use crate::wrapper;

/// What the system says when nothing more can be written: the machine's fault, and no learner's.
const DISK_FULL: &str = "No space left on device";

/// What the build made of one exercise.
#[derive(Debug, Clone, Default)]
pub struct Built {
    /// The test binaries, by target: `open`, `hidden`.
    pub binaries: BTreeMap<String, PathBuf>,
    /// The compiler's first error for a target that has no binary.
    pub errors: BTreeMap<String, String>,
    /// The compiler's warnings, each as it prints them.
    pub warnings: Vec<String>,
}

impl Built {
    /// The binary that holds tests of this kind, or why there is none.
    pub fn binary(&self, kind: Kind) -> std::result::Result<&PathBuf, &str> {
        let target = kind.target();
        self.binaries.get(target).ok_or_else(|| {
            let own = self.errors.get(target);
            own.or_else(|| self.errors.values().next())
                .map_or("the compiler gave no reason", String::as_str)
        })
    }
}

#[derive(Deserialize)]
#[serde(tag = "reason")]
enum Message {
    #[serde(rename = "compiler-message")]
    Said {
        package_id: String,
        target: Target,
        message: Diagnostic,
    },
    #[serde(rename = "compiler-artifact")]
    Made {
        package_id: String,
        target: Target,
        executable: Option<PathBuf>,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
    name: String,
}

#[derive(Deserialize)]
struct Diagnostic {
    level: String,
    rendered: Option<String>,
    spans: Vec<serde::de::IgnoredAny>,
}

/// Builds the open and hidden tests of `exercises` in the stage. `with_hidden` leaves hidden ones aside when false.
///
/// # Errors
/// When Cargo itself cannot work: no compiler, a damaged lock file, a full disk. An exercise that does not
/// compile is no error.
pub fn compile(
    course: &Course,
    stage: &Stage,
    exercises: &[&Exercise],
    with_hidden: bool,
    progress: &Progress,
) -> Result<BTreeMap<String, Built>> {
    let has_hidden = |exercise: &Exercise| exercise.tests.iter().any(|test| test.kind != Kind::Open);
    let mut command = cargo(course, stage)?;
    command.args(["build", "--keep-going", "--message-format=json", "--test", "open"]);
    let hidden: Vec<_> = exercises
        .iter()
        .filter(|exercise| with_hidden && has_hidden(exercise))
        .collect();
    if !hidden.is_empty() {
        let features: Vec<_> = hidden
            .iter()
            .map(|exercise| format!("{}/hidden", exercise.name))
            .collect();
        command.args(["--test", "hidden", "--features", &features.join(",")]);
    }
    for exercise in exercises {
        command.args(["-p", &exercise.name]);
    }
    let mut built: BTreeMap<String, Built> = exercises
        .iter()
        .map(|exercise| (exercise.name.clone(), Built::default()))
        .collect();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("cannot start cargo")?;
    let stdout = child.stdout.take().context("cargo's output is piped")?;
    let mut stderr = child.stderr.take().context("cargo's errors are piped")?;
    let errors = std::thread::spawn(move || {
        let mut text = Vec::new();
        let _ = stderr.read_to_end(&mut text);
        String::from_utf8_lossy(&text).into_owned()
    });
    let mut spoke = false;
    let dirs: Vec<_> = exercises
        .iter()
        .map(|exercise| (stage.root.join(&exercise.dir), &exercise.name))
        .collect();
    for line in BufReader::new(stdout).lines() {
        let line = line.context("cargo's output is text")?;
        let Ok(message) = serde_json::from_str::<Message>(&line) else {
            continue;
        };
        spoke = true;
        match message {
            Message::Made {
                package_id,
                target,
                executable,
            } => {
                progress.built(&target.name);
                if let (Some(name), Some(path)) = (owner(&package_id, &dirs), executable)
                    && target.kind.iter().any(|kind| kind == "test")
                    && let Some(built) = built.get_mut(name)
                {
                    built.binaries.insert(target.name, path);
                }
            }
            Message::Said {
                package_id,
                target,
                message,
            } => {
                let Some(built) = owner(&package_id, &dirs).and_then(|name| built.get_mut(name)) else {
                    continue;
                };
                let Some(rendered) = message.rendered else {
                    continue;
                };
                // The closing count ("aborting due to 2 previous errors") comes last, and the first error stands.
                if message.level.starts_with("error") {
                    built.errors.entry(target.name).or_insert(rendered);
                } else if message.level == "warning" && !message.spans.is_empty() {
                    built.warnings.push(rendered);
                }
            }
            Message::Other => {}
        }
    }
    let status = child.wait().context("cannot wait for cargo")?;
    let errors = errors.join().unwrap_or_default();
    if !status.success() {
        let said = built
            .values()
            .flat_map(|built| built.errors.values())
            .find(|text| text.contains(DISK_FULL));
        if said.is_some() || errors.contains(DISK_FULL) {
            bail!("cannot build in {}: {DISK_FULL}", stage.target.display());
        }
        if !spoke {
            bail!("cargo cannot build the stage: {}", first_error(&errors));
        }
        let ended = |signal| errors.contains(&format!("(signal: {signal}, SIG"));
        for built in built
            .values_mut()
            .filter(|built| built.binaries.is_empty() && built.errors.is_empty())
        {
            let why = if ended(9) || ended(24) || ended(6) {
                "the compiler ran out of time or memory: a macro, a constant or a type that grows without end?".to_owned()
            } else {
                first_error(&errors)
            };
            built.errors.insert("open".to_owned(), why);
        }
    }
    Ok(built)
}

/// A Cargo call in the stage: its own target directory, nothing from the network, the wrapper around rustc.
///
/// # Errors
/// When this program cannot find its own path.
pub fn cargo(course: &Course, stage: &Stage) -> Result<Command> {
    let safe: Vec<_> = course
        .exercises()
        .filter(|exercise| !exercise.manifest.allows_unsafe)
        .map(Exercise::krate)
        .collect();
    let own = std::env::current_exe().context("cannot tell this program's path")?;
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .current_dir(&stage.root)
        .env("CARGO_TARGET_DIR", &stage.target)
        .env("CARGO_TERM_COLOR", "never")
        .env("RUSTC_WORKSPACE_WRAPPER", own)
        .env(wrapper::SAFE_CRATES, safe.join(","))
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("RUSTC_WRAPPER");
    Ok(command)
}

/// The exercise that a package belongs to, by the path in its id.
fn owner<'a>(package_id: &str, dirs: &[(PathBuf, &'a String)]) -> Option<&'a String> {
    let path = package_id.strip_prefix("path+file://")?.split('#').next()?;
    dirs.iter()
        .find(|(dir, _)| dir.as_os_str() == path)
        .map(|(_, name)| *name)
}

/// The first line of Cargo's complaint that says something, with what follows it.
fn first_error(text: &str) -> String {
    let lines: Vec<_> = text.lines().collect();
    let start = lines
        .iter()
        .position(|line| line.starts_with("error"))
        .unwrap_or(0);
    let shown: Vec<_> = lines[start.min(lines.len())..].iter().take(12).copied().collect();
    if shown.is_empty() {
        "it gave no reason".to_owned()
    } else {
        shown.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_known_by_its_path() {
        let name = "file-search".to_owned();
        let dirs = [(PathBuf::from("/s/31-cli-tools/01-file-search"), &name)];
        let id = "path+file:///s/31-cli-tools/01-file-search#file-search@0.1.0";
        assert_eq!(owner(id, &dirs), Some(&name));
        assert_eq!(owner("registry+https://example.org#serde@1.0.0", &dirs), None);
    }

    #[test]
    fn the_complaint_starts_at_the_error() {
        assert_eq!(
            first_error("   Compiling a\nerror: no space left\n"),
            "error: no space left"
        );
        assert_eq!(first_error(""), "it gave no reason");
    }
}
