//! Here-documents (XCU 2.7.4): their bodies stand behind the line that has the operator.

use smallvec::smallvec;

use super::word::Place;
use super::{Awaited, Parser, SyntaxError};
use crate::ast::{Part, Text, Word};

impl Parser<'_> {
    /// Reads the bodies of all documents that are awaited. The next byte is the first behind a newline.
    pub(super) fn read_documents(&mut self) -> Result<(), SyntaxError> {
        for awaited in std::mem::take(&mut self.awaited) {
            let text = self.read_body(&awaited);
            let body = if awaited.quoted {
                let parts = smallvec![Part::Quoted(text.into())];
                Word { parts }
            } else {
                let parts = self.inner(text, |parser| parser.parts(Place::Document))?;
                Word { parts }
            };
            awaited.body.set(body).expect("a document is read once");
        }
        Ok(())
    }

    /// The lines up to the delimiter, or up to the end of the script.
    fn read_body(&mut self, awaited: &Awaited) -> Text {
        let mut body = Text::new();
        // Behind a line that a backslash continues no delimiter is looked for.
        let mut continues = false;
        while self.raw(0).is_some() {
            let mut line = self.read_line();
            if awaited.stripped && !continues {
                let tabs = line.iter().take_while(|byte| **byte == b'\t').count();
                line.drain(..tabs);
            }
            if !continues && line.strip_suffix(b"\n").unwrap_or(&line) == awaited.delimiter {
                break;
            }
            let text = line.strip_suffix(b"\n").unwrap_or(&line);
            let backslashes = text.iter().rev().take_while(|byte| **byte == b'\\').count();
            continues = !awaited.quoted && backslashes % 2 == 1;
            body.extend(line);
        }
        body
    }

    /// A line with its newline, if it has one.
    fn read_line(&mut self) -> Text {
        let mut length = 0;
        while let Some(byte) = self.raw(length) {
            length += 1;
            if byte == b'\n' {
                self.line += 1;
                break;
            }
        }
        let line = self.text[self.at..self.at + length].to_vec();
        self.at += length;
        line
    }

    /// The delimiter that a word stands for, and whether any of it was quoted. Nothing in it is expanded.
    pub(super) fn delimiter(&self, word: &Word) -> (Text, bool) {
        let mut text = Text::new();
        let mut quoted = false;
        for part in &word.parts {
            match part {
                Part::Literal(literal) => text.extend(literal),
                Part::Quoted(literal) => {
                    text.extend(literal);
                    quoted = true;
                }
                Part::DoubleQuoted(inside) => {
                    quoted = true;
                    for part in inside {
                        if let Part::Quoted(literal) = part {
                            text.extend(literal);
                        }
                    }
                }
                // Whoever names a delimiter like an expansion gets its text.
                _ => return (self.text[self.token_start..self.consumed].to_vec(), quoted),
            }
        }
        (text, quoted)
    }
}
