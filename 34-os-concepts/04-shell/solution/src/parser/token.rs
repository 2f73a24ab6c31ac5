//! Tokens (XCU 2.3): operators, words, and numbers in front of a redirection.

use super::{Parser, SyntaxError, SyntaxErrorKind};
use crate::ast::{Part, Word};

/// A token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A word; reserved words are told from others by where they stand.
    Word(Word),
    /// A number with `<` or `>` right behind it.
    Descriptor(i32),
    Operator(Operator),
    Newline,
    End,
}

/// An operator, by its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    AndIf,
    OrIf,
    DoubleSemicolon,
    SemicolonAnd,
    Semicolon,
    Ampersand,
    Pipe,
    Open,
    Close,
    Less,
    Great,
    DoubleGreat,
    LessGreat,
    Clobber,
    LessAnd,
    GreatAnd,
    DoubleLess,
    DoubleLessDash,
}

/// Longer operators first: the longest that fits is taken.
const OPERATORS: [(&str, Operator); 18] = [
    ("<<-", Operator::DoubleLessDash),
    ("<<", Operator::DoubleLess),
    ("<&", Operator::LessAnd),
    ("<>", Operator::LessGreat),
    ("<", Operator::Less),
    (">>", Operator::DoubleGreat),
    (">&", Operator::GreatAnd),
    (">|", Operator::Clobber),
    (">", Operator::Great),
    ("&&", Operator::AndIf),
    ("&", Operator::Ampersand),
    ("||", Operator::OrIf),
    ("|", Operator::Pipe),
    (";;", Operator::DoubleSemicolon),
    (";&", Operator::SemicolonAnd),
    (";", Operator::Semicolon),
    ("(", Operator::Open),
    (")", Operator::Close),
];

impl Operator {
    fn text(self) -> &'static str {
        OPERATORS
            .iter()
            .find(|(_, operator)| *operator == self)
            .map_or("", |(text, _)| text)
    }
}

impl Parser<'_> {
    /// The next token, which stays the next.
    #[inline]
    pub(super) fn peek(&mut self) -> Result<&Token, SyntaxError> {
        if self.peeked.is_none() {
            let token = self.read_token()?;
            self.peeked = Some(token);
        }
        Ok(self.peeked.as_ref().expect("it has just been put there"))
    }

    /// Consumes the next token.
    pub(super) fn next(&mut self) -> Result<Token, SyntaxError> {
        let token = match self.peeked.take() {
            Some(token) => token,
            None => self.read_token()?,
        };
        self.consumed = self.at;
        if matches!(token, Token::Newline) {
            self.read_documents()?;
        }
        Ok(token)
    }

    /// Consumes the next token if it is this operator.
    pub(super) fn take_operator(&mut self, operator: Operator) -> Result<bool, SyntaxError> {
        let found = matches!(self.peek()?, Token::Operator(found) if *found == operator);
        if found {
            self.next()?;
        }
        Ok(found)
    }

    /// The error that the next token cannot stand here.
    pub(super) fn unexpected<T>(&mut self, expected: &'static str) -> Result<T, SyntaxError> {
        let found = match self.peek()? {
            Token::End => "end of file".into(),
            Token::Newline => "newline".into(),
            Token::Operator(operator) => format!("\"{}\"", operator.text()),
            Token::Descriptor(number) => format!("\"{number}\""),
            Token::Word(_) => {
                let word = &self.text[self.token_start..self.at];
                format!("\"{}\"", String::from_utf8_lossy(word))
            }
        };
        Err(self.error(SyntaxErrorKind::Unexpected { found, expected }))
    }

    /// Newlines, with the here-documents behind them.
    pub(super) fn skip_newlines(&mut self) -> Result<(), SyntaxError> {
        while matches!(self.peek()?, Token::Newline) {
            self.next()?;
        }
        Ok(())
    }

    fn read_token(&mut self) -> Result<Token, SyntaxError> {
        while let Some(b' ' | b'\t') = self.byte() {
            self.at += 1;
        }
        if self.byte() == Some(b'#') {
            while self.raw(0).is_some_and(|byte| byte != b'\n') {
                self.at += 1;
            }
        }
        self.token_start = self.at;
        match self.byte() {
            None => Ok(Token::End),
            Some(b'\n') => {
                self.advance();
                Ok(Token::Newline)
            }
            Some(b'&' | b'|' | b';' | b'<' | b'>' | b'(' | b')') => Ok(Token::Operator(self.read_operator())),
            Some(_) => {
                let word = self.word()?;
                Ok(self
                    .descriptor(&word)
                    .map_or(Token::Word(word), Token::Descriptor))
            }
        }
    }

    fn read_operator(&mut self) -> Operator {
        let mut length = 0;
        let mut found = Operator::Semicolon;
        let mut seen = [0; 3];
        // A byte more as long as there is an operator that begins so. No proper prefix of an operator is none.
        while length < 3 {
            let Some(byte) = self.byte() else { break };
            seen[length] = byte;
            let exact = OPERATORS
                .iter()
                .find(|(text, _)| text.as_bytes() == &seen[..=length]);
            let Some((_, operator)) = exact else { break };
            found = *operator;
            length += 1;
            self.advance();
        }
        found
    }

    /// The number that a word is, if a redirection stands right behind it.
    fn descriptor(&mut self, word: &Word) -> Option<i32> {
        let [Part::Literal(digits)] = word.parts.as_slice() else {
            return None;
        };
        if !digits.iter().all(u8::is_ascii_digit) || !matches!(self.byte(), Some(b'<' | b'>')) {
            return None;
        }
        std::str::from_utf8(digits).ok()?.parse().ok()
    }
}
