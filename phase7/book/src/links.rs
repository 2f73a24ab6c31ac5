//! The links of a Markdown text: where each stands, and where it leads.

use std::ops::Range;
use std::path::{Component, Path, PathBuf};

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag};

/// One link or image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The line in its file, from 1.
    pub line: usize,
    /// Where it leads, as it is written.
    pub target: String,
    /// Whether it is written in place, `[text](target)`.
    pub is_inline: bool,
    /// The bytes of the text from its first bracket to its last.
    range: Range<usize>,
}

/// The links of `text`, in order.
pub fn links(text: &str) -> Vec<Link> {
    let parser = Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES);
    parser
        .into_offset_iter()
        .filter_map(|(event, range)| {
            let Event::Start(
                Tag::Link {
                    link_type, dest_url, ..
                }
                | Tag::Image {
                    link_type, dest_url, ..
                },
            ) = event
            else {
                return None;
            };
            Some(Link {
                line: text[..range.start].matches('\n').count() + 1,
                target: dest_url.into_string(),
                is_inline: link_type == LinkType::Inline,
                range,
            })
        })
        .collect()
}

/// `text` with each inline target replaced for which `replace` has another one.
pub fn replace(text: &str, mut replace: impl FnMut(&str) -> Option<String>) -> String {
    let mut replaced = text.to_owned();
    // From the last to the first, so that the places of those still to come stay right.
    for link in links(text).iter().rev().filter(|link| link.is_inline) {
        let Some(target) = replace(&link.target) else {
            continue;
        };
        let written = format!("]({}", link.target);
        if let Some(at) = text[link.range.clone()].rfind(&written) {
            let start = link.range.start + at + "](".len();
            replaced.replace_range(start..start + link.target.len(), &target);
        }
    }
    replaced
}

/// Whether a target is an address of its own, as `https://…` is.
pub fn has_scheme(target: &str) -> bool {
    target.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || "+.-".contains(letter))
    })
}

/// `path` without `.` and `..`; nothing when it leads above the start.
pub fn normal(path: &Path) -> Option<PathBuf> {
    let mut parts = PathBuf::new();
    for component in path.components() {
        match component {
            Component::Normal(part) => parts.push(part),
            Component::CurDir => {}
            Component::ParentDir if parts.pop() => {}
            _ => return None,
        }
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_with_their_lines_and_code_is_left_alone() {
        let text =
            "# A\n\n[b](c.md#d) and\n![e](f.svg)\n\n    [no](link)\n\n`[no](link)`\n\n[g][h]\n\n[h]: i.md\n";
        let found: Vec<_> = links(text)
            .into_iter()
            .map(|link| (link.line, link.target, link.is_inline))
            .collect();
        assert_eq!(
            found,
            [
                (3, "c.md#d".to_owned(), true),
                (4, "f.svg".to_owned(), true),
                (10, "i.md".to_owned(), false)
            ]
        );
    }

    #[test]
    fn only_the_target_is_replaced() {
        let text = "[a.md](a.md) [b](b.md) [`a.md`](a.md)";
        let replaced = replace(text, |target| {
            (target == "a.md").then(|| "longer.html".to_owned())
        });
        assert_eq!(replaced, "[a.md](longer.html) [b](b.md) [`a.md`](longer.html)");
    }

    #[test]
    fn a_path_does_not_lead_above_its_start() {
        assert_eq!(normal(Path::new("a/./b/../c")), Some("a/c".into()));
        assert_eq!(normal(Path::new("a/../../c")), None);
        assert_eq!(normal(Path::new("/c")), None);
    }

    #[test]
    fn a_scheme_is_told_from_a_path() {
        assert!(has_scheme("https://a.b") && has_scheme("mailto:a@b"));
        assert!(!has_scheme("a/b:c.md") && !has_scheme("a.md#b"));
    }
}
