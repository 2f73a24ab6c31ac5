//! Documents in JSON: the report as the types of [`crate::score`], version [`crate::score::FORMAT`], and the way
//! in which every other JSON document is written.
//!
//! A document often ends up in the log of a CI job, on a terminal or in a page. What would mean something there
//! is written as an escape, which leaves the data as it is: a parser reads the same text.

use anyhow::{Context, Result};
use serde::Serialize;

use crate::score::Report;

/// The report as indented JSON without a final newline.
///
/// # Errors
/// Never in practice: every part of a report is JSON.
pub fn text(report: &Report) -> Result<String> {
    document(report)
}

/// Any value as indented JSON without a final newline, harmless where it is printed.
///
/// # Errors
/// When the value is no JSON, which none of ours is.
pub fn document(value: &impl Serialize) -> Result<String> {
    let text = serde_json::to_string_pretty(value).context("a document is JSON")?;
    let mut quiet = String::with_capacity(text.len());
    for character in text.chars() {
        if speaks_to_a_terminal(character) {
            quiet.push_str(&format!("\\u{:04x}", u32::from(character)));
        } else {
            quiet.push(character);
        }
    }
    // Neither stands outside a string: a runner's command, and the end of a script in a page.
    Ok(quiet.replace("##[", "##\\u005b").replace("</", "<\\/"))
}

/// Control characters that JSON allows as they are, and those that turn the direction of writing or take no room.
fn speaks_to_a_terminal(character: char) -> bool {
    match character {
        '\n' => false,
        '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}' => true,
        character => character.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn what_is_escaped_reads_as_it_was() {
        let hostile = format!("{}\0\u{7f}\u{9b}31m\u{2028}##[group]</script>", fixture::HOSTILE);
        let text = document(&hostile).unwrap();
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), hostile);
        for part in ["##[", "</", "\u{202e}", "\u{9b}", "\u{7f}", "\u{1b}", "\0", "\n"] {
            assert!(!text.contains(part), "{part:?} in {text}");
        }
    }
}
