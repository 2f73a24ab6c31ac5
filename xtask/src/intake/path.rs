//! Names in archives: made into plain relative paths, or refused.

use super::limits::PATH_MAX;
use super::refused::Refused;
use crate::submission::{NAME_MAX, is_litter, shown};

/// Directories that tools fill, and nobody means to hand in. The course's own are among them: backups, and the
/// untouched starters in a learner's copy.
const LITTER: [&str; 12] = [
    ".git",
    ".hg",
    ".svn",
    ".idea",
    ".phase7",
    ".settings",
    ".starters",
    ".vs",
    ".vscode",
    "__MACOSX",
    "node_modules",
    "target",
];

/// The path with `/` between plain names; nothing for the root itself.
///
/// # Errors
/// When it would leave the directory it is unpacked into, or no file system could hold it.
pub fn relative(name: &str) -> Result<Option<String>, Refused> {
    let refuse = |what: &str| Err(Refused::new(format!("{} {what}", shown(name))));
    if name.len() > PATH_MAX {
        return refuse("is too long a path");
    }
    if name.starts_with('/') {
        return refuse("is an absolute path");
    }
    let mut parts = Vec::new();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => return refuse("leads out of its folder"),
            part if part.contains('\0') => return refuse("has a zero byte in its name"),
            part if part.len() > NAME_MAX => return refuse("has too long a name"),
            part if parts.is_empty() && is_drive(part) => return refuse("is an absolute path"),
            part => parts.push(part),
        }
    }
    Ok((!parts.is_empty()).then(|| parts.join("/")))
}

/// The path of an entry of a class's archive: [`relative`] for the learner's folder alone. What a learner wrote below
/// it is theirs to answer for, and stays as it is.
///
/// # Errors
/// When the entry lies in nobody's folder.
pub fn within_class(name: &str) -> Result<Option<String>, Refused> {
    match relative(name) {
        Ok(path) => Ok(path),
        Err(why) => {
            let (top, below) = name.split_once('/').ok_or_else(|| why.clone())?;
            match relative(top) {
                Ok(Some(top)) => Ok(Some(format!("{top}/{below}"))),
                _ => Err(why),
            }
        }
    }
}

/// `C:` and `C:folder`.
fn is_drive(part: &str) -> bool {
    let bytes = part.as_bytes();
    bytes.len() >= 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':'
}

/// Whether a path is, or lies in, what a desktop, an editor or a build leaves behind.
///
/// Below `src`, `target` is a module like any other.
pub fn lies_in_litter(parts: &[&str]) -> bool {
    let sources = parts
        .iter()
        .position(|part| *part == "src")
        .unwrap_or(parts.len());
    let litter = |(at, part): (usize, &&str)| LITTER.contains(part) && !(*part == "target" && at > sources);
    parts.iter().enumerate().any(litter) || parts.last().is_some_and(|name| is_litter(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_lead_elsewhere_are_refused() {
        for name in ["/etc/passwd", "../a", "a/../../b", "a/..", "C:/a", "c:a", "a\0b"] {
            assert!(relative(name).is_err(), "{name:?}");
        }
        assert!(relative(&"x".repeat(NAME_MAX + 1)).is_err());
        assert!(relative(&"x/".repeat(PATH_MAX)).is_err());
    }

    #[test]
    fn in_a_class_only_the_learners_folder_must_be_sound() {
        assert_eq!(within_class("s1/../x").unwrap().as_deref(), Some("s1/../x"));
        assert!(within_class("../s1/x").is_err() && within_class("/s1").is_err());
    }

    #[test]
    fn the_same_place_has_one_name() {
        for name in ["./a//b", "a/b/", "a/./b"] {
            assert_eq!(relative(name).unwrap().as_deref(), Some("a/b"));
        }
        assert_eq!(relative("./").unwrap(), None);
    }

    #[test]
    fn what_tools_leave_behind_is_litter() {
        let litter = |path: &str| lies_in_litter(&path.split('/').collect::<Vec<_>>());
        for path in [
            "__MACOSX/a/src/lib.rs",
            "a/.git/config",
            "target/debug/x",
            "a/src/._lib.rs",
            "a/.DS_Store",
            "src/.git/x",
            ".starters/31-one/01-alpha/src/lib.rs",
            ".phase7/backup/alpha-1/src/lib.rs",
        ] {
            assert!(litter(path), "{path}");
        }
        assert!(!litter("a/src/target/mod.rs") && !litter("a/src/lib.rs") && !litter("a/Cargo.toml"));
    }
}
