//! Relative links in Markdown lead to files that exist, and a brief never leads to its solution.

use std::path::Path;

use pulldown_cmark::{Event, Options, Parser, Tag};

use super::Problem;

/// What is wrong with the links of `file`. The book has a builder that checks its own.
pub fn problems(root: &Path, file: &Path, text: &str) -> Vec<Problem> {
    if file.extension().is_none_or(|extension| extension != "md") || file.starts_with("phase7/book") {
        return Vec::new();
    }
    let mut problems = Vec::new();
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        let (Event::Start(Tag::Link { dest_url, .. }) | Event::Start(Tag::Image { dest_url, .. })) = event
        else {
            continue;
        };
        let line = text[..range.start].matches('\n').count() + 1;
        problems.extend(problem(root, file, &dest_url).map(|what| Problem::at(file, line, what)));
    }
    problems
}

/// What is wrong with one link.
fn problem(root: &Path, file: &Path, link: &str) -> Option<String> {
    let path = link
        .split(['#', '?'])
        .next()
        .unwrap_or_default()
        .replace("%20", " ");
    if path.is_empty() || path.contains("://") || path.starts_with("mailto:") {
        return None;
    }
    if path.starts_with('/') {
        return Some(format!("the link {link} does not start from the file"));
    }
    let directory = file.parent().unwrap_or(Path::new(""));
    if !root.join(directory).join(&path).exists() {
        return Some(format!("the link {link} leads nowhere"));
    }
    let is_brief = root.join(directory).join("tests/open.rs").exists();
    let kept_back = ["solution", "hidden", "wrong"];
    let first = Path::new(&path).iter().find(|part| *part != ".")?;
    (is_brief && kept_back.iter().any(|name| first == *name))
        .then(|| format!("the link {link} leads a learner to what is kept back"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems_of(text: &str) -> Vec<String> {
        let root = tempfile::tempdir().unwrap();
        for name in [
            "31-a/01-b/tests/open.rs",
            "31-a/01-b/solution/README.md",
            "31-a/README.md",
        ] {
            let path = root.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let found = problems(root.path(), Path::new("31-a/01-b/README.md"), text);
        found
            .iter()
            .map(|problem| problem.to_string().replace("31-a/01-b/README.md:", ""))
            .collect()
    }

    #[test]
    fn links_that_lead_somewhere_are_right() {
        let text =
            "[a](../README.md#x), [b](https://example.org/y), [c](#here), [d](tests/open.rs), `[e](gone.md)`";
        assert_eq!(problems_of(text), [""; 0]);
    }

    #[test]
    fn dead_links_are_named_with_their_line() {
        assert_eq!(
            problems_of("x\n\n[a](gone.md)"),
            ["3: the link gone.md leads nowhere"]
        );
        assert_eq!(problems_of("![p](p.png)"), ["1: the link p.png leads nowhere"]);
        assert_eq!(
            problems_of("[a](/x)"),
            ["1: the link /x does not start from the file"]
        );
    }

    #[test]
    fn a_brief_does_not_lead_to_its_solution() {
        let found = problems_of("[a](solution/README.md)");
        assert_eq!(
            found,
            ["1: the link solution/README.md leads a learner to what is kept back"]
        );
    }
}
