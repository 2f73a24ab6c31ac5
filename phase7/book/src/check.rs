//! Holds the links of the Markdown against the pages that were rendered from it.
//!
//! | a link to | holds when |
//! |---|---|
//! | a page, `setup.md#tools` | the page is rendered, and its text has the anchor |
//! | this page, `#tools` | its text has the anchor |
//! | another file of the book | it stands among the pages |
//! | a file of the repository | it stands in the tree |
//! | `https://…` | it could be an address; nobody asks the network |

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::links::{self, Link};

/// One dead link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The Markdown file, from the root of the repository.
    pub file: PathBuf,
    /// The line in it, from 1.
    pub line: usize,
    /// The link, as it is written.
    pub target: String,
    /// What is wrong with it.
    pub why: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            line,
            target,
            why,
        } = self;
        write!(formatter, "{}:{line}: {target}: {why}", file.display())
    }
}

/// Checks every Markdown file below `text` against `pages`, both in `repository`.
///
/// # Errors
/// When a file cannot be read.
pub fn check(text: &Path, pages: &Path, repository: &Path) -> Result<Vec<Fault>> {
    let mut checker = Checker {
        text,
        pages,
        repository,
        anchors: BTreeMap::new(),
    };
    let mut files = Vec::new();
    markdown_files(text, &mut files)?;
    let mut faults = Vec::new();
    for file in files {
        let content =
            std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        for link in links::links(&content) {
            if let Err(why) = checker.link(&file, &link) {
                faults.push(Fault {
                    file: file.strip_prefix(repository).unwrap_or(&file).to_owned(),
                    line: link.line,
                    target: link.target,
                    why,
                });
            }
        }
    }
    Ok(faults)
}

/// The Markdown files below `directory`, sorted.
fn markdown_files(directory: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries =
        std::fs::read_dir(directory).with_context(|| format!("cannot read {}", directory.display()))?;
    let mut paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<Vec<_>>>()
        .with_context(|| format!("cannot read {}", directory.display()))?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            markdown_files(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "md") {
            files.push(path);
        }
    }
    Ok(())
}

/// What is known of the pages.
struct Checker<'a> {
    text: &'a Path,
    pages: &'a Path,
    repository: &'a Path,
    /// The anchors of each page that was asked for; nothing for one that is not rendered.
    anchors: BTreeMap<PathBuf, Option<BTreeSet<String>>>,
}

impl Checker<'_> {
    /// Whether `link` of the Markdown file `from` holds, or why not.
    fn link(&mut self, from: &Path, link: &Link) -> Result<(), String> {
        let target = link.target.as_str();
        if links::has_scheme(target) {
            return address(target);
        }
        if target.is_empty() {
            return Err("it leads nowhere".to_owned());
        }
        let (path, anchor) = match target.split_once('#') {
            Some((path, anchor)) => (path, Some(anchor)),
            None => (target, None),
        };
        let file = if path.is_empty() {
            from.to_owned()
        } else {
            self.resolve(from, path)?
        };
        let Ok(within) = file.strip_prefix(self.text) else {
            return self.repository_file(&file, anchor, link.is_inline);
        };
        if within.extension().is_some_and(|extension| extension == "md") {
            return self.page(within, anchor);
        }
        match (self.pages.join(within).is_file(), anchor) {
            (true, None) => Ok(()),
            (true, Some(_)) => Err("only a page has anchors".to_owned()),
            (false, _) => Err("there is no such file in the book".to_owned()),
        }
    }

    /// The file that `path` leads to from the file `from`.
    fn resolve(&self, from: &Path, path: &str) -> Result<PathBuf, String> {
        let directory = from
            .parent()
            .and_then(|directory| directory.strip_prefix(self.repository).ok())
            .ok_or("its file is not in the repository")?;
        links::normal(&directory.join(path))
            .map(|file| self.repository.join(file))
            .ok_or_else(|| "it leads out of the repository".to_owned())
    }

    fn repository_file(&self, file: &Path, anchor: Option<&str>, is_inline: bool) -> Result<(), String> {
        if !file.exists() {
            return Err("there is no such file in the repository".to_owned());
        }
        if anchor.is_some() {
            return Err("a browser shows a file of the repository as plain text, without anchors".to_owned());
        }
        if !is_inline {
            return Err("a link out of the book is written in place: [text](target)".to_owned());
        }
        Ok(())
    }

    fn page(&mut self, within: &Path, anchor: Option<&str>) -> Result<(), String> {
        let page = self.pages.join(within).with_extension("html");
        let anchors = self
            .anchors
            .entry(page.clone())
            .or_insert_with(|| std::fs::read_to_string(page).ok().map(|html| anchors(&html)));
        let Some(anchors) = anchors else {
            return Err("there is no such page, or SUMMARY.md does not name it".to_owned());
        };
        match anchor {
            Some(anchor) if !anchors.contains(anchor) => Err(format!("its page has no anchor {anchor:?}")),
            _ => Ok(()),
        }
    }
}

/// The anchors in the text of a page; those of the frame around it are nobody's target.
fn anchors(html: &str) -> BTreeSet<String> {
    let text = html.split_once("<main>").map_or(html, |(_, rest)| rest);
    let text = text.split_once("</main>").map_or(text, |(text, _)| text);
    let tags = text.split('<').filter_map(|tag| tag.split('>').next());
    tags.filter_map(|tag| tag.split_once(" id=\"")?.1.split('"').next())
        .map(str::to_owned)
        .collect()
}

/// Whether an address has a shape that a browser could follow.
fn address(target: &str) -> Result<(), String> {
    let Some(rest) = target
        .strip_prefix("https://")
        .or_else(|| target.strip_prefix("http://"))
    else {
        return Err("only http and https lead anywhere from here".to_owned());
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-.:".contains(letter);
    let parts_are_whole = host.split('.').all(|part| !part.is_empty());
    if !host.contains('.') || !parts_are_whole || !host.chars().all(plain) {
        return Err(format!("{host:?} is no host"));
    }
    if rest
        .chars()
        .any(|letter| letter.is_whitespace() || letter.is_control())
    {
        return Err("an address has no blanks".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A repository with a book of two pages and a file beside it; the faults of `extra`, put into the first page.
    fn faults(extra: &str) -> Vec<String> {
        let directory = tempfile::tempdir().expect("a temporary directory can be made");
        let root = directory.path();
        let write = |path: &str, content: &str| {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().expect("a file has a parent")).expect("it can be made");
            std::fs::write(path, content).expect("it can be written");
        };
        let config = include_str!("../book.toml").replace("additional-css", "# ");
        write("phase7/book/book.toml", &config);
        write(
            "phase7/book/text/SUMMARY.md",
            "# Summary\n\n- [One](one.md)\n- [Two](two.md)\n",
        );
        write(
            "phase7/book/text/one.md",
            &format!("# One\n\n## Same here\n\n{extra}\n"),
        );
        write(
            "phase7/book/text/two.md",
            "# Two\n\n## How it ends: well\n\n![A](drawn.svg)\n",
        );
        write(
            "phase7/book/text/drawn.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
        );
        write("phase7/book/text/lost.md", "# In no summary\n");
        write("31-tools/README.md", "# Tools\n");
        let book = root.join("phase7/book");
        let pages = crate::render::render(&book, root).expect("the book can be rendered");
        let faults = check(&book.join("text"), &pages, root).expect("its files can be read");
        faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_leads_somewhere_is_no_fault() {
        let links = "[page](two.md) [anchor](two.md#how-it-ends-well) [here](#same-here) [file](drawn.svg)\n\
            [tree](../../../31-tools/README.md) [folder](../../../31-tools) [web](https://doc.rust-lang.org/std/)";
        assert_eq!(faults(links), Vec::<String>::new());
    }

    #[test]
    fn a_dead_file_is_named_with_file_and_line() {
        assert_eq!(
            faults("text\n\n[x](three.md)"),
            ["phase7/book/text/one.md:7: three.md: there is no such page, or SUMMARY.md does not name it"]
        );
        assert_eq!(
            faults("![x](undrawn.svg)"),
            ["phase7/book/text/one.md:5: undrawn.svg: there is no such file in the book"]
        );
        assert_eq!(
            faults("[x](../../../32-none/README.md)"),
            [
                "phase7/book/text/one.md:5: ../../../32-none/README.md: there is no such file in the repository"
            ]
        );
        assert_eq!(faults("[x](lost.md)").len(), 1, "a file that no page is made of");
    }

    #[test]
    fn a_dead_anchor_is_named_with_file_and_line() {
        assert_eq!(
            faults("[x](two.md#how-it-begins)"),
            ["phase7/book/text/one.md:5: two.md#how-it-begins: its page has no anchor \"how-it-begins\""]
        );
        assert_eq!(faults("[x](#same-there)").len(), 1);
        assert_eq!(
            faults("[x](#mdbook-sidebar)").len(),
            1,
            "the frame has anchors, the text has not"
        );
    }

    #[test]
    fn what_no_page_can_follow_is_a_fault() {
        for link in [
            "[x]()",
            "[x](../../../../a)",
            "[x](ftp://a.b)",
            "[x](https://a)",
            "[x](<https://a.b/c d>)",
        ] {
            assert_eq!(faults(link).len(), 1, "{link}");
        }
        assert_eq!(
            faults("[x][y]\n\n[y]: ../../../31-tools/README.md").len(),
            1,
            "not in place"
        );
    }

    #[test]
    fn pages_ask_the_network_for_nothing() {
        let directory = tempfile::tempdir().expect("a temporary directory can be made");
        let book = directory.path().join("book");
        std::fs::create_dir_all(book.join("text")).expect("it can be made");
        let config = include_str!("../book.toml")
            .replace("additional-css", "# ")
            .replace("../../target/book", "pages");
        std::fs::write(book.join("book.toml"), config).expect("it can be written");
        std::fs::write(book.join("text/SUMMARY.md"), "- [One](one.md)\n").expect("it can be written");
        std::fs::write(book.join("text/one.md"), "# One\n\n```rust\nfn one() {}\n```\n")
            .expect("it can be written");
        let pages = crate::render::render(&book, directory.path()).expect("the book can be rendered");
        let html = std::fs::read_to_string(pages.join("one.html")).expect("the page is there");
        for tag in html.split('<').filter(|tag| !tag.starts_with("a ")) {
            for attribute in ["src=\"", "href=\""] {
                let foreign = [format!("{attribute}http"), format!("{attribute}//")];
                assert!(!foreign.iter().any(|start| tag.contains(start)), "{tag}");
            }
        }
        assert!(
            !html.contains("\"playground\""),
            "such a block makes the page ask for a list of crates"
        );
    }
}
