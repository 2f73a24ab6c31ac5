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
