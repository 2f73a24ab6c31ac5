//! Text of a submission in Markdown: as code, where nothing in it is a link, a picture, a mention or a tag.

use super::cell::one_line;

/// Characters of a text that stands in a line.
const LENGTH_MAX: usize = 300;

/// The text as code, on one line; nothing for nothing.
pub fn code(text: &str) -> String {
    let line = one_line(text);
    let line = match line.char_indices().nth(LENGTH_MAX) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    };
    if line.trim().is_empty() {
        return String::new();
    }
    let runs = line.split(|character| character != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or(0) + 1);
    // A blank keeps a backtick of the text away from the fence; one on each side is no part of the code.
    let blank = if line.starts_with(['`', ' ']) || line.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{blank}{line}{blank}{fence}")
}

/// The text as code in a table, where a bar would end the cell even in code.
pub fn code_cell(text: &str) -> String {
    code(text).replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;
    use pulldown_cmark::{Event, Options, Parser, Tag};

    /// What of a line is code, and whether anything in it is more than text.
    fn rendered(line: &str) -> (Vec<String>, bool) {
        let mut code = Vec::new();
        let mut is_active = false;
        for event in Parser::new_ext(line, Options::all()) {
            match event {
                Event::Code(text) => code.push(text.to_string()),
                Event::Html(_) | Event::InlineHtml(_) => is_active = true,
                Event::Start(Tag::Link { .. } | Tag::Image { .. }) => is_active = true,
                _ => {}
            }
        }
        (code, is_active)
    }

    #[test]
    fn everything_hostile_is_code() {
        for text in [
            "[a](http://evil.example)",
            "![a](x)",
            "<b>",
            "``` ` ``",
            "`a`",
            " a",
            "a\n# b\n::error::c",
        ] {
            let line = format!("Of {} it is.", code(text));
            let (code, is_active) = rendered(&line);
            assert_eq!(code, [text.replace('\n', " ")], "{line}");
            assert!(!is_active && !line.contains('\n'));
        }
        assert_eq!(code(""), "");
    }

    #[test]
    fn a_bar_stays_in_its_cell() {
        let (code, _) = rendered(&format!("| a |\n|---|\n| {} |\n", code_cell("x|y")));
        assert_eq!(code, ["x|y"]);
    }
}
