//! What an exercise's `Cargo.toml` says to the grader, in `[package.metadata.phase7]`.

use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::submission::Allowed;

/// Address space of one test when the manifest does not say, in MiB.
const MEMORY_MB: u64 = 4096;

/// Processes and threads of one test when the manifest does not say.
const PROCESSES: u64 = 4096;

/// The grader's part of a manifest.
#[derive(Debug, Clone, Default)]
pub struct Manifest {
    /// The package's name.
    pub package: String,
    /// What the exercise takes a learner, as text for people.
    pub hours: String,
    /// Whether the brief asks for unsafe code.
    pub allows_unsafe: bool,
    /// Address space of one test, in MiB.
    pub memory_mb: u64,
    /// Processes and threads of one test.
    pub processes: u64,
    /// Whether tests see a `/proc` of their own.
    pub proc: bool,
    /// Whether tests may start the machine's programs.
    pub programs: bool,
    /// Whether tests start a compiler; they see `/proc` and programs as well, and may write in their workspace.
    pub toolchain: bool,
    /// What a submission may contain beside `src/**/*.rs`.
    pub submit: Allowed,
}

#[derive(Deserialize)]
struct File {
    package: Package,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    metadata: Option<Metadata>,
}

#[derive(Deserialize)]
struct Metadata {
    phase7: Option<Phase7>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Phase7 {
    hours: String,
    #[serde(default, rename = "unsafe")]
    allows_unsafe: bool,
    memory_mb: Option<u64>,
    processes: Option<u64>,
    #[serde(default)]
    sandbox: Vec<Opening>,
    #[serde(default)]
    submit: Vec<String>,
}

/// What the sandbox lets a test see beyond its own files and the C library.
#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Opening {
    Proc,
    Programs,
    Toolchain,
}

impl Manifest {
    /// Reads an exercise's manifest.
    ///
    /// # Errors
    /// When it cannot be read, or lacks the grader's part.
    pub fn load(path: &Path) -> Result<Self> {
        let text = super::read(path)?;
        Self::parse(&text).with_context(|| format!("{} cannot be used", path.display()))
    }

    fn parse(text: &str) -> Result<Self> {
        let file: File = toml::from_str(text)?;
        let phase7 = file.package.metadata.and_then(|metadata| metadata.phase7);
        let phase7 = phase7.context("it has no [package.metadata.phase7]")?;
        let opens = |opening| phase7.sandbox.contains(opening);
        Ok(Self {
            package: file.package.name,
            hours: phase7.hours,
            allows_unsafe: phase7.allows_unsafe,
            memory_mb: phase7.memory_mb.unwrap_or(MEMORY_MB),
            processes: phase7.processes.unwrap_or(PROCESSES),
            proc: opens(&Opening::Proc) || opens(&Opening::Toolchain),
            programs: opens(&Opening::Programs) || opens(&Opening::Toolchain),
            toolchain: opens(&Opening::Toolchain),
            submit: Allowed::new(phase7.submit)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_keys_have_their_defaults() {
        let manifest =
            Manifest::parse("[package]\nname = \"a\"\n[package.metadata.phase7]\nhours = \"2\"\n").unwrap();
        assert!(!manifest.allows_unsafe);
        assert_eq!(manifest.memory_mb, MEMORY_MB);
    }

    #[test]
    fn a_submission_may_not_contain_what_is_the_graders() {
        let text = |pattern: &str| {
            format!(
                "[package]\nname = \"a\"\n[package.metadata.phase7]\nhours = \"2\"\nsubmit = [{pattern:?}]\n"
            )
        };
        assert!(
            Manifest::parse(&text("config/*.toml"))
                .unwrap()
                .submit
                .has("config/a.toml")
        );
        assert!(Manifest::parse(&text("Cargo.toml")).is_err());
    }

    #[test]
    fn an_unknown_key_is_an_error() {
        let text = "[package]\nname = \"a\"\n[package.metadata.phase7]\nhours = \"2\"\nunsfe = true\n";
        assert!(Manifest::parse(text).unwrap_err().to_string().contains("unsfe"));
    }
}
