//! Lists, pipelines and simple commands. The grammar (XCU 2.10.2) stands above each function.

use std::cell::OnceCell;
use std::rc::Rc;

use super::token::{Operator, Token};
use super::{Awaited, Parser, SyntaxError};
use crate::arithmetic::name_length;
use crate::ast::{AndOr, Assignment, Command, Connector, List, Pipeline, Redirection, Simple, Target, Word};

/// Words that are reserved where a command may begin (XCU 2.4).
const RESERVED: [&[u8]; 16] = [
    b"!", b"{", b"}", b"case", b"do", b"done", b"elif", b"else", b"esac", b"fi", b"for", b"if", b"in",
    b"then", b"until", b"while",
];

/// Reserved words that end a list.
const CLOSING: [&[u8]; 8] = [b"}", b"do", b"done", b"elif", b"else", b"esac", b"fi", b"then"];

impl Parser<'_> {
    /// `complete_command = [and_or ((; | &) and_or)* [; | &]] (newline | end)`
    pub(super) fn complete_command(&mut self) -> Result<Option<List>, SyntaxError> {
        let mut list = List::default();
        match self.peek()? {
            Token::End => return Ok(None),
            Token::Newline => {
                self.next()?;
                return Ok(Some(list));
            }
            _ => {}
        }
        loop {
            list.items.push(self.and_or()?);
            let separated = self.separator(&mut list)?;
            match self.peek()? {
                Token::Newline => {
                    self.next()?;
                    return Ok(Some(list));
                }
                Token::End => return Ok(Some(list)),
                _ if separated => {}
                _ => return self.unexpected(""),
            }
        }
    }

    /// `;` or `&` behind an and-or list.
    fn separator(&mut self, list: &mut List) -> Result<bool, SyntaxError> {
        if self.take_operator(Operator::Semicolon)? {
            return Ok(true);
        }
        let background = self.take_operator(Operator::Ampersand)?;
        if background {
            let last = list
                .items
                .last_mut()
                .expect("a separator stands behind something");
            last.background = true;
        }
        Ok(background)
    }

    /// `compound_list = newline* and_or ((; | & | newline+) and_or)* [; | &] newline*`
    pub(super) fn compound_list(&mut self) -> Result<List, SyntaxError> {
        self.skip_newlines()?;
        let list = self.compound_list_or_nothing()?;
        if list.items.is_empty() {
            return self.unexpected("");
        }
        Ok(list)
    }

    /// The same, but it may be empty.
    pub(super) fn compound_list_or_nothing(&mut self) -> Result<List, SyntaxError> {
        let mut list = List::default();
        while !self.at_end_of_list()? {
            list.items.push(self.and_or()?);
            let mut separated = self.separator(&mut list)?;
            separated |= *self.peek()? == Token::Newline;
            self.skip_newlines()?;
            if !separated {
                break;
            }
        }
        Ok(list)
    }

    fn at_end_of_list(&mut self) -> Result<bool, SyntaxError> {
        self.replace_alias()?;
        Ok(match self.peek()? {
            Token::End => true,
            Token::Operator(operator) => matches!(
                operator,
                Operator::Close | Operator::DoubleSemicolon | Operator::SemicolonAnd
            ),
            Token::Word(word) => word.literal().is_some_and(|text| CLOSING.contains(&text)),
            _ => false,
        })
    }

    /// `and_or = pipeline ((&& | ||) newline* pipeline)*`
    fn and_or(&mut self) -> Result<AndOr, SyntaxError> {
        self.peek()?;
        let start = self.token_start;
        let first = self.pipeline()?;
        let mut rest = Vec::new();
        loop {
            let connector = if self.take_operator(Operator::AndIf)? {
                Connector::And
            } else if self.take_operator(Operator::OrIf)? {
                Connector::Or
            } else {
                break;
            };
            self.skip_newlines()?;
            rest.push((connector, self.pipeline()?));
        }
        // An alias moves what is behind it, so that the text can be shorter than it was.
        let source = self.text.get(start..self.consumed).unwrap_or_default();
        let source = source.trim_ascii().into();
        Ok(AndOr {
            first,
            rest,
            background: false,
            source,
        })
    }

    /// `pipeline = [!] command (| newline* command)*`
    fn pipeline(&mut self) -> Result<Pipeline, SyntaxError> {
        let mut negated = false;
        self.replace_alias()?;
        while self.take_reserved(b"!")? {
            negated = !negated;
        }
        let mut commands = vec![self.deeper(Self::command)?];
        while self.take_operator(Operator::Pipe)? {
            self.skip_newlines()?;
            commands.push(self.deeper(Self::command)?);
        }
        Ok(Pipeline { negated, commands })
    }

    /// `command = compound redirection* | simple | function`
    fn command(&mut self) -> Result<Command, SyntaxError> {
        self.replace_alias()?;
        if let Some(compound) = self.compound()? {
            let redirections = self.redirections()?;
            return Ok(Command::Compound(compound, redirections));
        }
        self.simple()
    }

    /// `simple = (assignment | redirection)* [word (word | redirection)*]`; `function = name ( ) …`
    fn simple(&mut self) -> Result<Command, SyntaxError> {
        let mut simple = Simple {
            line: self.line,
            ..Simple::default()
        };
        let mut is_empty = true;
        loop {
            match self.peek()? {
                Token::Word(_) => {
                    if !simple.words.is_empty() {
                        self.replace_alias_behind()?;
                    } else if !is_empty {
                        self.replace_alias()?;
                    }
                    let Token::Word(word) = self.next()? else { continue };
                    if let Some(name) = self.function_name(&simple, is_empty, &word)? {
                        return self.function(name);
                    }
                    self.simple_word(&mut simple, word);
                }
                Token::Descriptor(_) | Token::Operator(_) => {
                    let Some(redirection) = self.redirection()? else {
                        break;
                    };
                    simple.redirections.push(redirection);
                }
                Token::Newline | Token::End => break,
            }
            is_empty = false;
        }
        if is_empty {
            return self.unexpected("");
        }
        Ok(Command::Simple(simple))
    }

    fn simple_word(&mut self, simple: &mut Simple, word: Word) {
        let word = if simple.words.is_empty() {
            match word.into_assignment() {
                Ok((name, value)) => {
                    simple.assignments.push(Assignment { name, value });
                    return;
                }
                Err(word) => word,
            }
        } else {
            word
        };
        simple.words.push(word);
    }

    /// The name, if a function's definition begins here.
    fn function_name(
        &mut self,
        simple: &Simple,
        is_first: bool,
        word: &Word,
    ) -> Result<Option<Vec<u8>>, SyntaxError> {
        if !is_first || !simple.words.is_empty() || *self.peek()? != Token::Operator(Operator::Open) {
            return Ok(None);
        }
        match word.literal() {
            Some(text) if name_length(text) == text.len() => Ok(Some(text.to_vec())),
            _ => self.unexpected(""),
        }
    }

    /// Redirections, as many as there are.
    pub(super) fn redirections(&mut self) -> Result<Vec<Redirection>, SyntaxError> {
        let mut redirections = Vec::new();
        while let Some(redirection) = self.redirection()? {
            redirections.push(redirection);
        }
        Ok(redirections)
    }

    /// `redirection = [number] (< | > | >> | <> | >| | <& | >& | << | <<-) word`
    fn redirection(&mut self) -> Result<Option<Redirection>, SyntaxError> {
        let number = match self.peek()? {
            Token::Descriptor(number) => {
                let number = *number;
                self.next()?;
                Some(number)
            }
            _ => None,
        };
        let operator = match self.peek()? {
            Token::Operator(operator) => *operator,
            _ => return Ok(None),
        };
        let (default, file): (i32, fn(Word) -> Target) = match operator {
            Operator::Less => (0, Target::Read),
            Operator::Great => (1, Target::Write),
            Operator::Clobber => (1, Target::Clobber),
            Operator::DoubleGreat => (1, Target::Append),
            Operator::LessGreat => (0, Target::ReadWrite),
            Operator::LessAnd => (0, Target::Duplicate),
            Operator::GreatAnd => (1, Target::Duplicate),
            Operator::DoubleLess | Operator::DoubleLessDash => (0, Target::Read),
            _ => return Ok(None),
        };
        self.next()?;
        if !matches!(self.peek()?, Token::Word(_)) {
            return self.unexpected("");
        }
        let Token::Word(word) = self.next()? else {
            unreachable!("the next token is a word");
        };
        let target = match operator {
            Operator::DoubleLess | Operator::DoubleLessDash => {
                let (delimiter, quoted) = self.delimiter(&word);
                let stripped = operator == Operator::DoubleLessDash;
                let body = Rc::new(OnceCell::new());
                let shared = Rc::clone(&body);
                self.awaited.push(Awaited {
                    delimiter,
                    quoted,
                    stripped,
                    body: shared,
                });
                Target::HereDocument(body)
            }
            _ => file(word),
        };
        Ok(Some(Redirection {
            descriptor: number.unwrap_or(default),
            target,
        }))
    }

    /// Consumes the next token if it is this reserved word. The caller knows that one can stand here.
    pub(super) fn take_reserved(&mut self, reserved: &[u8]) -> Result<bool, SyntaxError> {
        let found = matches!(self.peek()?, Token::Word(word) if word.literal() == Some(reserved));
        if found {
            self.next()?;
        }
        Ok(found)
    }

    /// Puts an alias's text in place of its name, if the next token is one (XCU 2.3.1), again and again.
    pub(super) fn replace_alias(&mut self) -> Result<(), SyntaxError> {
        if self.aliases.borrow().is_empty() {
            return Ok(());
        }
        while let Token::Word(word) = self.peek()? {
            let Some(name) = word.literal().filter(|name| !RESERVED.contains(name)) else {
                break;
            };
            let name = name.to_vec();
            let start = self.token_start;
            self.active.retain(|(_, end)| start < *end);
            if self.active.iter().any(|(active, _)| *active == name) {
                break;
            }
            let Some(text) = self.aliases.borrow().get(&name).cloned() else {
                break;
            };
            let end = start + text.len();
            let removed = self.at - start;
            for (_, outer) in &mut self.active {
                *outer = *outer + text.len() - removed;
            }
            if text.last().is_some_and(|byte| matches!(byte, b' ' | b'\t')) {
                self.alias_behind = Some(end);
            }
            self.active.push((name, end));
            self.text.splice(start..self.at, text);
            self.at = start;
            self.peeked = None;
        }
        Ok(())
    }

    /// The same for the first word behind an alias that ends in a blank.
    fn replace_alias_behind(&mut self) -> Result<(), SyntaxError> {
        if self.alias_behind.is_some_and(|end| self.token_start >= end) {
            self.alias_behind = None;
            self.replace_alias()?;
        }
        Ok(())
    }
}
