//! Wrong solutions: small changes to the reference, each with the tests that must notice.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// One plausible mistake, read from `wrong/NAME.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wrong {
    /// The file's name without its ending.
    #[serde(skip)]
    pub name: String,
    /// What the mistake is, in a sentence.
    pub why: String,
    /// The full names of the tests that must fail: `hidden::cut_anywhere`.
    pub fails: Vec<String>,
    /// The changes that make it.
    pub replace: Vec<Replace>,
}

/// One change: a text that stands exactly once in a file of the reference, and what takes its place.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replace {
    /// The file, relative to the solution: `src/search.rs`.
    pub file: String,
    /// The text to find.
    pub find: String,
    /// The text in its place.
    pub with: String,
}

/// The wrong solutions in `directory`, sorted by name; none when there is no such directory.
///
/// # Errors
/// When one cannot be read or understood.
pub fn load(directory: &Path) -> Result<Vec<Wrong>> {
    let Ok(entries) = std::fs::read_dir(directory) else {
        return Ok(Vec::new());
    };
    let mut wrongs = Vec::new();
    for entry in entries {
        let path = entry
            .with_context(|| format!("cannot read {}", directory.display()))?
            .path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let text = super::read(&path)?;
        let mut wrong: Wrong =
            toml::from_str(&text).with_context(|| format!("{} cannot be used", path.display()))?;
        wrong.name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        wrongs.push(wrong);
    }
    wrongs.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(wrongs)
}

impl Wrong {
    /// Makes the mistake in the files of the reference.
    ///
    /// # Errors
    /// When a text to replace does not stand exactly once in its file.
    pub fn apply(&self, files: &mut std::collections::BTreeMap<String, Vec<u8>>) -> Result<()> {
        for replace in &self.replace {
            let name = &replace.file;
            let bytes = files
                .get_mut(name)
                .with_context(|| format!("wrong/{}: there is no {name}", self.name))?;
            let text = String::from_utf8_lossy(bytes).into_owned();
            let count = text.matches(&replace.find).count();
            if count != 1 {
                bail!(
                    "wrong/{}: the text to replace stands {count} times in {name}, not once",
                    self.name
                );
            }
            *bytes = text.replacen(&replace.find, &replace.with, 1).into_bytes();
        }
        Ok(())
    }
}
