//! The corpus: one file an attack, `xtask/hostile/attacks/NAME.toml`.
//!
//! ```toml
//! attack = "Ends the process with success from the learner's function."
//! exercise = "sums"
//! verdict = "no evidence"
//! points = 0
//! body = "std::process::exit(0);"
//! ```
//!
//! `top` and `body` are put into the exercise's honest answer, as items and as the first statements of its function:
//! what falls through is right. `[files]` stand beside that, or with a `src/lib.rs` in its place, and `[[entry]]` is the
//! whole hand-in, entry by entry, as an archive or a folder may hold it. [`Tokens`](super::ground::Tokens) are replaced everywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use crate::catalogue;

/// The file that an answer stands in.
pub const LIBRARY: &str = "src/lib.rs";

/// One attack, and what it must get.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attack {
    /// The file's name without its ending; also the learner whose submission it is.
    #[serde(skip)]
    pub name: String,
    /// What it does, in a sentence.
    pub attack: String,
    /// The exercise that it hands in.
    pub exercise: String,
    /// The word that each hidden test gets, or words with ` or ` between them.
    ///
    /// Beside the words of a test, `review` for one that is set aside, `refused` for one that is not taken, and
    /// `nothing` for one in which nothing was found to grade.
    pub verdict: String,
    /// What the exercise earns, exactly.
    pub points: u32,
    /// A text that stands in the refusal, the compiler's error, the reasons for review or a failure.
    pub says: Option<String>,
    /// A text that stands nowhere in what the report says about it.
    pub never: Option<String>,
    /// The form in which it is handed in.
    #[serde(default)]
    pub form: Form,
    /// Items that are put into the honest answer.
    #[serde(default)]
    pub top: String,
    /// Statements that the honest answer begins with.
    #[serde(default)]
    pub body: String,
    /// More files of the exercise, or with `src/lib.rs` in place of the honest answer.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// All that is handed in, when sources alone do not tell.
    #[serde(default, rename = "entry")]
    pub entries: Vec<Entry>,
}

/// The form of a hand-in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub enum Form {
    /// A folder in the class's folder.
    #[default]
    #[serde(rename = "directory")]
    Directory,
    /// A ZIP archive.
    #[serde(rename = "zip")]
    Zip,
    /// A tar archive under gzip.
    #[serde(rename = "tar.gz")]
    TarGz,
    /// A tar archive under Zstandard.
    #[serde(rename = "tar.zst")]
    TarZst,
    /// A Git repository with one commit.
    #[serde(rename = "git")]
    Git,
}

/// One entry of a hand-in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its path, as it is written into the archive; `{n}` is the number of the copy.
    pub name: String,
    /// What it is.
    #[serde(default)]
    pub kind: EntryKind,
    /// Where a link leads.
    #[serde(default)]
    pub target: String,
    /// What a file holds; `HONEST` is the exercise's honest answer.
    #[serde(default)]
    pub text: String,
    /// How many times a file holds it.
    #[serde(default = "once")]
    pub repeat: u64,
    /// How many entries of this kind there are.
    #[serde(default = "once")]
    pub copies: u64,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    /// A regular file.
    #[default]
    File,
    /// A directory.
    Dir,
    /// A symbolic link.
    Symlink,
    /// A hard link.
    Hardlink,
    /// A named pipe.
    Fifo,
    /// A character device: `/dev/zero`.
    Device,
}

fn once() -> u64 {
    1
}

impl Entry {
    /// A regular file.
    pub fn file(name: &str, text: String) -> Self {
        Self {
            name: name.to_owned(),
            kind: EntryKind::File,
            target: String::new(),
            text,
            repeat: 1,
            copies: 1,
        }
    }
}

/// What [`Attack::verdict`] may say beside the words of a test.
pub const OWN_WORDS: [&str; 3] = ["review", "refused", "nothing"];

/// The words of a test's verdict, as reports print them.
const WORDS: [&str; 8] = [
    "passed",
    "failed",
    "no evidence",
    "timed out",
    "out of memory",
    "too much output",
    "does not compile",
    "killed by ",
];

impl Attack {
    /// The words that are right.
    pub fn verdicts(&self) -> impl Iterator<Item = &str> {
        self.verdict.split(" or ")
    }

    fn check(&self, exercises: &BTreeSet<&str>) -> Result<()> {
        ensure!(
            exercises.contains(self.exercise.as_str()),
            "there is no exercise {:?}",
            self.exercise
        );
        for word in self.verdicts() {
            let known = OWN_WORDS.contains(&word)
                || WORDS
                    .iter()
                    .any(|known| word == *known || known.ends_with(' ') && word.starts_with(known));
            ensure!(known, "{word:?} is no verdict");
        }
        let has_parts = !self.top.is_empty() || !self.body.is_empty();
        let has_answer = self.files.contains_key(LIBRARY);
        let ways = [!self.entries.is_empty(), has_answer, has_parts];
        if ways.iter().filter(|used| **used).count() != 1 {
            bail!("it holds one of `top` and `body`, a {LIBRARY:?} under `[files]`, or `[[entry]]`");
        }
        Ok(())
    }
}

/// The attacks in `directory`, sorted by name; each names one of `exercises`.
///
/// # Errors
/// When one cannot be read or understood; the message names the file.
pub fn load(directory: &Path, exercises: &BTreeSet<&str>) -> Result<Vec<Attack>> {
    let mut attacks = Vec::new();
    let entries =
        std::fs::read_dir(directory).with_context(|| format!("cannot read {}", directory.display()))?;
    for entry in entries {
        let path = entry
            .with_context(|| format!("cannot read {}", directory.display()))?
            .path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let attack = parse(&catalogue::read(&path)?, name, exercises);
        attacks.push(attack.with_context(|| format!("{} cannot be used", path.display()))?);
    }
    attacks.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(attacks)
}

fn parse(text: &str, name: String, exercises: &BTreeSet<&str>) -> Result<Attack> {
    let mut attack: Attack = toml::from_str(text)?;
    attack.name = name;
    attack.check(exercises)?;
    Ok(attack)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str = "attack = \"a\"\nexercise = \"sums\"\nverdict = \"no evidence\"\npoints = 0\n";

    fn parsed(rest: &str) -> Result<Attack, String> {
        let text = format!("{PLAIN}{rest}");
        parse(&text, "a".to_owned(), &BTreeSet::from(["sums"])).map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn one_way_of_handing_in_is_asked_for() {
        assert!(parsed("body = \"loop {}\"\n").is_ok());
        assert!(parsed("").unwrap_err().contains("holds one of"));
        assert!(parsed("body = \"loop {}\"\n[files]\n\"build.rs\" = \"\"\n").is_ok());
        assert!(
            parsed("body = \"loop {}\"\n[files]\n\"src/lib.rs\" = \"\"\n")
                .unwrap_err()
                .contains("holds one of")
        );
    }

    #[test]
    fn a_slip_in_a_key_or_a_word_is_named() {
        assert!(parsed("bdy = \"\"\n").unwrap_err().contains("bdy"));
        let text = PLAIN.replace("no evidence", "no evidence or killed by SIGSEGV or ok");
        let error = parse(
            &format!("{text}body = \"x\"\n"),
            "a".to_owned(),
            &BTreeSet::from(["sums"]),
        );
        assert_eq!(error.unwrap_err().to_string(), "\"ok\" is no verdict");
        let error = parse(
            &format!("{PLAIN}body = \"x\"\n"),
            "a".to_owned(),
            &BTreeSet::new(),
        );
        assert_eq!(error.unwrap_err().to_string(), "there is no exercise \"sums\"");
    }

    #[test]
    fn the_corpus_can_be_used_and_is_large() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("hostile/attacks");
        let exercises = BTreeSet::from(["sums", "swap", "greet", "probe"]);
        let attacks = load(&directory, &exercises).unwrap();
        assert!(attacks.len() >= 60, "{}", attacks.len());
        for attack in attacks {
            let named = attack
                .name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'-');
            assert!(named && attack.attack.ends_with(['.', '!']), "{}", attack.name);
        }
    }
}
