//! What a run over mutants has to say: counts by file, each survivor that nobody explained, and the last line.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::Result;
use serde::Serialize;

use super::judge::Judged;
use super::survivor::Explained;
use super::{Fate, Mutant, patch};
use crate::report::style;

/// Caught per cent of viable mutants that an exercise's tests must reach.
pub const CAUGHT_MIN: usize = 90;

/// Mutants by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// All of them.
    pub mutants: usize,
    /// Those that compile.
    pub viable: usize,
    /// Those that a test fails on.
    pub caught: usize,
    /// Survivors that `mutants.toml` explains.
    pub explained: usize,
    /// Survivors that it does not.
    pub survive: usize,
    /// Those that were not run.
    pub not_run: usize,
}

impl Counts {
    fn add(&mut self, fate: Option<&Fate>, is_explained: bool) {
        self.mutants += 1;
        match fate {
            None => self.not_run += 1,
            Some(Fate::Unviable) => {}
            Some(Fate::Caught { .. }) => {
                self.viable += 1;
                self.caught += 1;
            }
            Some(Fate::Missed) => {
                self.viable += 1;
                *(if is_explained {
                    &mut self.explained
                } else {
                    &mut self.survive
                }) += 1;
            }
        }
    }

    /// Caught per cent of viable ones, rounded down; 100 when none is viable.
    pub fn percent(self) -> usize {
        (self.caught * 100).checked_div(self.viable).unwrap_or(100)
    }

    /// Whether the tests are strong enough.
    pub fn is_enough(self) -> bool {
        self.percent() >= CAUGHT_MIN && self.survive == 0 && self.not_run == 0
    }
}

/// One exercise's mutants, judged.
pub struct Report<'a> {
    /// The exercise's directory.
    pub dir: &'a std::path::Path,
    /// The mutants, each with its place in `judged` and `explained`.
    pub mutants: &'a [Mutant],
    /// Which of them this is about.
    pub wanted: &'a [usize],
    /// What became of them.
    pub judged: &'a Judged,
    /// What is said of survivors.
    pub explained: &'a Explained,
}

impl Report<'_> {
    fn count(&self, indices: impl Iterator<Item = usize>) -> Counts {
        let mut counts = Counts::default();
        for index in indices {
            counts.add(
                self.judged.fates[index].as_ref(),
                self.explained.reasons[index].is_some(),
            );
        }
        counts
    }

    /// All that this is about, counted.
    pub fn counts(&self) -> Counts {
        self.count(self.wanted.iter().copied())
    }

    /// Whether all is well.
    pub fn holds(&self) -> bool {
        self.counts().is_enough() && self.explained.problems.is_empty()
    }

    fn survivors(&self) -> impl Iterator<Item = &Mutant> {
        let survives = |index: &&usize| {
            self.judged.fates[**index] == Some(Fate::Missed) && self.explained.reasons[**index].is_none()
        };
        self.wanted
            .iter()
            .filter(survives)
            .map(|index| &self.mutants[*index])
    }

    /// Prints it for people.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, out: &mut impl Write) -> Result<()> {
        let mut files: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for &index in self.wanted {
            files.entry(&self.mutants[index].file).or_default().push(index);
        }
        let width = files.keys().map(|file| file.len()).max().unwrap_or(0);
        for (file, indices) in files {
            let counts = self.count(indices.into_iter());
            writeln!(out, "{file:<width$}  {}", line(counts))?;
        }
        for mutant in self.survivors() {
            let place = format!("{}/solution/{}:{}", self.dir.display(), mutant.file, mutant.line);
            writeln!(out, "\n{place}: {}", mutant.change)?;
            let (old, new) = patch::changed(&mutant.diff);
            writeln!(out, "  {}", change(&old, &new))?;
        }
        writeln!(out)?;
        for problem in &self.explained.problems {
            writeln!(out, "{} {problem}", style::bad("mutants.toml:"))?;
        }
        for (test, why) in &self.judged.left_out {
            writeln!(out, "{} {test}: {why}", style::warn("left out:"))?;
        }
        if self.judged.kept > 0 {
            let count = self.judged.kept;
            writeln!(out, "{count} are known from before: --fresh runs them again")?;
        }
        writeln!(out, "{}", line(self.counts()))?;
        Ok(())
    }

    /// The same as one JSON document.
    pub fn json(&self, name: &str) -> serde_json::Value {
        let mutants: Vec<_> = self
            .wanted
            .iter()
            .map(|&index| {
                let mutant = &self.mutants[index];
                serde_json::json!({
                    "mutant": mutant.name(), "line": mutant.line, "diff": mutant.diff,
                    "result": self.judged.fates[index], "why": self.explained.reasons[index],
                })
            })
            .collect();
        serde_json::json!({
            "exercise": name, "counts": self.counts(), "percent": self.counts().percent(), "holds": self.holds(),
            "kept": self.judged.kept, "left_out": self.judged.left_out, "problems": self.explained.problems,
            "mutants": mutants,
        })
    }
}

/// The counts in one line.
fn line(counts: Counts) -> String {
    let Counts {
        mutants,
        viable,
        caught,
        explained,
        survive,
        not_run,
    } = counts;
    let not_run = if not_run > 0 {
        format!(", {not_run} not run")
    } else {
        String::new()
    };
    format!(
        "{mutants} mutants, {viable} viable, {caught} caught ({} %), {explained} explained, {survive} survive{not_run}",
        counts.percent()
    )
}

/// A change in one line: what stood there, and what stands there now. Of many lines the first is enough to find them.
fn change(old: &[String], new: &[String]) -> String {
    let side = |lines: &[String]| match lines {
        [] => "nothing".to_owned(),
        [line] => line.clone(),
        [line, ..] => format!("{line} …"),
    };
    let new = side(new);
    format!(
        "{}  {}",
        style::bad(&format!("-{}", side(old))),
        style::good(&format!("+{new}"))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(fates: &[(Option<Fate>, bool)]) -> Counts {
        let mut counts = Counts::default();
        for (fate, is_explained) in fates {
            counts.add(fate.as_ref(), *is_explained);
        }
        counts
    }

    fn caught() -> (Option<Fate>, bool) {
        let test = "open::t".to_owned();
        (Some(Fate::Caught { test }), false)
    }

    #[test]
    fn what_does_not_compile_counts_for_nothing() {
        let counts = counts(&[caught(), (Some(Fate::Unviable), false)]);
        assert_eq!(
            line(counts),
            "2 mutants, 1 viable, 1 caught (100 %), 0 explained, 0 survive"
        );
        assert!(counts.is_enough());
    }

    #[test]
    fn an_explanation_is_no_catch() {
        let mut fates = vec![caught(); 8];
        fates.extend([(Some(Fate::Missed), true), (Some(Fate::Missed), true)]);
        assert!(!counts(&fates).is_enough());
        fates.extend(vec![caught(); 10]);
        assert!(counts(&fates).is_enough());
        fates.push((Some(Fate::Missed), false));
        assert!(!counts(&fates).is_enough());
    }

    #[test]
    fn what_was_not_run_proves_nothing() {
        let counts = counts(&[caught(), (None, false)]);
        assert!(line(counts).ends_with("0 survive, 1 not run"));
        assert!(!counts.is_enough());
    }

    #[test]
    fn a_change_is_one_line() {
        let lines = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let text = change(&lines("a b"), &lines("true"));
        assert_eq!(anstream::adapter::strip_str(&text).to_string(), "-a …  +true");
    }
}
