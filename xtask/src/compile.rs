//! Compiling one unit: the library alone, then the program, then the tests, each in the sandbox.
//!
//! While the library is compiled neither the tests nor the rest of the course can be seen, so that no `include!` has
//! anything to show; a constant, a macro or a type that grows without end meets a limit, and the reason names it.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use serde::Deserialize;

use crate::base::Base;
use crate::catalogue::{Exercise, Kind};
use crate::recipe::{Recipe, Target};
use crate::run::watch::{self, Cut, Ended};
use crate::run::{Limits, failure::clean};
use crate::sandbox::{Command, Sandbox, View};
use crate::unit::Unit;

/// What one compiler call may use. The slowest of the course's takes some 10 s of processor time and 1 GiB.
const LIMITS: Limits = Limits {
    wall: Duration::from_secs(240),
    cpu: Duration::from_secs(60),
    memory_mb: 6 << 10,
    processes: 256,
};

/// Characters of a compiler's message that are kept.
const MESSAGE_MAX: usize = 8000;

/// What the compiler made of one unit.
#[derive(Debug, Clone, Default)]
pub struct Built {
    /// The test binaries.
    pub binaries: BTreeMap<Target, PathBuf>,
    /// The compiler's first error, by what it was compiling.
    pub errors: BTreeMap<Target, String>,
    /// The compiler's warnings, each as it prints them.
    pub warnings: Vec<String>,
}

impl Built {
    /// The binary that holds tests of this kind, if it could be compiled.
    pub fn binary(&self, kind: Kind) -> Option<&PathBuf> {
        self.binaries.get(&Target::of(kind))
    }
}

/// The compiler at work on one unit.
pub struct Compiler<'a> {
    /// What all submissions share.
    pub base: &'a Base,
    /// What holds the compiler in.
    pub sandbox: &'a Sandbox,
    /// The exercise.
    pub exercise: &'a Exercise,
    /// Its sources.
    pub unit: &'a Unit,
}

impl Compiler<'_> {
    /// Compiles the library, the program, and those of the test targets that are `wanted`. What depends on something
    /// broken is left out.
    ///
    /// # Errors
    /// When the compiler cannot be started; that something does not compile is no error.
    pub fn compile(&self, wanted: &BTreeSet<Target>) -> Result<Built> {
        let mut built = Built::default();
        for target in [Target::Lib, Target::Bin] {
            if !self.make(target, &mut built)? {
                return Ok(built);
            }
        }
        for target in [Target::Open, Target::Hidden] {
            if wanted.contains(&target)
                && self.base.recipe(self.exercise, target).is_some()
                && self.make(target, &mut built)?
            {
                let binary = self.unit.inside(&self.unit.output(target));
                built.binaries.insert(target, binary);
            }
        }
        Ok(built)
    }

    /// Compiles one target, if the exercise has it; false when it cannot be compiled.
    fn make(&self, target: Target, built: &mut Built) -> Result<bool> {
        let Some(recipe) = self.base.recipe(self.exercise, target) else {
            return Ok(true);
        };
        let mut arguments = recipe.arguments_in(&self.unit.places(self.base));
        if target == Target::Lib && !self.exercise.manifest.allows_unsafe {
            // No attribute can take it back, and it reaches neither the tests nor the dependencies.
            arguments.push("-Funsafe_code".to_owned());
        }
        let cache = self.unit.cache(target);
        if cache.is_dir() {
            arguments.push(format!("-Cincremental={}", self.unit.inside(&cache).display()));
        }
        let ended = self.call(&recipe, recipe.compiler.clone(), arguments, Vec::new(), target)?;
        let said = Said::read(&ended.output);
        built.warnings.extend(said.warnings);
        if ended.status.success() && ended.cut.is_none() {
            return Ok(true);
        }
        let why = exceeded(&ended).map(str::to_owned).or(said.first_error);
        built.errors.insert(
            target,
            why.unwrap_or_else(|| "the compiler gave no reason".to_owned()),
        );
        Ok(false)
    }

    /// Clippy's first remark about the library, as it prints it.
    ///
    /// # Errors
    /// When clippy cannot be started.
    pub fn lint(&self) -> Result<Option<String>> {
        let Some(recipe) = self.base.recipe(self.exercise, Target::Lib) else {
            return Ok(None);
        };
        let driver = recipe.compiler.with_file_name("clippy-driver");
        let mut arguments = vec![recipe.compiler.display().to_string()];
        arguments.extend(recipe.arguments_in(&self.unit.places(self.base)));
        let environment = vec![
            ("CLIPPY_ARGS".into(), "-Dwarnings__CLIPPY_HACKERY__".into()),
            ("CLIPPY_CONF_DIR".into(), self.base.stage.clone().into_os_string()),
        ];
        let ended = self.call(&recipe, driver, arguments, environment, Target::Lib)?;
        Ok(Said::read(&ended.output).first_error)
    }

    fn call(
        &self,
        recipe: &Recipe,
        program: PathBuf,
        arguments: Vec<String>,
        more: Vec<(OsString, OsString)>,
        target: Target,
    ) -> Result<Ended> {
        let environment = recipe.environment_in(&self.unit.places(self.base)).into_iter();
        let mut environment: Vec<(OsString, OsString)> = environment
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        environment.extend(more);
        environment.push(("PATH".into(), std::env::var_os("PATH").unwrap_or_default()));
        let command = Command {
            program,
            arguments: arguments.into_iter().map(OsString::from).collect(),
            environment,
            directory: self.unit.inside(&self.unit.course),
            view: self.view(target),
            limits: LIMITS,
            keep: Vec::new(),
        };
        watch::run(self.sandbox, &command, &|_| ())
    }

    /// What the compiler sees: itself, the dependencies, and of the exercise what this target is made of.
    fn view(&self, target: Target) -> View {
        let mut read = vec![
            self.base.sysroot.clone(),
            self.base.build.clone(),
            self.base.stage.join("clippy.toml"),
        ];
        match target {
            Target::Lib => read.push(self.unit.exercise.join("src")),
            Target::Bin => read.push(self.unit.exercise.join("main.rs")),
            Target::Open | Target::Hidden => {
                read.extend(["tests", "hidden"].map(|name| self.unit.exercise.join(name)));
            }
        }
        // What the program and the tests mount beside the library, where an exercise has that.
        let given = self.unit.exercise.join("given");
        if target != Target::Lib && given.is_dir() {
            read.push(given);
        }
        let cache = self.unit.cache(target);
        View {
            moved: self.unit.moved(),
            read,
            write: vec![self.unit.out.clone(), cache],
            proc: true,
            programs: true,
            tmp_mb: 512,
        }
    }
}

/// The limit that a compiler call ran into, in words.
fn exceeded(ended: &Ended) -> Option<&'static str> {
    let time = "the compiler ran out of time: a constant, a macro or a type that grows without end?";
    let memory = "the compiler ran out of memory: a constant, a macro or a type that grows without end?";
    match (ended.cut, ended.status.signal()) {
        (Some(Cut::Time), _) => Some(time),
        (Some(Cut::Memory), _) => Some(memory),
        (Some(Cut::Output), _) => Some("the compiler said more than the grader reads"),
        (None, Some(libc::SIGXCPU | libc::SIGKILL)) => Some(time),
        (None, Some(libc::SIGABRT)) => Some(memory),
        (None, Some(_)) => Some("the compiler crashed: recursion without end?"),
        (None, None) => None,
    }
}

/// What the compiler said, of what it says in JSON.
#[derive(Default)]
struct Said {
    first_error: Option<String>,
    warnings: Vec<String>,
}

#[derive(Deserialize)]
struct Diagnostic {
    level: String,
    rendered: Option<String>,
    spans: Vec<serde::de::IgnoredAny>,
}

impl Said {
    fn read(output: &[u8]) -> Self {
        let mut said = Self::default();
        for line in String::from_utf8_lossy(output).lines() {
            let Ok(Diagnostic {
                level,
                rendered: Some(text),
                spans,
            }) = serde_json::from_str(line)
            else {
                if line.contains("memory allocation of ") {
                    said.first_error
                        .get_or_insert_with(|| "the compiler ran out of memory".to_owned());
                }
                continue;
            };
            let text = shorten(&clean(&text));
            // The closing count ("aborting due to 2 previous errors") comes last, and the first error stands.
            if level.starts_with("error") {
                said.first_error.get_or_insert(text);
            } else if level == "warning" && !spans.is_empty() {
                said.warnings.push(text);
            }
        }
        said
    }
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(MESSAGE_MAX) {
        Some((end, _)) => format!("{}\n… (cut)", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_error_stands() {
        let said = Said::read(
            b"{\"level\":\"warning\",\"rendered\":\"w\",\"spans\":[{}]}\nnot JSON\n\
              {\"level\":\"error\",\"rendered\":\"one \\u001b[2J\",\"spans\":[{}]}\n\
              {\"level\":\"error\",\"rendered\":\"aborting\",\"spans\":[]}\n",
        );
        assert_eq!(said.first_error.as_deref(), Some("one \\u{1b}[2J"));
        assert_eq!(said.warnings, ["w"]);
    }
}
