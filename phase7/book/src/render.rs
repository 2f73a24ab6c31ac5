//! From Markdown to pages.
//!
//! A link from the book to a file of the repository is written as it leads from the Markdown file, so that it works
//! wherever the repository is browsed. In the rendered page it leads from the page to the same file on the disk:
//!
//! ```text
//! phase7/book/text/a.md    ../../../31-cli-tools/README.md     as written
//! target/book/a.html       ../../31-cli-tools/README.%6Dd      as rendered
//! ```

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use mdbook_driver::MDBook;
use mdbook_driver::config::Config;

use crate::links;

/// Renders the book in `book` and returns the directory of its pages.
///
/// # Errors
/// When a file cannot be read or written, or `book.toml` or `SUMMARY.md` cannot be understood.
pub fn render(book: &Path, repository: &Path) -> Result<PathBuf> {
    // Not `MDBook::load`, which also takes configuration from the environment.
    let config = Config::from_disk(book.join("book.toml"))
        .with_context(|| format!("cannot read {}", book.join("book.toml").display()))?;
    let mut loaded = MDBook::load_with_config(book, config)
        .with_context(|| format!("cannot load the book in {}", book.display()))?;
    let text = relative(&loaded.source_dir(), repository)?;
    let pages = links::normal(&relative(
        &loaded.root.join(&loaded.config.build.build_dir),
        repository,
    )?)
    .context("the pages stand in the repository")?;
    loaded.book.for_each_chapter_mut(|chapter| {
        if let Some(path) = &chapter.source_path {
            chapter.content = with_repository_links(&chapter.content, path, &text, &pages);
        }
    });
    loaded.build().context("cannot render the book")?;
    Ok(repository.join(pages))
}

fn relative(path: &Path, repository: &Path) -> Result<PathBuf> {
    path.strip_prefix(repository)
        .map(Path::to_owned)
        .map_err(|_| anyhow!("{} is not in {}", path.display(), repository.display()))
}

/// The text of `chapter`, a path below `text`, with links out of the book as they lead from its page below `pages`.
fn with_repository_links(content: &str, chapter: &Path, text: &Path, pages: &Path) -> String {
    links::replace(content, |target| {
        if links::has_scheme(target) || target.starts_with(['#', '/']) {
            return None;
        }
        let file = links::normal(&text.join(chapter).parent()?.join(target))?;
        if file.starts_with(text) {
            return None;
        }
        let above = pages.join(chapter).components().count() - 1;
        let path = format!("{}{}", "../".repeat(above), file.to_str()?);
        // mdBook takes every `.md` for a page of its own; a browser reads this as the same name.
        Some(match path.strip_suffix(".md") {
            Some(stem) => format!("{stem}.%6Dd"),
            None => path,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(content: &str, chapter: &str) -> String {
        with_repository_links(
            content,
            Path::new(chapter),
            Path::new("p/book/text"),
            Path::new("target/book"),
        )
    }

    #[test]
    fn a_link_to_the_repository_leads_from_the_page() {
        assert_eq!(
            rendered("[x](../../../a/README.md)", "c.md"),
            "[x](../../a/README.%6Dd)"
        );
        assert_eq!(
            rendered("[x](../../../../a/src/)", "d/c.md"),
            "[x](../../../a/src)"
        );
    }

    #[test]
    fn links_within_the_book_and_to_other_places_stay() {
        let text = "[x](d.md#e) [y](#f) [z](https://example.org/a.md)";
        assert_eq!(rendered(text, "c.md"), text);
    }
}
