//! Making a new exercise known: to Cargo, and to the checklist.

use std::path::Path;

use anyhow::{Context, Result};
use toml_edit::{DocumentMut, Item};

use super::Place;
use crate::catalogue;
use crate::store;

/// Puts the module among the members of the workspace, if its globs are not there yet. Returns whether it did.
///
/// # Errors
/// When the manifest cannot be read or written.
pub fn in_workspace(root: &Path, place: &Place) -> Result<bool> {
    let path = root.join("Cargo.toml");
    let Some(text) = with_members(&catalogue::read(&path)?, &place.module)? else {
        return Ok(false);
    };
    store::write_whole(&path, text.as_bytes())?;
    Ok(true)
}

/// The manifest with the module's globs; none when it has them. A numbered module is matched by a glob for all.
fn with_members(manifest: &str, module: &str) -> Result<Option<String>> {
    if module.starts_with(|first: char| first.is_ascii_digit()) {
        return Ok(None);
    }
    let mut document: DocumentMut = manifest.parse().context("Cargo.toml cannot be parsed")?;
    let members = document
        .get_mut("workspace")
        .and_then(|workspace| workspace.get_mut("members"));
    let members = members
        .and_then(Item::as_array_mut)
        .context("Cargo.toml has no list of members")?;
    let globs = [
        format!("{module}/[0-9][0-9]-*"),
        format!("{module}/[0-9][0-9]-*/solution"),
    ];
    if members.iter().any(|member| member.as_str() == Some(&globs[0])) {
        return Ok(None);
    }
    for glob in globs {
        let mut value = toml_edit::Value::from(glob);
        value.decor_mut().set_prefix("\n    ");
        members.push_formatted(value);
    }
    members.set_trailing("\n");
    members.set_trailing_comma(true);
    Ok(Some(document.to_string()))
}

/// The checklist with the exercise below the first item that speaks of its module; none when no item does.
pub fn in_checklist(text: &str, place: &Place) -> Option<String> {
    let lines: Vec<_> = text.split_inclusive('\n').collect();
    let module = format!("`{}`", place.module);
    let is_item = |line: &str| line.starts_with("- [");
    let first = lines
        .iter()
        .position(|line| is_item(line) && line.contains(&module))?;
    let below = lines[first + 1..]
        .iter()
        .take_while(|line| line.starts_with("  "))
        .count();
    let end = first + 1 + below;
    let entry = format!("  - `{}`\n", place.name);
    Some(
        [&lines[..end], &[entry.as_str()], &lines[end..]]
            .concat()
            .concat(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(module: &str) -> Place {
        Place {
            module: module.to_owned(),
            directory: "05-word-count".to_owned(),
            name: "word-count".to_owned(),
        }
    }

    #[test]
    fn the_first_project_makes_projects_members() {
        let manifest =
            "[workspace]\nmembers = [\n    \"xtask\", # the runner\n    \"[0-9][0-9]-*/[0-9][0-9]-*\",\n]\n";
        let expected = manifest.replace(
            "*\",\n]",
            "*\",\n    \"projects/[0-9][0-9]-*\",\n    \"projects/[0-9][0-9]-*/solution\",\n]",
        );
        assert_eq!(with_members(manifest, "projects").unwrap().unwrap(), expected);
        assert_eq!(with_members(&expected, "projects").unwrap(), None);
        assert_eq!(with_members(manifest, "31-a").unwrap(), None);
    }

    #[test]
    fn the_checklist_names_it_below_its_module() {
        let text = "# C\n\n- [ ] **A**: one exercise of `31-a` at 80 % or more.\n  - `x`\n- [ ] **B**: `x` at 80 % or more.\n";
        let expected = text.replace("  - `x`\n", "  - `x`\n  - `word-count`\n");
        assert_eq!(in_checklist(text, &place("31-a")).unwrap(), expected);
        assert_eq!(in_checklist(text, &place("32-b")), None);
    }
}
