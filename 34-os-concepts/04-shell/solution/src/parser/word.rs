//! Words (XCU 2.2): quotes, and what begins with `$` or a backquote.

use std::rc::Rc;

use super::token::Operator;
use super::{Parser, SyntaxError, SyntaxErrorKind};
use crate::arithmetic::name_length;
use crate::ast::{End, List, Name, Operation, Parameter, Part, Parts, Piece, Text, Word};

/// Where a piece of a word stands, which says what ends it and what a backslash and a quote mean in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Outside of everything: ended by blanks and operators.
    Open,
    /// The word of `${x-word}`: ended by `}`.
    Braces,
    /// The same inside double quotes, where `'` is a byte like any other.
    QuotedBraces,
    /// `"…"`
    DoubleQuotes,
    /// `$((…))`: ended by `)` outside of parentheses.
    Arithmetic,
    /// The body of a here-document: ended by the end of the text.
    Document,
}

impl Place {
    fn is_quoted(self) -> bool {
        !matches!(self, Place::Open | Place::Braces)
    }
}

/// What a word is put together from.
#[derive(Default)]
struct Pieces(Parts);

impl Pieces {
    fn literal(&mut self, bytes: &[u8]) {
        match self.0.last_mut() {
            Some(Part::Literal(text)) => text.extend_from_slice(bytes),
            _ => self.0.push(Part::Literal(Piece::from_slice(bytes))),
        }
    }

    fn quoted(&mut self, bytes: &[u8]) {
        match self.0.last_mut() {
            Some(Part::Quoted(text)) => text.extend_from_slice(bytes),
            _ => self.0.push(Part::Quoted(Piece::from_slice(bytes))),
        }
    }

    fn text(&mut self, bytes: &[u8], place: Place) {
        if place.is_quoted() {
            self.quoted(bytes);
        } else {
            self.literal(bytes);
        }
    }
}

impl Parser<'_> {
    /// `word`: up to a blank, a newline or an operator.
    pub(super) fn word(&mut self) -> Result<Word, SyntaxError> {
        let parts = self.parts(Place::Open)?;
        Ok(Word { parts })
    }

    /// Parts up to what ends them in `place`, which is not consumed.
    pub(super) fn parts(&mut self, place: Place) -> Result<Parts, SyntaxError> {
        let mut parts = Pieces::default();
        let mut parentheses = 0_usize;
        loop {
            self.run(place, &mut parts);
            let Some(byte) = self.byte() else {
                return match place {
                    Place::Open | Place::Document => Ok(parts.0),
                    Place::Braces | Place::QuotedBraces => self.incomplete("${"),
                    Place::DoubleQuotes => self.incomplete("double quote"),
                    Place::Arithmetic => self.incomplete("$(("),
                };
            };
            let ends = match place {
                Place::Open => is_metacharacter(byte),
                Place::Braces | Place::QuotedBraces => byte == b'}',
                Place::DoubleQuotes => byte == b'"',
                Place::Arithmetic => byte == b')' && parentheses == 0,
                Place::Document => false,
            };
            if ends {
                return Ok(parts.0);
            }
            match byte {
                b'\\' => self.backslash(place, &mut parts),
                b'\'' if !place.is_quoted() => self.single_quotes(&mut parts)?,
                b'"' if !matches!(place, Place::Arithmetic | Place::Document) => {
                    self.advance();
                    let inside = self.deeper(|parser| parser.parts(Place::DoubleQuotes))?;
                    self.advance();
                    parts.0.push(Part::DoubleQuoted(inside.into_vec()));
                }
                b'$' => match self.deeper(|parser| parser.dollar(place))? {
                    Some(part) => parts.0.push(part),
                    None => parts.text(b"$", place),
                },
                b'`' => {
                    let part = self.deeper(|parser| parser.backquotes(place))?;
                    parts.0.push(part);
                }
                _ => {
                    match byte {
                        b'(' => parentheses += 1,
                        b')' => parentheses = parentheses.saturating_sub(1),
                        _ => {}
                    }
                    self.advance();
                    parts.text(&[byte], place);
                }
            }
        }
    }

    /// As many bytes as mean nothing anywhere, at once.
    fn run(&mut self, place: Place, parts: &mut Pieces) {
        let rest = &self.text[self.at..];
        let length = rest
            .iter()
            .take_while(|byte| ORDINARY[usize::from(**byte)])
            .count();
        if length > 0 {
            parts.text(&rest[..length], place);
            self.at += length;
        }
    }

    /// A backslash, which is not the first half of a line continuation.
    fn backslash(&mut self, place: Place, parts: &mut Pieces) {
        let behind = self.raw(1);
        let escapes = match place {
            Place::Open | Place::Braces => true,
            Place::DoubleQuotes | Place::Arithmetic => matches!(behind, Some(b'$' | b'`' | b'"' | b'\\')),
            Place::QuotedBraces => matches!(behind, Some(b'$' | b'`' | b'"' | b'\\' | b'}')),
            Place::Document => matches!(behind, Some(b'$' | b'`' | b'\\')),
        };
        self.at += 1;
        match behind {
            Some(byte) if escapes => {
                self.advance();
                parts.quoted(&[byte]);
            }
            _ => parts.quoted(b"\\"),
        }
    }

    fn single_quotes(&mut self, parts: &mut Pieces) -> Result<(), SyntaxError> {
        self.advance();
        // Empty quotes are a part, too: `''` is a word.
        parts.quoted(b"");
        loop {
            match self.raw(0) {
                None => return self.incomplete("single quote"),
                Some(b'\'') => break,
                Some(byte) => {
                    self.advance();
                    parts.quoted(&[byte]);
                }
            }
        }
        self.advance();
        Ok(())
    }

    /// What begins with `$`; `None` where it is a byte like any other.
    fn dollar(&mut self, place: Place) -> Result<Option<Part>, SyntaxError> {
        let start = self.at;
        self.advance();
        let part = match self.byte() {
            Some(b'(') => {
                self.advance();
                self.parenthesis()?
            }
            Some(b'{') => {
                self.advance();
                Part::Parameter(Box::new(self.braces(place)?))
            }
            _ => match self.short_name() {
                Some(name) => Part::Parameter(Box::new(Parameter {
                    name,
                    operation: Operation::Value,
                })),
                None => {
                    self.at = start + 1;
                    return Ok(None);
                }
            },
        };
        Ok(Some(part))
    }

    /// The name behind `$` without braces: one digit, one special parameter, or a variable.
    fn short_name(&mut self) -> Option<Name> {
        match self.byte()? {
            digit @ b'1'..=b'9' => {
                self.advance();
                Some(Name::Positional(usize::from(digit - b'0')))
            }
            special @ (b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!' | b'0') => {
                self.advance();
                Some(Name::Special(special))
            }
            _ => self.variable_name().map(Name::Variable),
        }
    }

    /// A variable's name, which a line continuation may divide.
    fn variable_name(&mut self) -> Option<Text> {
        let mut name = Text::new();
        while let Some(byte) = self.byte() {
            let fits =
                byte == b'_' || byte.is_ascii_alphabetic() || (byte.is_ascii_digit() && !name.is_empty());
            if !fits {
                break;
            }
            name.push(byte);
            self.at += 1;
        }
        (!name.is_empty()).then_some(name)
    }

    /// Behind `$(`: arithmetic if it is another `(` and both are closed together, else commands.
    fn parenthesis(&mut self) -> Result<Part, SyntaxError> {
        if self.byte() == Some(b'(') {
            let start = (self.at, self.line);
            self.advance();
            match self.parts(Place::Arithmetic) {
                Ok(parts) => {
                    self.advance();
                    if self.take(b')') {
                        return Ok(Part::Arithmetic(parts.into_vec()));
                    }
                }
                Err(error) if self.ended => return Err(error),
                Err(_) => {}
            }
            (self.at, self.line) = start;
        }
        let awaited = std::mem::take(&mut self.awaited);
        let list = self.substituted()?;
        if !self.take_operator(Operator::Close)? {
            return self.unexpected("\")\"");
        }
        self.awaited = awaited;
        Ok(Part::Command(Rc::new(list)))
    }

    /// The commands of a substitution, which may be none.
    fn substituted(&mut self) -> Result<List, SyntaxError> {
        self.skip_newlines()?;
        self.compound_list_or_nothing()
    }

    /// `` `…` ``: backslashes before `$`, `` ` `` and `\` go, then it is a script of its own (XCU 2.6.3).
    fn backquotes(&mut self, place: Place) -> Result<Part, SyntaxError> {
        self.advance();
        let mut script = Text::new();
        loop {
            let Some(byte) = self.byte() else {
                return self.incomplete("backquote");
            };
            self.advance();
            match byte {
                b'`' => break,
                b'\\' => {
                    let behind = self.raw(0);
                    let escapes = matches!(behind, Some(b'$' | b'`' | b'\\'))
                        || (behind == Some(b'"')
                            && matches!(place, Place::DoubleQuotes | Place::QuotedBraces));
                    match behind {
                        Some(behind) if escapes => {
                            self.advance();
                            script.push(behind);
                        }
                        _ => script.push(b'\\'),
                    }
                }
                _ => script.push(byte),
            }
        }
        let list = self.inner(script, |parser| {
            let mut list = List::default();
            while let Some(line) = parser.complete_command()? {
                list.items.extend(line.items);
            }
            Ok(list)
        })?;
        Ok(Part::Command(Rc::new(list)))
    }

    /// Behind `${`: `parameter = # name | name [[:] (- = ? +) word | (% %% # ##) word]`, then `}`.
    fn braces(&mut self, place: Place) -> Result<Parameter, SyntaxError> {
        // `${#}` and `${#-x}` are about `$#`, `${#x}` about the length of `$x`.
        if self.byte() == Some(b'#') {
            let start = self.at;
            self.advance();
            if let Some(name) = self.braced_name()
                && self.take(b'}')
            {
                return Ok(Parameter {
                    name,
                    operation: Operation::Length,
                });
            }
            self.at = start;
        }
        let Some(name) = self.braced_name() else {
            return self.bad_substitution();
        };
        let operation = self.operation(place)?;
        if !self.take(b'}') {
            return self.bad_substitution();
        }
        Ok(Parameter { name, operation })
    }

    fn bad_substitution<T>(&mut self) -> Result<T, SyntaxError> {
        if self.byte().is_none() {
            return self.incomplete("${");
        }
        Err(self.error(SyntaxErrorKind::BadSubstitution))
    }

    /// As [`Parser::short_name`], with any number of digits.
    fn braced_name(&mut self) -> Option<Name> {
        let mut digits = String::new();
        while let Some(digit @ b'0'..=b'9') = self.byte() {
            self.advance();
            digits.push(char::from(digit));
        }
        if digits.is_empty() {
            return self.short_name();
        }
        // More parameters than fit a usize cannot have been given.
        match digits.parse().unwrap_or(usize::MAX) {
            0 => Some(Name::Special(b'0')),
            number => Some(Name::Positional(number)),
        }
    }

    fn operation(&mut self, place: Place) -> Result<Operation, SyntaxError> {
        let or_null = self.take(b':');
        let Some(symbol) = self.byte() else {
            return self.incomplete("${");
        };
        if !or_null && symbol == b'}' {
            return Ok(Operation::Value);
        }
        if !b"-=?+".contains(&symbol) && (or_null || !b"%#".contains(&symbol)) {
            return self.bad_substitution();
        }
        self.advance();
        let quoted = if place.is_quoted() {
            Place::QuotedBraces
        } else {
            Place::Braces
        };
        Ok(match symbol {
            b'%' | b'#' => {
                let longest = self.take(symbol);
                let end = if symbol == b'#' { End::Prefix } else { End::Suffix };
                let parts = self.parts(Place::Braces)?;
                Operation::Trim {
                    end,
                    longest,
                    pattern: Word { parts },
                }
            }
            _ => {
                let parts = self.parts(quoted)?;
                let word = Word { parts };
                match symbol {
                    b'-' => Operation::Default { or_null, word },
                    b'=' => Operation::Assign { or_null, word },
                    b'?' => Operation::Demand { or_null, word },
                    _ => Operation::Alternative { or_null, word },
                }
            }
        })
    }
}

/// The bytes that mean nothing to the parser, whatever they stand in.
const ORDINARY: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = byte >= 0x80 || (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    let others = b"_-./=:,+%*?[]!@^~";
    let mut index = 0;
    while index < others.len() {
        table[others[index] as usize] = true;
        index += 1;
    }
    table
};

/// Whether an unquoted byte ends a word.
fn is_metacharacter(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'\t' | b'\n' | b'&' | b'|' | b';' | b'<' | b'>' | b'(' | b')'
    )
}

impl Word {
    /// The text of a word in which nothing is quoted and nothing expands.
    pub fn literal(&self) -> Option<&[u8]> {
        match self.parts.as_slice() {
            [Part::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// `name=` at the beginning: the name, and the rest as a word.
    pub(super) fn into_assignment(mut self) -> Result<(Text, Word), Word> {
        let Some(Part::Literal(text)) = self.parts.first_mut() else {
            return Err(self);
        };
        let length = name_length(text);
        if length == 0 || text.get(length) != Some(&b'=') {
            return Err(self);
        }
        let name = text[..length].to_vec();
        let value = Piece::from_slice(&text[length + 1..]);
        if value.is_empty() {
            self.parts.remove(0);
        } else {
            self.parts[0] = Part::Literal(value);
        }
        Ok((name, self))
    }
}
