//! Where the parts of a word go: into fields, into one text, or into a pattern.
//!
//! Expansion is one walk over a word's parts; what differs is what becomes of the pieces. A [`Sink`] is told of each
//! whether it was typed as it is, quoted, or came out of an expansion that is not quoted.

use std::rc::Rc;

use crate::ast::Text;
use crate::variables::{Separator, Separators};
use crate::{glob, pattern};

/// Takes the pieces of a word, in order.
pub(crate) trait Sink {
    /// Typed, without quotes: special bytes are special.
    fn literal(&mut self, text: &[u8]);
    /// Quoted: nothing in it is special, and the field is there even if this is empty.
    fn quoted(&mut self, text: &[u8]);
    /// Out of an expansion without quotes: may be split into fields, and special bytes are special.
    fn expanded(&mut self, text: &[u8]);
    /// Between two of the positional parameters.
    fn between(&mut self);
}

/// One text, for an assignment or a redirection: nothing is split, nothing special.
#[derive(Default)]
pub(crate) struct Plain(pub Text);

impl Sink for Plain {
    fn literal(&mut self, text: &[u8]) {
        self.0.extend_from_slice(text);
    }

    fn quoted(&mut self, text: &[u8]) {
        self.0.extend_from_slice(text);
    }

    fn expanded(&mut self, text: &[u8]) {
        self.0.extend_from_slice(text);
    }

    fn between(&mut self) {
        self.0.push(b' ');
    }
}

/// A pattern, for `case` and `${x#…}`: what was quoted stands behind backslashes.
#[derive(Default)]
pub(crate) struct Pattern(pub Text);

impl Sink for Pattern {
    fn literal(&mut self, text: &[u8]) {
        self.0.extend_from_slice(text);
    }

    fn quoted(&mut self, text: &[u8]) {
        pattern::quote(text, &mut self.0);
    }

    fn expanded(&mut self, text: &[u8]) {
        self.0.extend_from_slice(text);
    }

    fn between(&mut self) {
        self.0.push(b' ');
    }
}

/// Fields, for the words of a command (XCU 2.6.5, 2.6.6).
pub(crate) struct Fields<'a> {
    fields: &'a mut Vec<Text>,
    separators: Rc<Separators>,
    /// Pathname expansion is done.
    globs: bool,
    /// The field that is being put together, as a pattern.
    current: Text,
    /// It is a field even if it is empty.
    is_present: bool,
    /// It has special bytes that are not quoted.
    is_special: bool,
    /// It has backslashes that must go if it is no pattern after all.
    is_quoted: bool,
    /// White space has ended the last field, so that a mark which follows belongs to the same separator.
    after_blank: bool,
}

impl<'a> Fields<'a> {
    pub fn new(fields: &'a mut Vec<Text>, separators: Rc<Separators>, globs: bool) -> Self {
        Self {
            fields,
            separators,
            globs,
            current: Text::new(),
            is_present: false,
            is_special: false,
            is_quoted: false,
            after_blank: false,
        }
    }

    /// Ends the field, if there is one.
    pub fn finish(&mut self) {
        if !self.is_present {
            return;
        }
        let field = std::mem::take(&mut self.current);
        if self.is_special && self.globs && pattern::is_special(&field) {
            let paths = glob::expand(&field);
            if paths.is_empty() {
                self.fields.push(pattern::unquote(&field));
            }
            self.fields.extend(paths);
        } else if self.is_quoted {
            self.fields.push(pattern::unquote(&field));
        } else {
            self.fields.push(field);
        }
        (self.is_present, self.is_special, self.is_quoted) = (false, false, false);
    }

    fn push(&mut self, byte: u8) {
        match byte {
            b'*' | b'?' | b'[' => self.is_special = true,
            b'\\' => {
                self.current.push(b'\\');
                self.is_quoted = true;
            }
            _ => {}
        }
        self.current.push(byte);
        self.is_present = true;
        self.after_blank = false;
    }
}

impl Sink for Fields<'_> {
    fn literal(&mut self, text: &[u8]) {
        self.is_special |= text.iter().any(|byte| matches!(byte, b'*' | b'?' | b'['));
        self.current.extend_from_slice(text);
        self.is_present = true;
        self.after_blank = false;
    }

    fn quoted(&mut self, text: &[u8]) {
        let length = self.current.len() + text.len();
        pattern::quote(text, &mut self.current);
        self.is_quoted |= self.current.len() > length;
        self.is_present = true;
        self.after_blank = false;
    }

    fn expanded(&mut self, text: &[u8]) {
        for &byte in text {
            match self.separators.kind(byte) {
                Separator::No => self.push(byte),
                Separator::Blank => {
                    self.after_blank |= self.is_present;
                    self.finish();
                }
                Separator::Mark => {
                    // A mark behind nothing ends an empty field, but not behind blanks that have ended one.
                    self.is_present |= !self.after_blank;
                    self.after_blank = false;
                    self.finish();
                }
            }
        }
    }

    fn between(&mut self) {
        self.finish();
        self.after_blank = false;
    }
}
