//! What the course has: modules, exercises, their tests, briefs and wrong solutions.
//!
//! Everything is read from the tree: the order is the directory sort, the tests and their worth come from the
//! pristine sources, the rules from the brief. There is no second list to keep in step.

pub mod brief;
pub mod inventory;
pub mod manifest;
pub mod wrong;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

pub use brief::Brief;
pub use inventory::{Kind, Test};
pub use manifest::Manifest;
pub use wrong::Wrong;

/// Directories that hold exercises beside the numbered modules.
const PROJECTS: &str = "projects";

/// The course as it stands in one workspace.
#[derive(Debug)]
pub struct Course {
    /// The workspace root.
    pub root: PathBuf,
    /// The modules, in the order of their directories.
    pub modules: Vec<Module>,
}

/// One module: a numbered directory, or the capstone projects.
#[derive(Debug)]
pub struct Module {
    /// The directory, which is the module's name: `31-cli-tools`.
    pub name: String,
    /// The title of its README.
    pub title: String,
    /// Its exercises, in the order of their directories.
    pub exercises: Vec<Exercise>,
}

/// One exercise.
#[derive(Debug)]
pub struct Exercise {
    /// The package's name: the directory without its number.
    pub name: String,
    /// The directory, relative to the workspace root.
    pub dir: PathBuf,
    /// What its manifest says to the grader.
    pub manifest: Manifest,
    /// Its brief.
    pub brief: Brief,
    /// Its tests and wires, in file order, open ones first.
    pub tests: Vec<Test>,
}

impl Course {
    /// Reads the course below `root`.
    ///
    /// # Errors
    /// When a manifest, brief or test file cannot be read or understood; the message names the file.
    pub fn load(root: &Path) -> Result<Self> {
        let mut modules = Vec::new();
        for name in directories(root)? {
            if is_numbered(&name) || name == PROJECTS {
                modules.push(Module::load(root, &name)?);
            }
        }
        if modules.is_empty() {
            bail!(
                "{} holds no module: is it the course's workspace?",
                root.display()
            );
        }
        let course = Self {
            root: root.to_owned(),
            modules,
        };
        let mut seen = std::collections::BTreeMap::new();
        for exercise in course.exercises() {
            if let Some(first) = seen.insert(&exercise.name, &exercise.dir) {
                bail!(
                    "two exercises are named {}: {} and {}",
                    exercise.name,
                    first.display(),
                    exercise.dir.display()
                );
            }
        }
        Ok(course)
    }

    /// The course around the current directory, or around the checkout that this program was built in.
    ///
    /// # Errors
    /// As [`Course::load`].
    pub fn here() -> Result<Self> {
        Self::load(&workspace_root()?)
    }

    /// All exercises, in course order.
    pub fn exercises(&self) -> impl Iterator<Item = &Exercise> {
        self.modules.iter().flat_map(|module| &module.exercises)
    }

    /// The exercise called `name`: its package name, its directory, or a path to it.
    ///
    /// # Errors
    /// When there is none; the message names the nearest.
    pub fn exercise(&self, name: &str) -> Result<&Exercise> {
        let wanted = name.trim_end_matches('/');
        let found = self.exercises().find(|exercise| {
            exercise.name == wanted
                || exercise.dir == Path::new(wanted)
                || exercise
                    .dir
                    .file_name()
                    .is_some_and(|directory| directory == wanted)
        });
        found.with_context(|| {
            match nearest(wanted, self.exercises().map(|exercise| exercise.name.as_str())) {
                Some(near) => format!("there is no exercise {name:?}: did you mean {near:?}?"),
                None => format!("there is no exercise {name:?}: `cargo xtask list` names them"),
            }
        })
    }

    /// The exercises that `names` name, in course order: exercises, or modules for all of theirs. No name is all.
    ///
    /// # Errors
    /// When a name is neither.
    pub fn select(&self, names: &[String]) -> Result<Vec<&Exercise>> {
        if names.is_empty() {
            return Ok(self.exercises().collect());
        }
        let mut wanted = std::collections::BTreeSet::new();
        for name in names {
            let name = name.trim_end_matches('/');
            match self.modules.iter().find(|module| module.name == name) {
                Some(module) => wanted.extend(module.exercises.iter().map(|exercise| exercise.name.as_str())),
                None => {
                    wanted.insert(self.exercise(name)?.name.as_str());
                }
            }
        }
        Ok(self
            .exercises()
            .filter(|exercise| wanted.contains(exercise.name.as_str()))
            .collect())
    }
}

impl Module {
    fn load(root: &Path, name: &str) -> Result<Self> {
        let directory = root.join(name);
        let mut exercises = Vec::new();
        for exercise in directories(&directory)? {
            if is_numbered(&exercise) {
                exercises.push(Exercise::load(root, &Path::new(name).join(exercise))?);
            }
        }
        let readme = directory.join("README.md");
        let text = read(&readme)?;
        let title = text
            .lines()
            .find_map(|line| line.strip_prefix("# "))
            .map(str::trim);
        let title = title
            .with_context(|| format!("{} has no title", readme.display()))?
            .to_owned();
        Ok(Self {
            name: name.to_owned(),
            title,
            exercises,
        })
    }

    /// The number that the directory starts with; absent for the projects.
    pub fn number(&self) -> Option<&str> {
        self.name
            .split_once('-')
            .map(|(number, _)| number)
            .filter(|number| number.bytes().all(|b| b.is_ascii_digit()))
    }
}

impl Exercise {
    fn load(root: &Path, dir: &Path) -> Result<Self> {
        let directory = root.join(dir);
        let manifest = Manifest::load(&directory.join("Cargo.toml"))?;
        let short = dir
            .file_name()
            .and_then(|name| name.to_str())
            .and_then(|name| name.split_once('-'));
        let name = short.map_or_else(String::new, |(_, name)| name.to_owned());
        if manifest.package != name {
            bail!(
                "{}/Cargo.toml names the package {:?}; it is {name:?}",
                dir.display(),
                manifest.package
            );
        }
        let brief = Brief::load(&directory.join("README.md"))?;
        let tests = inventory::load(&directory)?;
        Ok(Self {
            name,
            dir: dir.to_owned(),
            manifest,
            brief,
            tests,
        })
    }

    /// The library crate's name.
    pub fn krate(&self) -> String {
        self.name.replace('-', "_")
    }

    /// The number within its module: `01`.
    pub fn number(&self) -> &str {
        let directory = self
            .dir
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        directory.split_once('-').map_or("", |(number, _)| number)
    }

    /// What all its tests are worth.
    pub fn possible(&self) -> u32 {
        self.tests.iter().map(|test| test.points).sum()
    }

    /// Its wrong solutions; none in a learner's copy.
    ///
    /// # Errors
    /// When one cannot be understood.
    pub fn wrongs(&self, root: &Path) -> Result<Vec<Wrong>> {
        wrong::load(&root.join(&self.dir).join("wrong"))
    }
}

/// The workspace around the current directory, or else the one that this program was built in.
///
/// # Errors
/// When neither is there any more.
pub fn workspace_root() -> Result<PathBuf> {
    let here = std::env::current_dir().context("cannot tell the current directory")?;
    let is_root =
        |directory: &&Path| directory.join("xtask/Cargo.toml").is_file() && directory.join("phase7").is_dir();
    if let Some(root) = here.ancestors().find(is_root) {
        return Ok(root.to_owned());
    }
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).parent().filter(is_root);
    built
        .map(Path::to_owned)
        .context("no course here: change into its checkout")
}

/// Reads a file as text.
///
/// # Errors
/// Names the file.
pub fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// The names of the directories in `directory`, sorted.
fn directories(directory: &Path) -> Result<Vec<String>> {
    let entries =
        std::fs::read_dir(directory).with_context(|| format!("cannot read {}", directory.display()))?;
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.with_context(|| format!("cannot read {}", directory.display()))?;
        if entry.path().is_dir()
            && let Ok(name) = entry.file_name().into_string()
        {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// Whether a directory's name is two digits, a dash and a name.
fn is_numbered(name: &str) -> bool {
    let bytes = name.as_bytes();
    bytes.len() > 3 && bytes[0].is_ascii_digit() && bytes[1].is_ascii_digit() && bytes[2] == b'-'
}

/// The name that is most like `wanted`, if any is alike at all.
pub fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let scored = names.map(|name| {
        let likeness = similar::TextDiff::from_chars(wanted, name).ratio();
        (
            name,
            if name.contains(wanted) {
                likeness + 1.0
            } else {
                likeness
            },
        )
    });
    let best = scored.max_by(|left, right| left.1.total_cmp(&right.1));
    best.filter(|(_, likeness)| *likeness > 0.5).map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_finds_its_exercise() {
        let names = ["file-search", "tcp-echo", "blink"];
        assert_eq!(nearest("file-serch", names.into_iter()), Some("file-search"));
        assert_eq!(nearest("echo", names.into_iter()), Some("tcp-echo"));
        assert_eq!(nearest("zzz", names.into_iter()), None);
    }

    #[test]
    fn only_numbered_directories_are_modules() {
        assert!(is_numbered("31-cli-tools"));
        assert!(!is_numbered("xtask"));
        assert!(!is_numbered("31-"));
    }
}
