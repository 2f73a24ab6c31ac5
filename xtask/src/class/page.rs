//! The frame of the class's pages: each is one file that needs no other, with the style of the report's page and a
//! little more, and a policy that lets nothing load or run.

use crate::report::escape::html;
use crate::report::html::{CSS, POLICY};

const MORE: &str = include_str!("page.css");

/// How wide a page may be, and whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// As wide as text is read well.
    Text,
    /// The same, for one learner.
    Feedback,
    /// As wide as the window.
    Window,
}

/// A page of `body`, which is HTML already; the title is text.
pub fn page(title: &str, width: Width, body: &str) -> String {
    let class = match width {
        Width::Text => "class-page",
        Width::Feedback => "class-page feedback",
        Width::Window => "class-page wide",
    };
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{}</title>\n<style>\n{CSS}{MORE}</style>\n</head>\n\
         <body class=\"{class}\">\n{body}</body>\n</html>\n",
        html(title),
    )
}

/// A heading's row and rows of a table; cells are HTML already, the first of a row is its heading.
pub fn table(caption: &str, headings: &[&str], rows: &[Vec<String>]) -> String {
    let head: String = headings
        .iter()
        .map(|heading| format!("<th scope=\"col\">{heading}</th>"))
        .collect();
    let row = |row: &Vec<String>| {
        let cells: String = row
            .iter()
            .skip(1)
            .map(|cell| format!("<td>{cell}</td>"))
            .collect();
        let first = row.first().map_or("", String::as_str);
        format!("<tr><th scope=\"row\">{first}</th>{cells}</tr>\n")
    };
    let rows: String = rows.iter().map(row).collect();
    format!(
        "<div class=\"scroll\"><table class=\"figures\">\n<caption>{caption}</caption>\n<thead><tr>{head}</tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table></div>\n"
    )
}

/// A bar of `percent`; what stands beside it says the same in words.
pub fn bar(percent: f64, class: &str) -> String {
    let percent = percent.clamp(0.0, 100.0);
    format!(
        "<span class=\"bar {class}\" aria-hidden=\"true\"><span style=\"width:{percent:.1}%\"></span></span>"
    )
}

/// Markup that may break a long name after its parts.
pub fn name(name: &str) -> String {
    html(name).replace("::", "::<wbr/>").replace('_', "_<wbr/>")
}

#[cfg(test)]
pub mod tests {
    /// That every tag of a page is closed in order, that it loads and runs nothing, and that no control character
    /// or mark of direction is in it.
    pub fn is_sound(page: &str) {
        assert!(page.contains("Content-Security-Policy"));
        for part in [
            "<script", "url(", "@import", "<link", "<img", " src=", " onclick", "<iframe", "href=",
        ] {
            assert!(!page.contains(part), "{part}");
        }
        assert!(!page.contains(['\u{1b}', '\u{202e}', '\r', '\u{0}']));
        let (head, rest) = page.split_once("<style>").unwrap();
        let (_, body) = rest.split_once("</style>").unwrap();
        let mut open = Vec::new();
        for part in (head.to_owned() + body).split('<').skip(1) {
            let name = part.split([' ', '>', '/']).find(|name| !name.is_empty()).unwrap();
            let is_empty = part.split('>').next().unwrap().ends_with('/');
            if part.starts_with('/') {
                assert_eq!(open.pop().as_deref(), Some(name), "in <{part}");
            } else if !["meta", "!doctype"].contains(&name) && !is_empty {
                open.push(name.to_owned());
            }
        }
        assert!(open.is_empty(), "{open:?}");
    }
}
