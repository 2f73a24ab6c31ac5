//! `mutants.toml`: the mutants that no test should see, each with the reason in one line.
//!
//! ```toml
//! [[survivor]]
//! mutant = "src/search.rs: replace < with <= in f"
//! line = "while at <= end {"        # where several have that name: a part of the line that is changed, old or new
//! why = "At the end the loop's body does nothing."
//! ```
//!
//! An entry explains every mutant that it names, and each of them must be a survivor: what is gone, or caught by now,
//! is an error, so that the file stays true.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::{Fate, Mutant, patch};
use crate::catalogue;

/// The file, beside the exercise's `Cargo.toml`.
pub const FILE: &str = "mutants.toml";

/// One entry.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Survivor {
    /// As [`Mutant::name`] has it.
    pub mutant: String,
    /// A part of a line that the mutant takes away or puts in.
    pub line: Option<String>,
    /// Why no test can or should see it.
    pub why: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    survivor: Vec<Survivor>,
}

/// The entries of the exercise in `directory`; none when there is no file.
///
/// # Errors
/// When the file cannot be understood, or a reason is not one line.
pub fn load(directory: &Path) -> Result<Vec<Survivor>> {
    let path = directory.join(FILE);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = catalogue::read(&path)?;
    let file: File = toml::from_str(&text).with_context(|| format!("{} cannot be used", path.display()))?;
    for survivor in &file.survivor {
        let lines = survivor.why.trim().lines().count();
        ensure!(
            lines == 1,
            "{}: the reason for {:?} is one line, not {lines}",
            path.display(),
            survivor.mutant
        );
    }
    Ok(file.survivor)
}

impl Survivor {
    /// Whether it speaks of `mutant`.
    fn names(&self, mutant: &Mutant) -> bool {
        self.mutant == mutant.name()
            && self.line.as_deref().is_none_or(|part| {
                let (old, new) = patch::changed(&mutant.diff);
                old.iter().chain(&new).any(|line| line.contains(part))
            })
    }
}

/// What the entries say of the mutants.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Explained {
    /// Each mutant's reason, if it has one.
    pub reasons: Vec<Option<String>>,
    /// What is wrong with the entries.
    pub problems: Vec<String>,
}

/// Holds the entries against what became of the mutants; a fate that is not known yet contradicts nothing.
pub fn explain(survivors: &[Survivor], mutants: &[Mutant], fates: &[Option<Fate>]) -> Explained {
    let mut explained = Explained {
        reasons: vec![None; mutants.len()],
        problems: Vec::new(),
    };
    for survivor in survivors {
        let named: Vec<_> = (0..mutants.len())
            .filter(|index| survivor.names(&mutants[*index]))
            .collect();
        let mut problem = |what: &str| explained.problems.push(format!("{}: {what}", survivor.mutant));
        if named.is_empty() {
            problem("there is no such mutant");
        }
        for index in named {
            let line = mutants[index].line;
            match &fates[index] {
                Some(Fate::Caught { test }) => problem(&format!("line {line}: {test} catches it")),
                Some(Fate::Unviable) => problem(&format!("line {line}: it does not compile")),
                _ if explained.reasons[index].is_some() => problem(&format!("line {line}: explained twice")),
                _ => explained.reasons[index] = Some(survivor.why.trim().to_owned()),
            }
        }
    }
    explained
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mutant(line: usize, new: &str) -> Mutant {
        Mutant {
            file: "src/a.rs".to_owned(),
            line,
            change: "replace + with - in f".to_owned(),
            diff: format!("--- a\n+++ b\n@@ -{line},1 +{line},1 @@\n-x + y + z\n+{new}\n"),
        }
    }

    fn survivor(line: Option<&str>) -> Survivor {
        Survivor {
            mutant: "src/a.rs: replace + with - in f".to_owned(),
            line: line.map(str::to_owned),
            why: "so".to_owned(),
        }
    }

    fn caught() -> Option<Fate> {
        Some(Fate::Caught {
            test: "open::t".to_owned(),
        })
    }

    #[test]
    fn the_line_tells_mutants_of_one_name_apart() {
        let mutants = [mutant(3, "x - y + z"), mutant(3, "x + y - z")];
        let fates = [caught(), Some(Fate::Missed)];
        let explained = explain(&[survivor(Some("y - z"))], &mutants, &fates);
        assert_eq!(explained.reasons, [None, Some("so".to_owned())]);
        assert_eq!(explained.problems, [""; 0]);
        let explained = explain(&[survivor(None)], &mutants, &fates);
        assert_eq!(
            explained.problems,
            ["src/a.rs: replace + with - in f: line 3: open::t catches it"]
        );
    }

    #[test]
    fn what_is_gone_does_not_compile_or_is_said_twice_is_a_problem() {
        let mutants = [mutant(3, "x - y + z")];
        let gone = explain(&[survivor(Some("q"))], &mutants, &[Some(Fate::Missed)]);
        assert!(gone.problems[0].ends_with("there is no such mutant"));
        let unviable = explain(&[survivor(None)], &mutants, &[Some(Fate::Unviable)]);
        assert!(unviable.problems[0].ends_with("it does not compile"));
        let twice = explain(&[survivor(None), survivor(None)], &mutants, &[None]);
        assert!(twice.problems[0].ends_with("explained twice"));
    }

    #[test]
    fn a_reason_is_one_line() {
        let directory = tempfile::tempdir().unwrap();
        let write = |why: &str| {
            let text = format!("[[survivor]]\nmutant = \"m\"\nwhy = \"{why}\"\n");
            std::fs::write(directory.path().join(FILE), text).unwrap();
            load(directory.path())
        };
        assert_eq!(write("It is so.").unwrap().len(), 1);
        assert!(write("It is so.\\nAnd so.").is_err());
        assert!(write("  ").is_err());
    }
}
