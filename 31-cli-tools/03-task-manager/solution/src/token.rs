//! The words of a filter: blanks divide them, but not in quotes; parentheses and `!` stand for themselves.

use std::fmt;

use crate::parser::FilterError;

/// A word or a sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// `(`
    Open,
    /// `)`
    Close,
    /// `!`
    Bang,
    /// Without its quotes.
    Word(String),
    /// All of it stood in quotes.
    Quoted(String),
}

/// Divides a filter into its words.
///
/// # Errors
/// A quote is not closed.
pub fn tokens(text: &str) -> Result<Vec<Token>, FilterError> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, len) = match first {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            '!' => (Token::Bang, 1),
            _ => word(rest)?,
        };
        tokens.push(token);
        rest = rest[len..].trim_start();
    }
    Ok(tokens)
}

/// The word at the beginning of `text`, and its length with quotes.
fn word(text: &str) -> Result<(Token, usize), FilterError> {
    let mut word = String::new();
    let mut is_open = false;
    let mut end = text.len();
    for (index, c) in text.char_indices() {
        match c {
            '"' => is_open = !is_open,
            _ if !is_open && (c.is_whitespace() || c == '(' || c == ')') => {
                end = index;
                break;
            }
            _ => word.push(c),
        }
    }
    if is_open {
        return Err(FilterError::Quote);
    }
    let token = if text.starts_with('"') {
        Token::Quoted(word)
    } else {
        Token::Word(word)
    };
    Ok((token, end))
}

impl fmt::Display for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open => formatter.write_str("\"(\""),
            Self::Close => formatter.write_str("\")\""),
            Self::Bang => formatter.write_str("\"!\""),
            Self::Word(word) | Self::Quoted(word) => write!(formatter, "{word:?}"),
        }
    }
}
