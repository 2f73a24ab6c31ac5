//! Which lines match: several patterns compiled into one regular expression.
//!
//! [`Matcher::find_line`] searches a whole block at once, because asking line after line costs more than the
//! search itself. That needs a pattern that means the same in a block as in a line alone, so the parsed pattern
//! is rewritten before it is compiled for blocks:
//!
//! | in the pattern | in the block pattern | why |
//! |---|---|---|
//! | a class such as `\s` or `[^a]` | the same without `\n` | no match runs from one line into the next |
//! | `^`, `\A` | start of a line | each line is a text of its own |
//! | `$`, `\z` | `\r?`, then end of a line | `\r\n` ends a line as `\n` does |

use std::ops::Range;
use std::sync::OnceLock;

use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::hir::{
    Class, ClassBytes, ClassBytesRange, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look, Repetition,
};

use crate::lines;

/// Memory that one compiled pattern may take.
const COMPILED_BYTES_MAX: usize = 64 << 20;

/// How patterns are to be read.
#[derive(Debug, Clone, Copy, Default)]
pub struct MatchOptions {
    /// Letters match in either case.
    pub ignore_case: bool,
    /// A match begins and ends at the edge of a word.
    pub word: bool,
}

/// A pattern that cannot be compiled.
#[derive(Debug, thiserror::Error)]
#[error("invalid pattern {pattern:?}: {reason}")]
pub struct PatternError {
    /// The pattern as it was given.
    pub pattern: String,
    /// What is wrong with it, in one line.
    pub reason: String,
}

/// Compiled patterns. A clone has scratch memory of its own: give each thread one.
#[derive(Debug, Clone)]
pub struct Matcher {
    /// Searches blocks of many lines.
    block: Regex,
    /// The pattern for a line alone, compiled when it is first asked for.
    line: OnceLock<Regex>,
    line_pattern: String,
}

impl Matcher {
    /// Compiles `patterns`; a line matches when one of them does. A line feed in a pattern separates two patterns.
    ///
    /// # Errors
    /// The first pattern that is not a regular expression, or that is too large.
    pub fn new(patterns: &[String], options: MatchOptions) -> Result<Self, PatternError> {
        let mut parser = regex_syntax::ParserBuilder::new();
        parser.utf8(false).case_insensitive(options.ignore_case);
        let mut alternatives = Vec::new();
        for pattern in patterns.iter().flat_map(|pattern| pattern.split('\n')) {
            let hir = parser
                .build()
                .parse(pattern)
                .map_err(|error| invalid(pattern, &error.to_string()))?;
            alternatives.push(hir);
        }
        let mut hir = Hir::alternation(alternatives);
        if options.word {
            let edges = (
                Hir::look(Look::WordStartHalfUnicode),
                Hir::look(Look::WordEndHalfUnicode),
            );
            hir = Hir::concat(vec![edges.0, hir, edges.1]);
        }
        let block = compile(&rewrite(&hir, within_lines).to_string())
            .map_err(|error| invalid(&patterns.join("\n"), &error))?;
        Ok(Self {
            block,
            line: OnceLock::new(),
            line_pattern: rewrite(&hir, Hir::clone).to_string(),
        })
    }

    /// The matches in `content`, a line without its terminator: leftmost first, none overlapping, none empty.
    pub fn matches(&self, content: &[u8]) -> impl Iterator<Item = Range<usize>> {
        self.line()
            .find_iter(content)
            .map(|found| found.range())
            .filter(|found| !found.is_empty())
    }

    /// Whether `content`, a line without its terminator, matches.
    pub fn is_match(&self, content: &[u8]) -> bool {
        self.line().is_match(content)
    }

    fn line(&self) -> &Regex {
        let compile =
            || compile(&self.line_pattern).expect("its twin for blocks, which is larger, was compiled");
        self.line.get_or_init(compile)
    }

    /// The first line of `block` that matches, of those that begin at `from` or behind it. `from` is where a line
    /// begins. The range includes the line's terminator.
    pub fn find_line(&self, block: &[u8], from: usize) -> Option<Range<usize>> {
        let mut from = from;
        while from < block.len() {
            // Where the match begins does not matter, so nobody looks for it: no match leaves its line.
            let found = self.block.shortest_match_at(block, from)?;
            if found == block.len() && block.ends_with(b"\n") {
                return None; // Behind the last line feed there is no line, though `^` or `$` may match there.
            }
            let line = from.max(lines::start(block, found))..lines::end(block, found);
            let content = lines::content(&block[line.clone()]);
            // A match that takes in the carriage return of the terminator is none; the line may have another. One that
            // is content, as at the end of a file, is no terminator.
            let is_within = found <= line.start + content.len() && !content.ends_with(b"\r");
            if is_within || self.is_match(content) {
                return Some(line);
            }
            from = line.end;
        }
        None
    }
}

fn compile(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(pattern)
        .size_limit(COMPILED_BYTES_MAX)
        .build()
        .map_err(|error| error.to_string())
}

/// The last line of a message of the parser says what is wrong; those above draw the pattern.
fn invalid(pattern: &str, message: &str) -> PatternError {
    let reason = message.lines().last().unwrap_or_default();
    PatternError {
        pattern: pattern.to_owned(),
        reason: reason.trim_start_matches("error: ").to_owned(),
    }
}

/// `hir` without its groups' names and numbers, and with each part that has no parts of its own put through `leaf`.
fn rewrite(hir: &Hir, leaf: fn(&Hir) -> Hir) -> Hir {
    let parts = |parts: &[Hir]| parts.iter().map(|part| rewrite(part, leaf)).collect();
    match hir.kind() {
        HirKind::Repetition(repetition) => Hir::repetition(repetition.with(rewrite(&repetition.sub, leaf))),
        HirKind::Capture(capture) => rewrite(&capture.sub, leaf),
        HirKind::Concat(all) => Hir::concat(parts(all)),
        HirKind::Alternation(all) => Hir::alternation(parts(all)),
        _ => leaf(hir),
    }
}

/// What stands in the block pattern for a part of the pattern; see the table above.
fn within_lines(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Literal(literal) if literal.0.contains(&b'\n') => Hir::fail(),
        HirKind::Class(Class::Unicode(class)) => {
            let mut class = class.clone();
            class.difference(&ClassUnicode::new([ClassUnicodeRange::new('\n', '\n')]));
            Hir::class(Class::Unicode(class))
        }
        HirKind::Class(Class::Bytes(class)) => {
            let mut class = class.clone();
            class.difference(&ClassBytes::new([ClassBytesRange::new(b'\n', b'\n')]));
            Hir::class(Class::Bytes(class))
        }
        HirKind::Look(Look::Start) => Hir::look(Look::StartLF),
        HirKind::Look(Look::End | Look::EndLF) => {
            let optional = Repetition {
                min: 0,
                max: Some(1),
                greedy: true,
                sub: Box::new(Hir::literal([b'\r'])),
            };
            Hir::concat(vec![Hir::repetition(optional), Hir::look(Look::EndLF)])
        }
        _ => hir.clone(),
    }
}
