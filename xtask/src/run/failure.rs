//! What a failed test says: the panic's place and message, expected and actual, cleaned for people.
//!
//! The text comes from a process that runs a learner's code: it is shown, and never decides anything.

use serde::{Deserialize, Serialize};

/// Characters of a message that are shown.
const MESSAGE_MAX: usize = 4000;

/// The failure of one test.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Failure {
    /// The panic's message, or the end of the output when there was none.
    pub message: String,
    /// Where it panicked: `tests/open.rs:12:5`.
    pub location: Option<String>,
    /// The first place in the learner's own sources that the output names.
    pub source: Option<String>,
    /// The left side of a failed `assert_eq!`: what the code under test gave.
    pub actual: Option<String>,
    /// The right side: what the rule asks for.
    pub expected: Option<String>,
    /// Whether a `todo!` was reached, in the test or in a program that it ran.
    #[serde(default)]
    pub not_yet_implemented: bool,
}

impl Failure {
    /// Reads the output of a test process.
    pub fn find(output: &str) -> Self {
        let output = clean(output);
        let not_yet_implemented = output.contains("not yet implemented");
        let Some((location, body)) = first_panic(&output) else {
            let tail: Vec<_> = output.lines().filter(|line| !is_harness(line)).collect();
            let from = tail.len().saturating_sub(12);
            return Self {
                message: shorten(tail[from..].join("\n").trim()),
                ..Self::default()
            };
        };
        let (message, sides) = split_sides(&body);
        let (actual, expected) = sides.unzip();
        let source = output
            .split_whitespace()
            .map(|word| word.trim_end_matches(':'))
            .find(|word| is_source(word));
        Self {
            message: shorten(&message),
            location: Some(location),
            source: source.map(str::to_owned),
            actual: actual.map(|text| shorten(&text)),
            expected: expected.map(|text| shorten(&text)),
            not_yet_implemented,
        }
    }
}

/// For logs: everything, on as many lines as it takes.
impl std::fmt::Display for Failure {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "  {}", self.message.replace('\n', "\n  "))?;
        let rest = [
            ("at", &self.location),
            ("actual", &self.actual),
            ("expected", &self.expected),
        ];
        for (name, text) in rest {
            if let Some(text) = text {
                write!(formatter, "\n  {name}: {text:?}")?;
            }
        }
        Ok(())
    }
}

/// The first panic in the output: its location, and its message with whatever followed it.
///
/// A message may quote the panic of a program that the test ran; that panic belongs to the message.
fn first_panic(output: &str) -> Option<(String, String)> {
    let mut lines = output.lines();
    let location = lines
        .find_map(|line| line.strip_prefix("thread '")?.split_once(" panicked at "))?
        .1;
    // Behind the test stands libtest's word for it, then its summary.
    let own = lines.take_while(|line| *line != "failures:" && !line.starts_with("test result: "));
    let body = own
        .filter(|line| !is_harness(line))
        .collect::<Vec<_>>()
        .join("\n");
    let body = body.trim();
    let body = body.strip_suffix("FAILED").unwrap_or(body).trim_end();
    Some((location.trim_end_matches(':').to_owned(), body.to_owned()))
}

/// Lines that libtest and the panic machinery add.
fn is_harness(line: &str) -> bool {
    line.starts_with("note: run with `RUST_BACKTRACE")
        || line.starts_with("test result: ")
        || line == "failures:"
        || (line.starts_with("test ") && line.ends_with("... FAILED"))
        || (line.starts_with("running ") && line.ends_with(" test"))
}

/// `src/…​.rs:LINE:COLUMN`, the place of a panic in the learner's own sources.
fn is_source(word: &str) -> bool {
    let Some(at) = word.find(".rs:") else { return false };
    let path = &word[..at];
    let relative = path.rsplit_once("/src/").map_or(path, |(before, _)| before);
    let own = path.starts_with("src/") || relative != path;
    own && !path.contains("/library/") && !path.contains("phase7/src/") && !path.contains("/registry/")
}

/// Takes `left:` and `right:` of a failed `assert_eq!` out of the message.
fn split_sides(body: &str) -> (String, Option<(String, String)>) {
    let Some((head, rest)) = body.split_once("\n  left: ") else {
        return (body.to_owned(), None);
    };
    let Some((left, right)) = rest.split_once("\n right: ") else {
        return (body.to_owned(), None);
    };
    let said = head
        .strip_prefix("assertion `left == right` failed")
        .unwrap_or(head);
    let message = said.trim_start_matches(':').trim();
    let message = if message.is_empty() {
        "the two differ"
    } else {
        message
    };
    (message.to_owned(), Some((unescape(left), unescape(right))))
}

/// The text of a `Debug` string literal; anything else as it is.
fn unescape(text: &str) -> String {
    let text = text.trim_end();
    let Ok(literal) = syn::parse_str::<syn::LitStr>(text) else {
        return text.to_owned();
    };
    clean(&literal.value())
}

/// Text that cannot speak to a terminal, a spreadsheet or a page: control characters other than line feed and
/// tab, and the marks that turn the direction of writing, are shown by name.
pub fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\t' => cleaned.push(character),
            '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{61c}'
            | '\u{feff}' => {
                cleaned.extend(character.escape_unicode());
            }
            character if character.is_control() => cleaned.extend(character.escape_default()),
            character => cleaned.push(character),
        }
    }
    cleaned
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(MESSAGE_MAX) {
        Some((end, _)) => format!("{}\n… (cut)", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_of_an_assertion_are_found() {
        let failure = Failure::find(
            "\nrunning 1 test\n\nthread 'a' (7) panicked at tests/open.rs:12:5:\nassertion `left == right` failed: the lines\n  \
             left: \"0:a\\n\"\n right: \"1:a\\n\"\nnote: run with `RUST_BACKTRACE=1` environment variable\ntest a ... FAILED\n",
        );
        assert_eq!(failure.location.as_deref(), Some("tests/open.rs:12:5"));
        assert_eq!(failure.message, "the lines");
        assert_eq!(failure.actual.as_deref(), Some("0:a\n"));
        assert_eq!(failure.expected.as_deref(), Some("1:a\n"));
    }

    #[test]
    fn a_stub_is_told_from_a_failure_and_names_its_line() {
        let failure = Failure::find(
            "thread 'a' panicked at 31-cli-tools/01-file-search/src/lib.rs:3:9:\nnot yet implemented: split\n",
        );
        assert!(failure.not_yet_implemented);
        assert_eq!(
            failure.source.as_deref(),
            Some("31-cli-tools/01-file-search/src/lib.rs:3:9")
        );
    }

    #[test]
    fn a_message_may_quote_another_panic() {
        let failure = Failure::find(
            "thread 'a' panicked at tests/open.rs:9:1:\nassertion `left == right` failed: the exit code\nstdout: \nstderr: \n\
             thread 'main' panicked at src/lib.rs:3:5:\nnot yet implemented\nnote: run with `RUST_BACKTRACE=1`\n\n  \
             left: 101\n right: 0\nnote: run with `RUST_BACKTRACE=1`\n",
        );
        assert_eq!(
            (failure.actual.as_deref(), failure.expected.as_deref()),
            (Some("101"), Some("0"))
        );
        assert!(
            failure.not_yet_implemented && failure.message.contains("src/lib.rs:3:5"),
            "{failure:?}"
        );
    }

    #[test]
    fn what_libtest_adds_is_no_part_of_a_value() {
        let failure = Failure::find(
            "\nrunning 1 test\ntest a ... \nthread 'a' (1) panicked at tests/open.rs:9:1:\n\
             assertion `left == right` failed: bits\n  left: [true]\n right: [false]\n\
             note: run with `RUST_BACKTRACE=1`\nFAILED\n\nfailures:\n\nfailures:\n    a\n\ntest result: FAILED. 0 passed\n",
        );
        assert_eq!(
            (failure.actual.as_deref(), failure.expected.as_deref()),
            (Some("[true]"), Some("[false]"))
        );
    }

    #[test]
    fn output_cannot_speak_to_the_terminal() {
        let failure = Failure::find("thread 'a' panicked at t.rs:1:1:\n\u{1b}[2Jgone\u{202e}\n");
        assert!(!failure.message.contains(['\u{1b}', '\u{202e}']), "{failure:?}");
    }

    #[test]
    fn without_a_panic_the_last_lines_are_shown() {
        assert_eq!(Failure::find("a\nb\n").message, "a\nb");
    }
}
