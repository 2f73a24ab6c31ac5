//! The proof that nothing of what was left out is in the copy.
//!
//! It reads the finished copy from disk and trusts no list of what was copied: a line of a left-out file may be in
//! it only if it stands in a file that is meant to be read ([`Part::Open`](super::part::Part::Open)), as
//! signatures, a brief's examples and what both test files say do.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use walkdir::WalkDir;

/// Characters from which a line is telling: a shorter one, `return None;`, stands everywhere.
const TELLING: usize = 24;

/// Holds the copy against the files that were left out; both lists are paths below `root`. Returns how many lines
/// were looked for.
///
/// # Errors
/// When one is found; the message names where it stands and where it comes from.
pub fn hold(root: &Path, left_out: &[PathBuf], open: &[PathBuf], copy: &Path) -> Result<usize> {
    let mut public = HashSet::new();
    for file in open {
        public.extend(telling(&read(&root.join(file))?).map(|(_, line)| line.to_owned()));
    }
    let mut kept_back: HashMap<String, &Path> = HashMap::new();
    for file in left_out {
        for (_, line) in telling(&read(&root.join(file))?) {
            if !public.contains(line) {
                kept_back.entry(line.to_owned()).or_insert(file);
            }
        }
    }
    for entry in WalkDir::new(copy).sort_by_file_name() {
        let entry = entry.with_context(|| format!("cannot read {}", copy.display()))?;
        if !entry.file_type().is_file() {
            continue;
        }
        let text = read(entry.path())?;
        if let Some((number, source)) =
            telling(&text).find_map(|(number, line)| Some((number, kept_back.get(line)?)))
        {
            let place = entry.path().strip_prefix(copy).context("walked below the copy")?;
            bail!(
                "{}:{number} is a line of {}, which learners do not get",
                place.display(),
                source.display()
            );
        }
    }
    Ok(kept_back.len())
}

/// The telling lines of a text, trimmed, with their numbers from 1.
fn telling(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim()));
    lines.filter(|(_, line)| line.chars().count() >= TELLING)
}

fn read(path: &Path) -> Result<String> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "let answer = table.get(&question)?;";

    fn hold_with(open: &str, copied: &str) -> Result<usize> {
        let root = tempfile::tempdir().unwrap();
        let copy = tempfile::tempdir().unwrap();
        std::fs::write(
            root.path().join("solution.rs"),
            format!("fn short() {{}}\n    {SECRET}\n"),
        )
        .unwrap();
        std::fs::write(root.path().join("brief.md"), open).unwrap();
        std::fs::write(copy.path().join("a.txt"), copied).unwrap();
        hold(
            root.path(),
            &["solution.rs".into()],
            &["brief.md".into()],
            copy.path(),
        )
    }

    #[test]
    fn a_line_of_what_was_left_out_is_found() {
        let error = hold_with("", &format!("\n\t{SECRET}  \n")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "a.txt:2 is a line of solution.rs, which learners do not get"
        );
    }

    #[test]
    fn what_the_brief_says_is_public() {
        assert_eq!(hold_with(SECRET, SECRET).unwrap(), 0);
    }

    #[test]
    fn short_lines_tell_nothing() {
        assert_eq!(hold_with("", "fn short() {}\n").unwrap(), 1);
    }
}
