//! Manifests without what names the left-out files; formatting and comments stay.

use anyhow::{Context, Result};
use toml_edit::{ArrayOfTables, DocumentMut, Item};

/// The workspace's manifest without the solutions among its members.
///
/// # Errors
/// When it cannot be parsed.
pub fn of_workspace(text: &str) -> Result<String> {
    let mut document: DocumentMut = text.parse().context("it cannot be parsed")?;
    let members = document
        .get_mut("workspace")
        .and_then(|workspace| workspace.get_mut("members"));
    if let Some(members) = members.and_then(Item::as_array_mut) {
        members.retain(|member| !member.as_str().is_some_and(|path| path.ends_with("/solution")));
    }
    Ok(document.to_string())
}

/// An exercise's manifest without the hidden tests, their feature, and these benches.
///
/// # Errors
/// When it cannot be parsed.
pub fn of_exercise(text: &str, dropped_benches: &[String]) -> Result<String> {
    let mut document: DocumentMut = text.parse().context("it cannot be parsed")?;
    remove_targets(&mut document, "test", |name| name == "hidden");
    remove_targets(&mut document, "bench", |name| {
        dropped_benches.iter().any(|dropped| dropped == name)
    });
    if let Some(features) = document.get_mut("features").and_then(Item::as_table_mut) {
        features.remove("hidden");
        if features.is_empty() {
            document.remove("features");
        }
    }
    Ok(document.to_string())
}

/// Removes the targets of a kind whose name is wanted out.
fn remove_targets(document: &mut DocumentMut, kind: &str, is_out: impl Fn(&str) -> bool) {
    let Some(targets) = document.get_mut(kind).and_then(Item::as_array_of_tables_mut) else {
        return;
    };
    targets.retain(|target| !target.get("name").and_then(Item::as_str).is_some_and(&is_out));
    if ArrayOfTables::is_empty(targets) {
        document.remove(kind);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solutions_are_no_members() {
        let text = "# Everything.\n[workspace]\nmembers = [\n    \"xtask\", # the runner\n    \"a/*\",\n    \"a/*/solution\",\n]\n\n# Newest.\n[workspace.dependencies]\nlibc = \"0.2\" # C\n";
        let expected = text.replace("    \"a/*/solution\",\n", "");
        assert_eq!(of_workspace(text).unwrap(), expected);
    }

    #[test]
    fn hidden_tests_and_their_benches_are_no_targets() {
        let text = "[package]\nname = \"a\" # kept\n\n[[bin]]\nname = \"a\"\n\n[[test]]\nname = \"hidden\"\npath = \"hidden/hidden.rs\"\n\n[[bench]]\nname = \"one\"\n\n[[bench]]\nname = \"two\"\n\n[features]\nhidden = []\n\n[dependencies]\n";
        let expected = "[package]\nname = \"a\" # kept\n\n[[bin]]\nname = \"a\"\n\n[[bench]]\nname = \"two\"\n\n[dependencies]\n";
        assert_eq!(of_exercise(text, &["one".to_owned()]).unwrap(), expected);
    }

    #[test]
    fn other_features_stay() {
        let text = "[features]\nhidden = []\nsimd = []\n";
        assert_eq!(of_exercise(text, &[]).unwrap(), "[features]\nsimd = []\n");
    }
}
