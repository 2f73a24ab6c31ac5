//! Where the parts of a word go: into fields, into one text, or into a pattern.
//!
//! A proposal: expansion is one walk over a word's parts; what differs is what becomes of the pieces. A [`Sink`] is told of each
//! whether it was typed as it is, quoted, or came out of an expansion that is not quoted.
//!
//! Two more sinks are missing: a pattern for `case` and `${x#…}`, and the fields of a command.

use crate::ast::Text;

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
        todo!("the literal {text:?}")
    }

    fn quoted(&mut self, text: &[u8]) {
        todo!("the quoted {text:?}")
    }

    fn expanded(&mut self, text: &[u8]) {
        todo!("the expanded {text:?}")
    }

    fn between(&mut self) {
        todo!("between two parameters")
    }
}
