//! What a submission may contain beside `src/**/*.rs`: the globs of an exercise's manifest.
//!
//! `*` and `?` stand for characters within a name, `**` for any number of directories. A pattern's first part is a
//! plain name, and none of those that belong to the grader: no pattern can hand over a manifest or a test.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};

/// What stands beside `src/` in an exercise and is never a learner's.
const OWNED: [&str; 13] = [
    ".cargo",
    "Cargo.lock",
    "Cargo.toml",
    "README.md",
    "benches",
    "build.rs",
    "hidden",
    "main.rs",
    "mutants.toml",
    "solution",
    "src",
    "tests",
    "wrong",
];

/// The further files that an exercise takes.
#[derive(Debug, Clone, Default)]
pub struct Allowed {
    patterns: Vec<String>,
}

impl Allowed {
    /// Reads the patterns of a manifest.
    ///
    /// # Errors
    /// When one could name a file that is the grader's.
    pub fn new(patterns: Vec<String>) -> Result<Self> {
        for pattern in &patterns {
            let parts: Vec<_> = pattern.split('/').collect();
            let plain = parts
                .iter()
                .all(|part| !part.is_empty() && *part != "." && *part != "..");
            ensure!(plain, "submit: {pattern:?} is no path within the exercise");
            let root = parts[0];
            ensure!(
                !root.contains(['*', '?', '\\']),
                "submit: the first part of {pattern:?} must be a plain name"
            );
            ensure!(
                !OWNED.contains(&root),
                "submit: {pattern:?} names what is not the learner's"
            );
        }
        Ok(Self { patterns })
    }

    /// Whether a submission may contain `path`, relative to the exercise.
    pub fn has(&self, path: &str) -> bool {
        let is_source = path.strip_prefix("src/").is_some_and(is_rust);
        is_source || self.has_further(path)
    }

    /// Whether a pattern names `path`, and none a directory above it: what can be a file is never a directory.
    pub fn has_further(&self, path: &str) -> bool {
        let parts: Vec<_> = path.split('/').collect();
        let named = |parts: &[&str]| {
            let matches = |pattern: &String| path_matches(&pattern.split('/').collect::<Vec<_>>(), parts);
            self.patterns.iter().any(matches)
        };
        named(&parts) && !(1..parts.len()).any(|end| named(&parts[..end]))
    }

    /// The names beside `src` that are worth looking into.
    pub fn roots(&self) -> BTreeSet<&str> {
        self.patterns
            .iter()
            .filter_map(|pattern| pattern.split('/').next())
            .collect()
    }
}

/// Whether the last part of a path is the name of a Rust source.
fn is_rust(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".rs").is_some_and(|stem| !stem.is_empty())
}

fn path_matches(pattern: &[&str], path: &[&str]) -> bool {
    match (pattern, path) {
        ([], []) => true,
        (["**", rest @ ..], _) => {
            path_matches(rest, path)
                || path
                    .split_first()
                    .is_some_and(|(_, below)| path_matches(pattern, below))
        }
        ([first, rest @ ..], [name, below @ ..]) => {
            name_matches(first.as_bytes(), name.as_bytes()) && path_matches(rest, below)
        }
        _ => false,
    }
}

/// Matches one name. After a mismatch the last `*` takes one byte more: that is enough, and never exponential.
fn name_matches(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut matched) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while at < name.len() {
        match pattern.get(matched) {
            Some(b'*') => {
                star = Some((matched, at));
                matched += 1;
            }
            Some(byte) if *byte == b'?' || *byte == name[at] => {
                matched += 1;
                at += 1;
            }
            _ => {
                let Some((pattern_at, name_at)) = star else {
                    return false;
                };
                star = Some((pattern_at, name_at + 1));
                matched = pattern_at + 1;
                at = name_at + 1;
            }
        }
    }
    pattern[matched..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(pattern: &str) -> Allowed {
        Allowed::new(vec![pattern.to_owned()]).unwrap()
    }

    #[test]
    fn globs_match_as_a_shell_does() {
        for (pattern, path, expected) in [
            ("config/*.toml", "config/a.toml", true),
            ("config/*.toml", "config/a/b.toml", false),
            ("config/*.toml", "config/a.tomlx", false),
            ("data/**/*.bin", "data/a.bin", true),
            ("data/**/*.bin", "data/x/y/a.bin", true),
            ("data/**/*.bin", "other/a.bin", false),
            ("data/?-*a*b", "data/1-xaxxb", true),
            ("data/?-*a*b", "data/1-xaxx", false),
            ("data/**/*.bin", "data/a.bin/b.bin", false),
            ("memory.x", "memory.x", true),
        ] {
            assert_eq!(allowed(pattern).has(path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn sources_need_no_pattern() {
        let none = Allowed::default();
        assert!(none.has("src/a/b.rs"));
        assert!(!none.has("src/.rs") && !none.has("src/notes.txt") && !none.has("build.rs"));
    }

    #[test]
    fn what_the_grader_owns_cannot_be_handed_over() {
        for pattern in [
            "Cargo.toml",
            "tests/*.rs",
            "../x",
            "/etc/passwd",
            "*.toml",
            "**/x",
            "hidden/a",
            ".cargo/config.toml",
        ] {
            assert!(Allowed::new(vec![pattern.to_owned()]).is_err(), "{pattern}");
        }
    }
}
