//! Recipes: the compiler calls that Cargo makes for an exercise, recorded once and made again for each submission.
//!
//! Cargo works out features, editions, lints and dependencies a single time, over exercises whose sources are empty
//! files; what it would have called is kept. From then on a submission costs the four compilations of its own code and
//! nothing else, and no submission ever shares a directory, a fingerprint or a modification time with another.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::catalogue::Kind;

/// The four things that are compiled of an exercise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// The library: all that is the learner's.
    Lib,
    /// The program, which only calls the library.
    Bin,
    /// The open tests.
    Open,
    /// The hidden tests and the wires.
    Hidden,
}

impl Target {
    /// The test target that holds tests of this kind.
    pub fn of(kind: Kind) -> Self {
        match kind {
            Kind::Open => Target::Open,
            Kind::Hidden | Kind::Wire => Target::Hidden,
        }
    }

    /// The name that reports and files use.
    pub fn name(self) -> &'static str {
        match self {
            Target::Lib => "lib",
            Target::Bin => "bin",
            Target::Open => "open",
            Target::Hidden => "hidden",
        }
    }
}

/// One compiler call as Cargo would make it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipe {
    /// The compiler.
    pub compiler: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// What Cargo tells it, and through `env!` the code: `CARGO_PKG_NAME` and the like.
    pub environment: BTreeMap<String, String>,
}

/// Where the things of one submission are, in place of where Cargo put them.
#[derive(Debug)]
pub struct Places<'a> {
    /// The stage that the recipe was recorded in, and the one that takes its place.
    pub stage: (&'a Path, PathBuf),
    /// The directory for what is made.
    pub out: PathBuf,
    /// What `CARGO_TARGET_TMPDIR` names.
    pub scratch: PathBuf,
    /// The package's name, which is its program's.
    pub package: &'a str,
}

impl Recipe {
    /// The call that this process was started for, as the wrapper of the compiler.
    pub fn of_this_call(compiler: &Path, arguments: &[String]) -> Self {
        let wanted = |name: &str| {
            ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"]
                .iter()
                .any(|prefix| name.starts_with(prefix))
                || [
                    "CARGO",
                    "CARGO_CRATE_NAME",
                    "CARGO_PRIMARY_PACKAGE",
                    "CARGO_TARGET_TMPDIR",
                    "LD_LIBRARY_PATH",
                ]
                .contains(&name)
        };
        Self {
            compiler: compiler.to_owned(),
            arguments: arguments.to_vec(),
            environment: std::env::vars().filter(|(name, _)| wanted(name)).collect(),
        }
    }

    /// Which of an exercise's four this is.
    pub fn target(&self) -> Option<Target> {
        if self.arguments.iter().any(|argument| argument == "--test") {
            return match self.value("--crate-name")? {
                "open" => Some(Target::Open),
                "hidden" => Some(Target::Hidden),
                _ => None,
            };
        }
        match self.value("--crate-type")? {
            "lib" => Some(Target::Lib),
            "bin" => Some(Target::Bin),
            _ => None,
        }
    }

    fn value(&self, flag: &str) -> Option<&str> {
        let index = self.arguments.iter().position(|argument| argument == flag)?;
        self.arguments.get(index + 1).map(String::as_str)
    }

    /// The arguments that compile the same for a submission.
    pub fn arguments_in(&self, places: &Places) -> Vec<String> {
        let library = format!("{}=", places.package.replace('-', "_"));
        let mut made = Vec::new();
        let mut arguments = self.arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                // Both are said again below.
                "--out-dir" => drop(arguments.next()),
                "-C" => match arguments.next() {
                    Some(option) if option.starts_with("extra-filename=") => {}
                    Some(option) => made.extend([argument.clone(), option.clone()]),
                    None => {}
                },
                "--extern" => {
                    let Some(value) = arguments.next() else { continue };
                    let own = value.starts_with(&library);
                    made.push(argument.clone());
                    made.push(if own {
                        format!(
                            "{library}{}",
                            places
                                .out
                                .join(output_name(Target::Lib, places.package))
                                .display()
                        )
                    } else {
                        value.clone()
                    });
                }
                _ if ["--emit=", "--json=", "--error-format="]
                    .iter()
                    .any(|flag| argument.starts_with(flag)) => {}
                _ => made.push(argument.clone()),
            }
        }
        if let Some(target) = self.target() {
            let output = places.out.join(output_name(target, places.package));
            made.extend(["-o".to_owned(), output.display().to_string()]);
        }
        made.extend(["--emit=link".to_owned(), "--error-format=json".to_owned()]);
        made
    }

    /// The environment for the same.
    pub fn environment_in(&self, places: &Places) -> Vec<(String, String)> {
        let (from, to) = &places.stage;
        let moved = |value: &str| match Path::new(value).strip_prefix(from) {
            Ok(relative) => to.join(relative).display().to_string(),
            Err(_) => value.to_owned(),
        };
        let program = format!("CARGO_BIN_EXE_{}", places.package);
        let value = |name: &str, value: &str| match name {
            "CARGO_TARGET_TMPDIR" => places.scratch.display().to_string(),
            _ if name == program => places
                .out
                .join(output_name(Target::Bin, places.package))
                .display()
                .to_string(),
            _ => moved(value),
        };
        self.environment
            .iter()
            .map(|(name, old)| (name.clone(), value(name, old)))
            .collect()
    }

    /// Keeps it in `directory`, by package and target; what is none of an exercise's four is forgotten.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&self, directory: &Path) -> Result<()> {
        let (Some(target), Some(package)) = (self.target(), self.environment.get("CARGO_PKG_NAME")) else {
            return Ok(());
        };
        let text = serde_json::to_vec(self).context("a recipe is JSON")?;
        crate::store::write_whole(&path(directory, package, target), &text)
    }

    /// The recipe that was kept.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub fn load(directory: &Path, package: &str, target: Target) -> Result<Self> {
        let path = path(directory, package, target);
        let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_slice(&bytes).with_context(|| format!("{} is no recipe", path.display()))
    }
}

fn path(directory: &Path, package: &str, target: Target) -> PathBuf {
    directory.join(format!("{package}.{}.json", target.name()))
}

/// The file that a target becomes.
pub fn output_name(target: Target, package: &str) -> String {
    match target {
        Target::Lib => format!("lib{}.rlib", package.replace('-', "_")),
        Target::Bin => package.to_owned(),
        Target::Open | Target::Hidden => target.name().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipe(line: &str) -> Recipe {
        Recipe {
            compiler: "rustc".into(),
            arguments: line.split(' ').map(str::to_owned).collect(),
            environment: [
                ("CARGO_PKG_NAME", "file-search"),
                ("CARGO_MANIFEST_DIR", "/b/stage/31/01-file-search"),
                ("CARGO_BIN_EXE_file-search", "/b/build/debug/file-search"),
                ("CARGO_TARGET_TMPDIR", "/b/build/tmp"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        }
    }

    const PLACES: fn() -> Places<'static> = || Places {
        stage: (Path::new("/b/stage"), "/u/course".into()),
        out: "/u/out".into(),
        scratch: "/u/scratch".into(),
        package: "file-search",
    };

    #[test]
    fn the_learners_library_is_linked_and_nobody_elses() {
        let recipe = recipe(
            "--crate-name open tests/open.rs --error-format=json --emit=dep-info,link --test -C debuginfo=0 \
             -C extra-filename=-12 --out-dir /b/build/debug/deps --extern clap=/b/build/debug/deps/libclap-1.rlib \
             --extern file_search=/b/build/debug/deps/libfile_search-2.rlib",
        );
        assert_eq!(recipe.target(), Some(Target::Open));
        assert_eq!(
            recipe.arguments_in(&PLACES()).join(" "),
            "--crate-name open tests/open.rs --test -C debuginfo=0 --extern clap=/b/build/debug/deps/libclap-1.rlib \
             --extern file_search=/u/out/libfile_search.rlib -o /u/out/open --emit=link --error-format=json"
        );
    }

    #[test]
    fn what_code_learns_from_its_environment_is_where_it_now_is() {
        let environment: BTreeMap<_, _> = recipe("--crate-type bin")
            .environment_in(&PLACES())
            .into_iter()
            .collect();
        assert_eq!(environment["CARGO_MANIFEST_DIR"], "/u/course/31/01-file-search");
        assert_eq!(environment["CARGO_BIN_EXE_file-search"], "/u/out/file-search");
        assert_eq!(environment["CARGO_TARGET_TMPDIR"], "/u/scratch");
        assert_eq!(environment["CARGO_PKG_NAME"], "file-search");
    }

    #[test]
    fn a_build_script_is_none_of_the_four() {
        assert_eq!(
            recipe("--crate-name build_script_build --crate-type proc-macro").target(),
            None
        );
    }
}
