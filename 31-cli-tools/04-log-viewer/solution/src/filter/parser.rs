//! A recursive-descent parser: a function for each rule of the grammar, and the place of each error.
//!
//! There are no tokens: what a run of characters means depends on where it stands. Behind an operator `10.0.0.1/8` is a
//! value; before one it would be no name.

use regex::bytes::{Regex, RegexBuilder};

use super::FilterError;
use super::eval::{Comparison, Node, Test};
use crate::level::Level;
use crate::time::Clock;

/// Brackets and `not`s within one another: each takes stack.
const DEPTH_MAX: usize = 64;

/// A compiled regular expression takes no more.
const REGEX_BYTES_MAX: usize = 4 << 20;

/// The operators, longer ones before those that they begin with.
const OPERATORS: [(&str, Operator); 8] = [
    ("!=", Operator::Not(Comparison::Equal)),
    ("!~", Operator::NotMatch),
    ("<=", Operator::Is(Comparison::LessOrEqual)),
    (">=", Operator::Is(Comparison::GreaterOrEqual)),
    ("=", Operator::Is(Comparison::Equal)),
    ("~", Operator::Match),
    ("<", Operator::Is(Comparison::Less)),
    (">", Operator::Is(Comparison::Greater)),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Is(Comparison),
    Not(Comparison),
    Match,
    NotMatch,
}

struct Parser<'a> {
    text: &'a str,
    /// A byte offset, at a character.
    at: usize,
    depth: usize,
    clock: &'a Clock,
}

/// Parses a whole text.
pub(super) fn parse(text: &str, clock: &Clock) -> Result<Node, FilterError> {
    let mut parser = Parser {
        text,
        at: 0,
        depth: 0,
        clock,
    };
    let node = parser.or()?;
    parser.skip_blanks();
    match parser.rest().chars().next() {
        None => Ok(node),
        Some(')') => Err(parser.error("')' without its '('")),
        Some(_) => Err(parser.error("expected 'and' or 'or'")),
    }
}

/// Compiles a regular expression; its error is told in a line.
pub fn regex(pattern: &str) -> Result<Regex, String> {
    let compiled = RegexBuilder::new(pattern)
        .multi_line(true)
        .size_limit(REGEX_BYTES_MAX)
        .build();
    compiled.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "regular expression too large".to_owned(),
        error => {
            let text = error.to_string();
            let last = text.lines().last().unwrap_or_default();
            format!(
                "invalid regular expression: {}",
                last.trim_start_matches("error: ")
            )
        }
    })
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn error(&self, reason: impl Into<String>) -> FilterError {
        self.error_at(self.at, reason)
    }

    fn error_at(&self, offset: usize, reason: impl Into<String>) -> FilterError {
        FilterError::new(self.text, offset, reason)
    }

    fn skip_blanks(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    /// Takes `word` if it is next, and a word of its own.
    fn keyword(&mut self, word: &str) -> bool {
        self.skip_blanks();
        let is_next = self.rest().strip_prefix(word).is_some_and(|behind| {
            !behind.starts_with(is_name_character)
                && !OPERATORS.iter().any(|(text, _)| behind.starts_with(text))
        });
        if is_next {
            self.at += word.len();
        }
        is_next
    }

    /// Runs `rule` one level deeper.
    fn deeper<T>(
        &mut self,
        rule: impl FnOnce(&mut Self) -> Result<T, FilterError>,
    ) -> Result<T, FilterError> {
        if self.depth == DEPTH_MAX {
            return Err(self.error(format!("nested more than {DEPTH_MAX} deep")));
        }
        self.depth += 1;
        let result = rule(self);
        self.depth -= 1;
        result
    }

    /// `and { "or" and }`
    fn or(&mut self) -> Result<Node, FilterError> {
        let mut nodes = vec![self.and()?];
        while self.keyword("or") {
            nodes.push(self.and()?);
        }
        Ok(one_or(nodes, Node::Or))
    }

    /// `not { "and" not }`
    fn and(&mut self) -> Result<Node, FilterError> {
        let mut nodes = vec![self.not()?];
        while self.keyword("and") {
            nodes.push(self.not()?);
        }
        Ok(one_or(nodes, Node::And))
    }

    /// `"not" not | primary`
    fn not(&mut self) -> Result<Node, FilterError> {
        if self.keyword("not") {
            return self.deeper(Self::not).map(|node| Node::Not(Box::new(node)));
        }
        self.primary()
    }

    /// `"(" or ")" | "has" name | "~" value | name operator value | string`
    fn primary(&mut self) -> Result<Node, FilterError> {
        self.skip_blanks();
        let start = self.at;
        if self.rest().starts_with('(') {
            self.at += 1;
            let node = self.deeper(Self::or)?;
            self.skip_blanks();
            if !self.rest().starts_with(')') {
                return Err(match self.rest() {
                    "" => self.error_at(start, "'(' without its ')'"),
                    _ => self.error("expected 'and', 'or' or ')'"),
                });
            }
            self.at += 1;
            return Ok(node);
        }
        if self.rest().starts_with('~') {
            self.at += 1;
            return Ok(Node::Field("text".to_owned(), Test::Match(self.regex()?)));
        }
        if self.keyword("has") {
            self.skip_blanks();
            let name = self
                .name()?
                .ok_or_else(|| self.error("expected the name of a field"))?;
            return Ok(Node::Has(name));
        }
        let is_string = self.rest().starts_with('"');
        for word in ["and", "or"] {
            if self.keyword(word) {
                return Err(self.error_at(start, format!("expected a condition before '{word}'")));
            }
        }
        let name = self.name()?.ok_or_else(|| self.error("expected a condition"))?;
        match self.operator() {
            Some(operator) => self.condition(&name, start, operator),
            None if is_string => Ok(Node::contains(&name)),
            None => Err(self.error("expected an operator: = != < <= > >= ~ !~")),
        }
    }

    /// What stands behind the operator, as the field wants it.
    fn condition(&mut self, name: &str, name_at: usize, operator: Operator) -> Result<Node, FilterError> {
        let is_match = matches!(operator, Operator::Match | Operator::NotMatch);
        if is_match && matches!(name, "level" | "time") {
            return Err(self.error_at(name_at, format!("{name} is compared, not matched")));
        }
        let comparison = match operator {
            Operator::Is(comparison) | Operator::Not(comparison) => comparison,
            Operator::Match | Operator::NotMatch => {
                let node = Node::Field(name.to_owned(), Test::Match(self.regex()?));
                return Ok(negated(node, operator == Operator::NotMatch));
            }
        };
        let (value, at) = self.value()?;
        let node = match name {
            "level" => {
                let level = Level::from_name(value.as_bytes());
                Node::Level(comparison, level.ok_or_else(|| self.no_level(at, &value))?)
            }
            "time" => {
                let time_us = self.clock.value(&value);
                Node::Time(
                    comparison,
                    time_us.ok_or_else(|| self.error_at(at, format!("no time: {value}")))?,
                )
            }
            _ => {
                let number = value.parse().ok().filter(|number: &f64| number.is_finite());
                let test = match (comparison, number) {
                    (Comparison::Equal, number) => Test::Equal(value.into_bytes(), number),
                    (_, Some(number)) => Test::Compare(comparison, number),
                    (_, None) => return Err(self.error_at(at, format!("expected a number: {value}"))),
                };
                Node::Field(name.to_owned(), test)
            }
        };
        Ok(negated(node, matches!(operator, Operator::Not(_))))
    }

    fn no_level(&self, at: usize, value: &str) -> FilterError {
        let names = Level::ALL.map(Level::name).join(", ");
        self.error_at(at, format!("no level: {value} (there are {names})"))
    }

    fn operator(&mut self) -> Option<Operator> {
        self.skip_blanks();
        let (text, operator) = OPERATORS.iter().find(|(text, _)| self.rest().starts_with(text))?;
        self.at += text.len();
        Some(*operator)
    }

    fn regex(&mut self) -> Result<Regex, FilterError> {
        let (pattern, at) = self.value()?;
        regex(&pattern).map_err(|reason| self.error_at(at, reason))
    }

    /// `word | string`
    fn name(&mut self) -> Result<Option<String>, FilterError> {
        if self.rest().starts_with('"') {
            return self.string().map(Some);
        }
        let length = self.rest().find(|character| !is_name_character(character));
        let name = &self.rest()[..length.unwrap_or(self.rest().len())];
        self.at += name.len();
        Ok((!name.is_empty()).then(|| name.to_owned()))
    }

    /// `bare | string`, and where it begins. A bare one goes up to a blank or a closing bracket.
    fn value(&mut self) -> Result<(String, usize), FilterError> {
        self.skip_blanks();
        let at = self.at;
        if self.rest().starts_with('"') {
            return Ok((self.string()?, at));
        }
        let is_end = |character: char| character.is_whitespace() || matches!(character, ')' | '(' | '"');
        let length = self.rest().find(is_end).unwrap_or(self.rest().len());
        if length == 0 {
            return Err(self.error("expected a value"));
        }
        self.at += length;
        Ok((self.text[at..self.at].to_owned(), at))
    }

    /// `"…"`: a backslash stands before `"` and `\`; before any other character it is kept, for regular expressions.
    fn string(&mut self) -> Result<String, FilterError> {
        let start = self.at;
        let mut value = String::new();
        let mut characters = self.rest().char_indices().skip(1);
        while let Some((offset, character)) = characters.next() {
            match character {
                '"' => {
                    self.at = start + offset + 1;
                    return Ok(value);
                }
                '\\' => match characters.next() {
                    Some((_, escaped @ ('"' | '\\'))) => value.push(escaped),
                    Some((_, other)) => value.extend(['\\', other]),
                    None => break,
                },
                _ => value.push(character),
            }
        }
        Err(self.error_at(start, "'\"' without its second"))
    }
}

fn is_name_character(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | '@')
}

fn negated(node: Node, is_negated: bool) -> Node {
    if is_negated {
        Node::Not(Box::new(node))
    } else {
        node
    }
}

/// A single node as it is, several under one that joins them.
fn one_or(mut nodes: Vec<Node>, join: impl FnOnce(Vec<Node>) -> Node) -> Node {
    match nodes.len() {
        1 => nodes.remove(0),
        _ => join(nodes),
    }
}
