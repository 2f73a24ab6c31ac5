//! Text: how lines, names and numbers look, and in which colours.

use std::io::{self, Write};

use crate::lines;
use crate::matcher::Matcher;
use crate::search::{Line, LineKind, Sink};

const RESET: &str = "\x1b[0m";
const PATH: &str = "\x1b[35m";
const NUMBER: &str = "\x1b[32m";
const MATCH: &str = "\x1b[1;31m";

/// What is printed of a selected line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Line,
    /// Each match in it, on a line of its own.
    Matches,
    /// All of it, with the matches coloured.
    ColoredLine,
    /// Nothing: lines that do not match have no matches.
    Nothing,
}

/// How to print.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// What is printed of a selected line.
    pub part: Part,
    /// Each line begins with the path of its source.
    pub with_path: bool,
    /// Escape sequences for colours.
    pub color: bool,
}

/// Prints the lines of one source.
#[derive(Debug)]
pub struct Printer<'a, W> {
    style: Style,
    matcher: &'a Matcher,
    path: &'a [u8],
    out: W,
    /// Hands each block on at once: the reader waits for what the next read may take long to bring.
    eager: bool,
}

impl<'a, W: Write> Printer<'a, W> {
    /// A printer of the source at `path`.
    pub fn new(style: Style, matcher: &'a Matcher, path: &'a [u8], out: W, eager: bool) -> Self {
        Self {
            style,
            matcher,
            path,
            out,
            eager,
        }
    }

    /// Prints the number of selected lines.
    ///
    /// # Errors
    /// What writing returns.
    pub fn count(&mut self, selected: u64) -> io::Result<()> {
        if self.style.with_path {
            self.colored(PATH, self.path)?;
            self.out.write_all(b":")?;
        }
        writeln!(self.out, "{selected}")
    }

    /// Prints the path alone.
    ///
    /// # Errors
    /// What writing returns.
    pub fn path(&mut self) -> io::Result<()> {
        self.colored(PATH, self.path)?;
        self.out.write_all(b"\n")
    }

    /// Says that a binary source has a selected line.
    ///
    /// # Errors
    /// What writing returns.
    pub fn binary(&mut self) -> io::Result<()> {
        self.out.write_all(b"binary file ")?;
        self.out.write_all(self.path)?;
        self.out.write_all(b" matches\n")
    }

    /// What stands before the text: path and number, each followed by `:` if the line is selected, else by `-`.
    fn prefix(&mut self, line: &Line<'_>) -> io::Result<()> {
        let mark: &[u8] = if line.kind == LineKind::Selected {
            b":"
        } else {
            b"-"
        };
        if self.style.with_path {
            self.colored(PATH, self.path)?;
            self.out.write_all(mark)?;
        }
        if let Some(number) = line.number {
            let mut digits = [0; 20];
            self.colored(NUMBER, decimal(number, &mut digits))?;
            self.out.write_all(mark)?;
        }
        Ok(())
    }

    fn colored(&mut self, color: &str, text: &[u8]) -> io::Result<()> {
        if !self.style.color {
            return self.out.write_all(text);
        }
        self.out.write_all(color.as_bytes())?;
        self.out.write_all(text)?;
        self.out.write_all(RESET.as_bytes())
    }

    /// Each match that is not empty, on a line of its own.
    fn matches(&mut self, line: &Line<'_>) -> io::Result<()> {
        let content = lines::content(line.bytes);
        for found in self.matcher.matches(content) {
            self.prefix(line)?;
            self.colored(MATCH, &content[found])?;
            self.out.write_all(b"\n")?;
        }
        Ok(())
    }

    fn colored_line(&mut self, line: &Line<'_>) -> io::Result<()> {
        self.prefix(line)?;
        let content = lines::content(line.bytes);
        let mut printed = 0;
        for found in self.matcher.matches(content) {
            self.out.write_all(&content[printed..found.start])?;
            printed = found.end;
            self.colored(MATCH, &content[found])?;
        }
        self.rest(&line.bytes[printed..])
    }

    /// The rest of a line; the last line of a file gets the line feed that it lacks.
    fn rest(&mut self, rest: &[u8]) -> io::Result<()> {
        self.out.write_all(rest)?;
        if rest.ends_with(b"\n") {
            Ok(())
        } else {
            self.out.write_all(b"\n")
        }
    }
}

/// `number` in decimal digits, without the machinery of `write!`, which shows when every line has one.
fn decimal(number: u64, digits: &mut [u8; 20]) -> &[u8] {
    let mut rest = number;
    let mut start = digits.len();
    loop {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            return &digits[start..];
        }
    }
}

impl<W: Write> Sink for Printer<'_, W> {
    fn line(&mut self, line: &Line<'_>) -> io::Result<()> {
        match (line.kind, self.style.part) {
            (LineKind::Context, _) | (_, Part::Line) => {
                self.prefix(line)?;
                self.rest(line.bytes)
            }
            (_, Part::ColoredLine) => self.colored_line(line),
            (_, Part::Matches) => self.matches(line),
            (_, Part::Nothing) => Ok(()),
        }
    }

    fn gap(&mut self) -> io::Result<()> {
        self.out.write_all(b"--\n")
    }

    fn block_end(&mut self) -> io::Result<()> {
        if self.eager { self.out.flush() } else { Ok(()) }
    }
}
