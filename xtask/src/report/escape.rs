//! Making a submission's text harmless for whoever reads a report.

use crate::run::failure::clean;

/// Text for HTML, between tags or in a quoted attribute.
pub fn html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in clean(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            character => escaped.push(character),
        }
    }
    escaped
}

/// Text whose lines may be printed into the log of a CI job.
///
/// A runner takes `::name::` at the start of a line, and `##[name]` anywhere, for a command to itself: to hide
/// text, to stop reading, to set a variable. A backslash in front ends that, in plain sight.
pub fn log(text: &str) -> String {
    let defuse = |line: &str| {
        let start = line.len() - line.trim_start().len();
        let (indent, rest) = line.split_at(start);
        let is_command = rest.strip_prefix("::").is_some_and(|rest| rest.contains("::"));
        let mark = if is_command { "\\" } else { "" };
        format!("{indent}{mark}{}", rest.replace("##[", "##\\["))
    };
    clean(text).split('\n').map(defuse).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_has_no_way_out_of_text_or_attribute() {
        assert_eq!(
            html("<a b='c' d=\"e\">&\u{1b}"),
            "&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;\\u{1b}"
        );
    }

    #[test]
    fn a_runner_finds_no_command() {
        assert_eq!(
            log("a\n  ::error::x\nb ##[group]c"),
            "a\n  \\::error::x\nb ##\\[group]c"
        );
    }

    #[test]
    fn an_address_is_left_alone() {
        assert_eq!(log("::1\n\n[::1]:80\n"), "::1\n\n[::1]:80\n");
    }
}
