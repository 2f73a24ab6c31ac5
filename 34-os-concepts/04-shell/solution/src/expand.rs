//! Word expansion (XCU 2.6): tilde, parameters, commands, arithmetic; splitting and patterns are the [`Sink`]'s.

use crate::arithmetic;
use crate::ast::{Name, Operation, Parameter, Part, Text, Word};
use crate::fields::{Fields, Pattern, Plain, Sink};
use crate::shell::{Outcome, Shell, lossy};

/// Where a part stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In a word of the script.
    Word,
    /// In the word of `${x-word}`, which is split as if it had come from the variable.
    Operand,
    /// In double quotes.
    Quotes,
}

impl Shell {
    /// The fields of a command's words.
    pub fn expand_fields(&mut self, words: &[Word]) -> Outcome<Vec<Text>> {
        let mut fields = Vec::with_capacity(words.len());
        for word in words {
            self.expand_into(word, &mut fields)?;
        }
        Ok(fields)
    }

    /// The fields of one word.
    pub fn expand_into(&mut self, word: &Word, fields: &mut Vec<Text>) -> Outcome {
        // `[` is a command more often than a pattern, and is none without its end.
        if let Some(text) = word.literal()
            && (text == b"[" || !text.iter().any(|byte| matches!(byte, b'~' | b'*' | b'?' | b'[')))
        {
            fields.push(text.to_vec());
            return Ok(());
        }
        let mut sink = Fields::new(fields, self.variables.separators(), !self.options.no_glob);
        self.walk(&word.parts, Place::Word, &mut sink)?;
        sink.finish();
        Ok(())
    }

    /// One text without splitting and patterns: for redirections, `case` and here-documents.
    pub fn expand_text(&mut self, word: &Word) -> Outcome<Text> {
        let mut sink = Plain::default();
        self.walk(&word.parts, Place::Word, &mut sink)?;
        Ok(sink.0)
    }

    /// The value of an assignment: a tilde is expanded behind each colon, too (XCU 2.6.1).
    pub fn expand_assignment(&mut self, word: &Word) -> Outcome<Text> {
        if let Some(text) = word.literal()
            && !text.contains(&b'~')
        {
            return Ok(text.to_vec());
        }
        let mut sink = Plain::default();
        for (index, part) in word.parts.iter().enumerate() {
            let Part::Literal(text) = part else {
                self.part(part, Place::Word, &mut sink)?;
                continue;
            };
            for (piece_index, piece) in text.split(|byte| *byte == b':').enumerate() {
                if piece_index > 0 {
                    sink.literal(b":");
                }
                let is_start = piece_index > 0 || index == 0;
                let behind = text.len() - (piece.as_ptr().addr() - text.as_ptr().addr()) > piece.len();
                let is_whole = behind || index + 1 == word.parts.len();
                self.literal(piece, is_start, is_whole, &mut sink);
            }
        }
        Ok(sink.0)
    }

    /// A pattern, in which what was quoted stands behind backslashes.
    pub fn expand_pattern(&mut self, word: &Word) -> Outcome<Text> {
        let mut sink = Pattern::default();
        self.walk(&word.parts, Place::Word, &mut sink)?;
        Ok(sink.0)
    }

    fn walk<S: Sink>(&mut self, parts: &[Part], place: Place, sink: &mut S) -> Outcome {
        for (index, part) in parts.iter().enumerate() {
            match part {
                Part::Literal(text) if index == 0 && place != Place::Quotes && text.starts_with(b"~") => {
                    self.literal(text, true, parts.len() == 1, sink);
                }
                _ => self.part(part, place, sink)?,
            }
        }
        Ok(())
    }

    /// Literal text, with its tilde if it may begin with one. `is_whole`: no quoted part can belong to the login name.
    fn literal<S: Sink>(&self, text: &[u8], is_start: bool, is_whole: bool, sink: &mut S) {
        let end = text.iter().position(|byte| *byte == b'/');
        if is_start
            && (is_whole || end.is_some())
            && let Some(user) = text[..end.unwrap_or(text.len())].strip_prefix(b"~")
            && let Some(home) = self.home(user)
        {
            sink.quoted(&home);
            sink.literal(&text[user.len() + 1..]);
        } else {
            sink.literal(text);
        }
    }

    /// The directory of `~user`; of `~` it is `HOME`.
    fn home(&self, user: &[u8]) -> Option<Text> {
        if user.is_empty() {
            return self.variables.value(b"HOME").map(<[u8]>::to_vec);
        }
        let user = nix::unistd::User::from_name(std::str::from_utf8(user).ok()?).ok()??;
        Some(user.dir.into_os_string().into_encoded_bytes())
    }

    fn part<S: Sink>(&mut self, part: &Part, place: Place, sink: &mut S) -> Outcome {
        match part {
            Part::Literal(text) => match place {
                Place::Word => sink.literal(text),
                Place::Operand => sink.expanded(text),
                Place::Quotes => sink.quoted(text),
            },
            Part::Quoted(text) => sink.quoted(text),
            Part::DoubleQuoted(parts) => {
                if parts.is_empty() {
                    sink.quoted(b"");
                }
                for part in parts {
                    self.part(part, Place::Quotes, sink)?;
                }
            }
            Part::Parameter(parameter) => self.parameter(parameter, place, sink)?,
            Part::Command(list) => {
                let text = self.substitute(list)?;
                emit(&text, place, sink);
            }
            Part::Arithmetic(parts) => {
                let value = self.arithmetic(parts)?;
                let mut digits = [0; 20];
                emit(decimal(value, &mut digits), place, sink);
            }
        }
        Ok(())
    }

    fn arithmetic(&mut self, parts: &[Part]) -> Outcome<i64> {
        if let [Part::Quoted(text)] = parts {
            return self.evaluate(text);
        }
        let mut sink = Plain::default();
        for part in parts {
            self.part(part, Place::Quotes, &mut sink)?;
        }
        self.evaluate(&sink.0)
    }

    fn evaluate(&mut self, text: &[u8]) -> Outcome<i64> {
        arithmetic::evaluate(text, self).or_else(|message| self.fail(message))
    }

    fn parameter<S: Sink>(&mut self, parameter: &Parameter, place: Place, sink: &mut S) -> Outcome {
        let name = &parameter.name;
        match &parameter.operation {
            Operation::Value => self.value(name, place, sink),
            Operation::Length => {
                let length = match name {
                    Name::Special(b'@' | b'*') => self.parameters.len(),
                    _ => self.demanded_value(name)?.len(),
                };
                emit(length.to_string().as_bytes(), place, sink);
                Ok(())
            }
            Operation::Default { or_null, word } => match self.is_given(name, *or_null) {
                true => self.value(name, place, sink),
                false => self.operand(word, place, sink),
            },
            Operation::Alternative { or_null, word } => match self.is_given(name, *or_null) {
                true => self.operand(word, place, sink),
                false => {
                    if place == Place::Quotes {
                        sink.quoted(b"");
                    }
                    Ok(())
                }
            },
            Operation::Assign { or_null, word } => {
                if !self.is_given(name, *or_null) {
                    let Name::Variable(variable) = name else {
                        return self.fail(format_args!("{}: cannot be assigned to", title(name)));
                    };
                    let value = self.expand_operand(word, place)?;
                    self.set_variable(variable, value)?;
                }
                self.value(name, place, sink)
            }
            Operation::Demand { or_null, word } => {
                if self.is_given(name, *or_null) {
                    return self.value(name, place, sink);
                }
                let message = self.expand_operand(word, place)?;
                let message = match (message.is_empty(), or_null) {
                    (false, _) => lossy(&message),
                    (true, true) => "parameter null or not set".into(),
                    (true, false) => "parameter not set".into(),
                };
                self.fail(format_args!("{}: {message}", title(name)))
            }
            Operation::Trim {
                end,
                longest,
                pattern,
            } => {
                let value = self.demanded_value(name)?;
                let pattern = self.expand_pattern(pattern)?;
                emit(crate::trim::trim(&value, &pattern, *end, *longest), place, sink);
                Ok(())
            }
        }
    }

    /// The word of `${x-word}` as a part of what it stands in.
    fn operand<S: Sink>(&mut self, word: &Word, place: Place, sink: &mut S) -> Outcome {
        let place = match place {
            Place::Quotes => Place::Quotes,
            _ => Place::Operand,
        };
        if word.parts.is_empty() && place == Place::Quotes {
            sink.quoted(b"");
        }
        self.walk(&word.parts, place, sink)
    }

    /// The same as a text.
    fn expand_operand(&mut self, word: &Word, place: Place) -> Outcome<Text> {
        let mut sink = Plain::default();
        self.operand(word, place, &mut sink)?;
        Ok(sink.0)
    }

    /// Whether a parameter is set, and not null if that counts.
    fn is_given(&self, name: &Name, or_null: bool) -> bool {
        match name {
            Name::Special(b'@' | b'*') => match self.parameters.as_slice() {
                [] => false,
                [only] => !or_null || !only.is_empty(),
                _ => true,
            },
            Name::Variable(name) => self
                .variables
                .value(name)
                .is_some_and(|value| !or_null || !value.is_empty()),
            _ => self
                .scalar(name)
                .is_some_and(|value| !or_null || !value.is_empty()),
        }
    }

    /// Hands over the value of a parameter.
    fn value<S: Sink>(&mut self, name: &Name, place: Place, sink: &mut S) -> Outcome {
        match name {
            Name::Variable(variable) => match self.variables.value(variable) {
                Some(value) => emit(value, place, sink),
                None => self.unset(name, place, sink)?,
            },
            Name::Special(b'@') => {
                for (index, value) in self.parameters.iter().enumerate() {
                    if index > 0 {
                        sink.between();
                    }
                    emit(value, place, sink);
                }
            }
            Name::Special(b'*') if place != Place::Quotes => {
                for (index, value) in self.parameters.iter().enumerate() {
                    if index > 0 {
                        sink.between();
                    }
                    sink.expanded(value);
                }
            }
            Name::Special(b'*') => sink.quoted(&self.joined()),
            _ => match self.scalar(name) {
                Some(value) => emit(&value, place, sink),
                None => self.unset(name, place, sink)?,
            },
        }
        Ok(())
    }

    fn unset<S: Sink>(&mut self, name: &Name, place: Place, sink: &mut S) -> Outcome {
        if self.options.no_unset {
            return self.fail(format_args!("{}: parameter not set", title(name)));
        }
        emit(b"", place, sink);
        Ok(())
    }

    /// `"$*"`
    fn joined(&self) -> Text {
        match self.variables.separators().first {
            Some(separator) => self.parameters.join(&separator),
            None => self.parameters.concat(),
        }
    }

    /// The value of a parameter; under `set -u` an unset one is an error.
    fn demanded_value(&mut self, name: &Name) -> Outcome<Text> {
        match self.scalar(name) {
            Some(value) => Ok(value),
            None if self.options.no_unset => self.fail(format_args!("{}: parameter not set", title(name))),
            None => Ok(Text::new()),
        }
    }

    /// The value of a parameter as one text (XCU 2.5.2).
    fn scalar(&self, name: &Name) -> Option<Text> {
        Some(match name {
            Name::Variable(name) => self.variables.value(name)?.to_vec(),
            Name::Positional(number) => self.parameters.get(number - 1)?.clone(),
            Name::Special(b'@' | b'*') => self.joined(),
            Name::Special(b'#') => self.parameters.len().to_string().into(),
            Name::Special(b'?') => self.status.to_string().into(),
            Name::Special(b'-') => self.flags(),
            Name::Special(b'$') => self.pid.to_string().into(),
            Name::Special(b'!') => self.last_background?.to_string().into(),
            Name::Special(_) => self.name.clone(),
        })
    }

    fn flags(&self) -> Text {
        let mut letters = self.options.letters();
        if self.interactive {
            letters.push(b'i');
        }
        letters
    }
}

/// Hands over what an expansion has given.
fn emit<S: Sink>(text: &[u8], place: Place, sink: &mut S) {
    match place {
        Place::Quotes => sink.quoted(text),
        _ => sink.expanded(text),
    }
}

/// The name of a parameter for a message.
fn title(name: &Name) -> String {
    match name {
        Name::Variable(name) => lossy(name).into_owned(),
        Name::Positional(number) => number.to_string(),
        Name::Special(byte) => char::from(*byte).to_string(),
    }
}

/// A number in decimal, written from the end of `digits`.
fn decimal(value: i64, digits: &mut [u8; 20]) -> &[u8] {
    let mut at = digits.len();
    let mut rest = value.unsigned_abs();
    loop {
        at -= 1;
        digits[at] = b"0123456789"[usize::try_from(rest % 10).expect("a digit")];
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if value < 0 {
        at -= 1;
        digits[at] = b'-';
    }
    &digits[at..]
}

impl arithmetic::Variables for Shell {
    fn value(&mut self, name: &[u8]) -> Result<i64, String> {
        match self.variables.value(name) {
            None | Some(b"") => Ok(0),
            Some(value) => {
                arithmetic::parse_number(value).ok_or_else(|| format!("illegal number: {}", lossy(value)))
            }
        }
    }

    fn assign(&mut self, name: &[u8], value: i64) -> Result<(), String> {
        let mut digits = [0; 20];
        let text = decimal(value, &mut digits).to_vec();
        match self.variables.set(name, text) {
            Ok(()) => Ok(()),
            Err(_) => Err(format!("{}: is read only", lossy(name))),
        }
    }
}
