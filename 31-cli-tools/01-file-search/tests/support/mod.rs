//! What the open and the hidden tests share.

use std::io::{self, Read};

use file_search::matcher::{MatchOptions, Matcher};
use file_search::search::{Line, LineKind, SearchOptions, Searcher, Sink, Summary};

/// The program, out of reach of the defaults of whoever runs the tests.
pub fn search() -> phase7::Program {
    let program = phase7::program!()
        .env("FILE_SEARCH_CONFIG", "")
        .env_remove("FILE_SEARCH_OPTS");
    program.env_remove("NO_COLOR").env("TERM", "xterm-256color")
}

/// A matcher for one pattern without options.
pub fn matcher(pattern: &str) -> Matcher {
    Matcher::new(&[pattern.to_owned()], MatchOptions::default()).expect("a pattern that is correct")
}

/// 40 MiB of numbered lines: 15 MiB of 1,024 bytes each, one that ends at 24 MiB, others, one that ends at 33 MiB, and
/// others: those that are long leave no line to begin in whole stretches of the file.
#[allow(dead_code, reason = "the open tests have no file as large as this")]
pub fn large_text() -> String {
    let line = |number: usize, length: usize| format!("line {number:05} {}\n", "x".repeat(length - 12));
    let mut text = String::with_capacity(41 << 20);
    let mut number = 0;
    while text.len() < 40 << 20 {
        let length = match text.len() {
            at if at < 15 << 20 => 1024,
            at if at < 24 << 20 => (24 << 20) - at,
            at if (30 << 20..33 << 20).contains(&at) => (33 << 20) - at,
            _ => 700 + number * 7919 % 601,
        };
        text.push_str(&line(number, length));
        number += 1;
    }
    text
}

/// A source that gives at most so many bytes to each read, as a slow pipe does.
pub struct Trickle<'a> {
    pub bytes: &'a [u8],
    pub step: usize,
}

impl Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.len().min(self.step).min(buffer.len());
        let (now, later) = self.bytes.split_at(count);
        buffer[..count].copy_from_slice(now);
        self.bytes = later;
        Ok(count)
    }
}

/// Writes down what it is told: `number:offset:text` for a selected line, with `-` for context, `--` for a gap.
#[derive(Default)]
struct Notes(Vec<String>);

impl Sink for Notes {
    fn line(&mut self, line: &Line<'_>) -> io::Result<()> {
        let mark = if line.kind == LineKind::Selected { ':' } else { '-' };
        let number = line.number.map_or(String::new(), |number| number.to_string());
        let text = String::from_utf8_lossy(line.bytes);
        self.0.push(format!(
            "{number}{mark}{}{mark}{}",
            line.offset,
            text.escape_debug()
        ));
        Ok(())
    }

    fn gap(&mut self) -> io::Result<()> {
        self.0.push("--".to_owned());
        Ok(())
    }
}

/// What a searcher tells of `source`, and what it comes to.
pub fn told(pattern: &str, options: SearchOptions, source: impl Read) -> (Vec<String>, Summary) {
    let mut notes = Notes::default();
    let summary = Searcher::new(matcher(pattern), options).search(source, &mut notes);
    (notes.0, summary.expect("neither reading nor writing fails here"))
}
