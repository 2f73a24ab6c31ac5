//! `new`: the folder of a new exercise, complete and green, for its author to replace piece by piece.
//!
//! It is filled in under a name that no member glob matches and then renamed, so that the workspace loads at every
//! moment. What the author still has to write carries a mark that `tidy` finds.

mod register;
mod template;

use std::io::Write;
use std::path::{Component, Path};

use anyhow::{Context, Result, bail};

use crate::Ended;
use crate::catalogue::{self, Course, Module};
use crate::cli::New;
use crate::store;

/// Makes the folder and says what comes next.
///
/// # Errors
/// When the name is no name for an exercise, or is taken.
pub fn run(arguments: &New) -> Result<Ended> {
    let course = Course::here()?;
    let place = Place::new(&course, &arguments.path)?;
    make(&course, &place)?;
    let listed = register::in_workspace(&course.root, &place)?;
    let checklist = course.root.join("checklist.md");
    let text = register::in_checklist(&catalogue::read(&checklist)?, &place);
    if let Some(text) = &text {
        store::write_whole(&checklist, text.as_bytes())?;
    }

    let mut out = anstream::stdout().lock();
    let Place {
        module,
        directory,
        name,
    } = &place;
    writeln!(
        out,
        "{module}/{directory}: a small exercise that works, for you to replace\n"
    )?;
    if listed {
        writeln!(out, "Cargo.toml        {module} is a member of the workspace now")?;
    }
    match text {
        Some(_) => writeln!(
            out,
            "checklist.md      names it: see that it counts where it should"
        )?,
        None => writeln!(out, "checklist.md      does not name it yet: say where it counts")?,
    }
    writeln!(out, "{module}/README.md  put it among the exercises")?;
    writeln!(out, "CONTRIBUTING.md   says what goes where\n")?;
    writeln!(
        out,
        "All but what is left to write holds:\n  cargo xtask verify {name}"
    )?;
    Ok(Ended::Holds)
}

/// Where an exercise goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The module's directory: `31-cli-tools`.
    pub module: String,
    /// The exercise's directory in it: `05-word-count`.
    pub directory: String,
    /// The package: `word-count`.
    pub name: String,
}

impl Place {
    /// The place that `path` names: `MODULE/NN-NAME`, or `MODULE/NAME` for the next number.
    ///
    /// # Errors
    /// When it cannot be that of a new exercise.
    fn new(course: &Course, path: &Path) -> Result<Self> {
        const SHAPE: &str = "an exercise goes to MODULE/NN-NAME: 31-cli-tools/05-word-count";
        let parts: Vec<_> = path
            .components()
            .filter(|part| *part != Component::CurDir)
            .collect();
        let [Component::Normal(module), Component::Normal(last)] = parts[..] else {
            bail!(SHAPE);
        };
        let (module, last) = (module.to_str().context(SHAPE)?, last.to_str().context(SHAPE)?);
        let known: Vec<_> = course.modules.iter().map(|module| module.name.as_str()).collect();
        let module = course.modules.iter().find(|known| known.name == module);
        let module =
            module.with_context(|| format!("there is no such module; there are {}", known.join(", ")))?;
        let (number, name) = match last.split_once('-') {
            Some((number, name)) if number.bytes().all(|byte| byte.is_ascii_digit()) => (Some(number), name),
            _ => (None, last),
        };
        check_name(name)?;
        check_free(course, name)?;
        let number = match number {
            Some(number) => free_number(module, number)?,
            None => next_number(module)?,
        };
        Ok(Self {
            module: module.name.clone(),
            directory: format!("{number}-{name}"),
            name: name.to_owned(),
        })
    }
}

/// A package, a program and, with `_`, a crate are named so.
fn check_name(name: &str) -> Result<()> {
    let part = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    if !name.split('-').all(part) || !name.starts_with(|first: char| first.is_ascii_lowercase()) {
        bail!(
            "{name:?} is no name for an exercise: small letters, digits and single dashes, as in word-count"
        );
    }
    let reserved = [
        "test", "core", "std", "alloc", "main", "build", "deps", "examples",
    ];
    if reserved.contains(&name) || syn::parse_str::<syn::Ident>(&name.replace('-', "_")).is_err() {
        bail!("{name:?} means something to Rust or Cargo: choose another name");
    }
    if name.ends_with("-solution") {
        bail!("{name:?} would be taken for a solution: choose another name");
    }
    Ok(())
}

/// No package of the workspace and none that it depends on has the name.
fn check_free(course: &Course, name: &str) -> Result<()> {
    if let Some(exercise) = course.exercises().find(|exercise| exercise.name == name) {
        bail!("{name:?} is taken: {}", exercise.dir.display());
    }
    let manifest = catalogue::read(&course.root.join("Cargo.toml"))?;
    let table: toml::Table = manifest.parse().context("Cargo.toml cannot be parsed")?;
    let shared = table
        .get("workspace")
        .and_then(|workspace| workspace.get("dependencies"));
    let is_dependency = shared.is_some_and(|shared| shared.get(name).is_some());
    if is_dependency || ["xtask", "phase7", "phase7-macros", "phase7-book"].contains(&name) {
        bail!("{name:?} is the name of a package that the workspace uses");
    }
    Ok(())
}

fn free_number(module: &Module, number: &str) -> Result<String> {
    if number.len() != 2 {
        bail!("an exercise's number has two digits, as in 05-word-count");
    }
    if let Some(exercise) = module
        .exercises
        .iter()
        .find(|exercise| exercise.number() == number)
    {
        bail!("number {number} is taken: {}", exercise.dir.display());
    }
    Ok(number.to_owned())
}

fn next_number(module: &Module) -> Result<String> {
    let numbers = module
        .exercises
        .iter()
        .filter_map(|exercise| exercise.number().parse::<u32>().ok());
    let next = numbers.max().unwrap_or(0) + 1;
    if next > 99 {
        bail!("{} has no number left", module.name);
    }
    Ok(format!("{next:02}"))
}

/// Writes the folder, whole or not at all.
fn make(course: &Course, place: &Place) -> Result<()> {
    let module = course.root.join(&place.module);
    let beside = tempfile::Builder::new().prefix(".new-").tempdir_in(&module);
    let beside = beside.with_context(|| format!("cannot write to {}", module.display()))?;
    for (file, text) in template::files(&place.name) {
        store::write_whole(&beside.path().join(file), text.as_bytes())?;
    }
    let directory = module.join(&place.directory);
    std::fs::rename(beside.path(), &directory)
        .with_context(|| format!("cannot make {}", directory.display()))?;
    // It is no temporary directory any more.
    let _ = beside.keep();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn course() -> (tempfile::TempDir, Course) {
        let root = tempfile::tempdir().unwrap();
        let taken = template::files("file-search");
        std::fs::create_dir_all(root.path().join("31-a/03-file-search")).unwrap();
        for (file, text) in taken {
            store::write_whole(
                &root.path().join("31-a/03-file-search").join(file),
                text.as_bytes(),
            )
            .unwrap();
        }
        for (file, text) in [
            ("31-a/README.md", "# A\n"),
            ("projects/README.md", "# P\n"),
            ("Cargo.toml", "[workspace.dependencies]\nbytes = \"1\"\n"),
        ] {
            store::write_whole(&root.path().join(file), text.as_bytes()).unwrap();
        }
        let course = Course::load(root.path()).unwrap();
        (root, course)
    }

    fn place(path: &str) -> Result<Place> {
        let (_root, course) = course();
        Place::new(&course, Path::new(path))
    }

    #[test]
    fn a_number_is_taken_or_found() {
        assert_eq!(place("31-a/05-word-count").unwrap().directory, "05-word-count");
        assert_eq!(place("./31-a/word-count/").unwrap().directory, "04-word-count");
        assert_eq!(place("projects/shell").unwrap().directory, "01-shell");
        assert_eq!(place("31-a/3d-model").unwrap_err().to_string(), NAME_OF_3D);
    }

    const NAME_OF_3D: &str =
        "\"3d-model\" is no name for an exercise: small letters, digits and single dashes, as in word-count";

    #[test]
    fn names_that_cannot_be_are_refused() {
        for (path, why) in [
            ("31-a/05-Word", "no name for an exercise"),
            ("31-a/05-a--b", "no name for an exercise"),
            ("31-a/05-wörter", "no name for an exercise"),
            ("31-a/05-match", "means something to Rust"),
            ("31-a/05-test", "means something to Rust"),
            ("31-a/05-a-solution", "taken for a solution"),
            ("31-a/05-file-search", "is taken: 31-a/03-file-search"),
            ("31-a/03-word-count", "number 03 is taken"),
            ("31-a/5-word-count", "two digits"),
            ("31-a/05-bytes", "a package that the workspace uses"),
            ("31-a/05-xtask", "a package that the workspace uses"),
            ("32-b/05-word-count", "there are 31-a, projects"),
            ("word-count", "an exercise goes to MODULE/NN-NAME"),
            ("../31-a/x", "an exercise goes to MODULE/NN-NAME"),
        ] {
            let error = place(path).unwrap_err().to_string();
            assert!(error.contains(why), "{path}: {error}");
        }
    }

    #[test]
    fn what_is_made_is_an_exercise_that_only_lacks_its_words() {
        let (root, course) = course();
        let place = Place::new(&course, Path::new("31-a/word-count")).unwrap();
        make(&course, &place).unwrap();
        let course = Course::load(root.path()).unwrap();
        let made = course.exercise("word-count").unwrap();
        assert_eq!((made.possible(), made.brief.title.as_str()), (4, "Word count"));
        let problems = crate::commands::tidy::problems(&course, &[made], false).unwrap();
        let words: Vec<_> = problems.iter().map(|problem| problem.what.as_str()).collect();
        assert!(
            words.iter().all(|what| *what == "it is not finished") && words.len() > 9,
            "{problems:?}"
        );
        let entries = std::fs::read_dir(root.path().join("31-a")).unwrap().count();
        assert_eq!(entries, 3, "no temporary directory is left");
    }
}
