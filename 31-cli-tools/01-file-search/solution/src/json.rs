//! JSON lines: one object for each line told, as the brief draws it.

use std::io::{self, Write};

use serde::Serialize;

use crate::lines;
use crate::matcher::Matcher;
use crate::search::{Line, LineKind, Sink};

/// One line of output. The order of the fields is the order in the object.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Record<'a> {
    Match(Text<'a>),
    Context(Text<'a>),
    Binary { path: &'a str },
}

/// A line of the source.
#[derive(Debug, Serialize)]
struct Text<'a> {
    path: &'a str,
    line_number: u64,
    offset: u64,
    #[serde(flatten)]
    content: Content<'a>,
    matches: Vec<Span>,
}

/// JSON strings are Unicode; other content is given in hexadecimal digits, so that nothing is lost.
#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase")]
enum Content<'a> {
    Text(&'a str),
    Bytes(String),
}

/// Bytes of the content.
#[derive(Debug, Serialize)]
struct Span {
    start: usize,
    end: usize,
}

/// Prints the lines of one source as JSON.
#[derive(Debug)]
pub struct JsonPrinter<'a, W> {
    /// Absent when lines that do not match are selected.
    matcher: Option<&'a Matcher>,
    path: &'a str,
    out: W,
    eager: bool,
}

impl<'a, W: Write> JsonPrinter<'a, W> {
    /// A printer of the source at `path`. With a matcher it tells the matches of the selected lines.
    pub fn new(matcher: Option<&'a Matcher>, path: &'a str, out: W, eager: bool) -> Self {
        Self {
            matcher,
            path,
            out,
            eager,
        }
    }

    /// Says that a binary source has a selected line.
    ///
    /// # Errors
    /// What writing returns.
    pub fn binary(&mut self) -> io::Result<()> {
        self.record(&Record::Binary { path: self.path })
    }

    fn record(&mut self, record: &Record<'_>) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, record)?;
        self.out.write_all(b"\n")
    }
}

impl<W: Write> Sink for JsonPrinter<'_, W> {
    fn line(&mut self, line: &Line<'_>) -> io::Result<()> {
        let bytes = lines::content(line.bytes);
        let content = match std::str::from_utf8(bytes) {
            Ok(text) => Content::Text(text),
            Err(_) => Content::Bytes(bytes.iter().map(|byte| format!("{byte:02x}")).collect()),
        };
        let is_selected = line.kind == LineKind::Selected;
        let spans = self
            .matcher
            .filter(|_| is_selected)
            .into_iter()
            .flat_map(|matcher| matcher.matches(bytes));
        let text = Text {
            path: self.path,
            line_number: line.number.unwrap_or(0),
            offset: line.offset,
            content,
            matches: spans
                .map(|found| Span {
                    start: found.start,
                    end: found.end,
                })
                .collect(),
        };
        self.record(&if is_selected {
            Record::Match(text)
        } else {
            Record::Context(text)
        })
    }

    fn block_end(&mut self) -> io::Result<()> {
        if self.eager { self.out.flush() } else { Ok(()) }
    }
}
