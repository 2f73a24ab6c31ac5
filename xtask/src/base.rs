//! The base: what all submissions share, built once and never written by any of them.
//!
//! ```text
//! target/grade/base/
//! ├─ stage/     the course's workspace, with empty files where an exercise has sources and tests
//! ├─ build/     Cargo's target directory: every dependency, the support crates
//! ├─ recipes/   the compiler calls for each exercise (see `recipe`)
//! ├─ warm/      what tests compile that start a compiler themselves, from the course's own sources
//! ├─ known/     what the compiler knows of the course's own sources (see `incremental`)
//! └─ stamp      the hash of what all this was made from
//! ```
//!
//! No code of a submission is ever compiled or run with write access to it; graders hold its lock shared, and exclusive
//! only while it is made anew.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::catalogue::{Course, Exercise, Kind};
use crate::console::Progress;
use crate::recipe::{Recipe, Target};
use crate::{stage, wrapper};

/// What the system says when nothing more can be written.
const DISK_FULL: &str = "No space left on device";

/// The shared build of one course.
#[derive(Debug)]
pub struct Base {
    /// The workspace that recipes were recorded in.
    pub stage: PathBuf,
    /// Cargo's target directory.
    pub build: PathBuf,
    /// The compiler's own directory.
    pub sysroot: PathBuf,
    recipes: PathBuf,
    warm: PathBuf,
    known: PathBuf,
    /// Held shared for as long as the base is in use.
    _lock: File,
}

impl Base {
    /// The base of `course` in `directory`; made when it is not there, or when the course's manifests have changed.
    ///
    /// # Errors
    /// When Cargo cannot work: no compiler, a damaged lock file, no network for a new dependency, a full disk.
    pub fn prepare(course: &Course, directory: &Path, progress: &Progress) -> Result<Self> {
        std::fs::create_dir_all(directory).with_context(|| format!("cannot make {}", directory.display()))?;
        let path = directory.join("lock");
        let lock = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        let locked = || format!("cannot lock {}", path.display());
        let stamp = stage::base_hash(course)?.to_string();
        let kept = || std::fs::read_to_string(directory.join("stamp")).is_ok_and(|kept| kept == stamp);
        let directories = ["stage", "build", "recipes", "warm", "known"].map(|name| directory.join(name));
        let [stage, build, recipes, warm, known] = directories;
        lock.lock_shared().with_context(locked)?;
        while !kept() {
            lock.unlock().with_context(locked)?;
            progress.say("waiting for another grader to finish");
            lock.lock().with_context(locked)?;
            // Another grader may have made it while this one waited.
            if !kept() {
                progress.say("staging");
                let _ = std::fs::remove_file(directory.join("stamp"));
                let _ = crate::broom::remove(&warm);
                let _ = crate::broom::remove(&known);
                stage::fill(course, &stage)?;
                build_dependencies(course, &stage, &build, &recipes, progress)?;
                crate::store::write_whole(&directory.join("stamp"), stamp.as_bytes())?;
            }
            lock.unlock().with_context(locked)?;
            lock.lock_shared().with_context(locked)?;
        }
        let any = course.exercises().next().context("the course has an exercise")?;
        let compiler = Recipe::load(&recipes, &any.name, Target::Lib)?.compiler;
        let sysroot = compiler
            .parent()
            .and_then(Path::parent)
            .with_context(|| format!("{} lies in no toolchain", compiler.display()))?;
        Ok(Self {
            stage,
            build,
            sysroot: sysroot.to_owned(),
            recipes,
            warm,
            known,
            _lock: lock,
        })
    }

    /// How an exercise's target is compiled; absent when the exercise has no such target.
    pub fn recipe(&self, exercise: &Exercise, target: Target) -> Option<Recipe> {
        Recipe::load(&self.recipes, &exercise.name, target).ok()
    }

    /// What the exercise's tests have compiled once; see [`crate::unit`].
    pub fn warm(&self, exercise: &Exercise) -> PathBuf {
        self.warm.join(&exercise.name)
    }

    /// What the compiler knows of the exercise; see [`crate::incremental`].
    pub fn known(&self, exercise: &Exercise) -> PathBuf {
        self.known.join(&exercise.name)
    }

    /// Keeps other graders from warming up at the same time, until it is dropped.
    ///
    /// # Errors
    /// When the lock cannot be taken.
    pub fn lock_warm(&self) -> Result<File> {
        let path = self.warm.with_file_name("warm.lock");
        let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        file.lock()
            .with_context(|| format!("cannot lock {}", path.display()))?;
        Ok(file)
    }
}

/// One Cargo call: dependencies and support crates are compiled, the exercises' own calls recorded.
fn build_dependencies(
    course: &Course,
    stage: &Path,
    build: &Path,
    recipes: &Path,
    progress: &Progress,
) -> Result<()> {
    let _ = crate::broom::remove(recipes);
    let own = std::env::current_exe().context("cannot tell this program's path")?;
    let names: Vec<_> = course
        .exercises()
        .map(|exercise| exercise.name.as_str())
        .collect();
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(stage).args([
        "build",
        "--keep-going",
        "--message-format=json",
        "--lib",
        "--bins",
        "--test",
        "open",
    ]);
    let has_hidden = |exercise: &&Exercise| exercise.tests.iter().any(|test| test.kind != Kind::Open);
    let features: Vec<_> = course
        .exercises()
        .filter(has_hidden)
        .map(|exercise| format!("{}/hidden", exercise.name))
        .collect();
    if !features.is_empty() {
        command.args(["--test", "hidden", "--features", &features.join(",")]);
    }
    for name in &names {
        command.args(["-p", name]);
    }
    command
        .env("CARGO_TARGET_DIR", build)
        .env("CARGO_TERM_COLOR", "never")
        .env("RUSTC_WORKSPACE_WRAPPER", own)
        .env(wrapper::RECIPES, recipes)
        .env(wrapper::EXERCISES, names.join(","))
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("RUSTC_WRAPPER")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    progress.say("building what all submissions share");
    let mut child = command.spawn().context("cannot start cargo")?;
    let stdout = child.stdout.take().context("cargo's output is piped")?;
    let counted = std::thread::scope(|scope| {
        scope.spawn(|| count_crates(stdout, progress));
        child.wait_with_output().context("cannot wait for cargo")
    })?;
    if counted.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&counted.stderr);
    if said.contains(DISK_FULL) {
        bail!("cannot build in {}: {DISK_FULL}", build.display());
    }
    bail!(
        "cargo cannot build what the exercises share: {}",
        first_error(&said)
    );
}

/// Tells each finished crate.
fn count_crates(stdout: impl std::io::Read, progress: &Progress) {
    #[derive(serde::Deserialize)]
    struct Message {
        reason: String,
        target: Option<Named>,
    }
    #[derive(serde::Deserialize)]
    struct Named {
        name: String,
    }
    for line in std::io::BufRead::lines(std::io::BufReader::new(stdout)).map_while(Result::ok) {
        if let Ok(Message {
            reason,
            target: Some(target),
        }) = serde_json::from_str(&line)
            && reason == "compiler-artifact"
        {
            progress.built(&target.name);
        }
    }
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
    fn the_complaint_starts_at_the_error() {
        assert_eq!(
            first_error("   Compiling a\nerror: no space left\n"),
            "error: no space left"
        );
        assert_eq!(first_error(""), "it gave no reason");
    }
}
