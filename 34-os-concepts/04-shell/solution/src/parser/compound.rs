//! Compound commands and functions (XCU 2.9.4, 2.9.5). The grammar stands above each function.

use std::rc::Rc;

use super::token::{Operator, Token};
use super::{Parser, SyntaxError};
use crate::arithmetic::name_length;
use crate::ast::{Arm, Command, Compound, List, Text, Word};

impl Parser<'_> {
    /// `compound = group | subshell | if | loop | for | case`, if one begins here.
    pub(super) fn compound(&mut self) -> Result<Option<Compound>, SyntaxError> {
        if self.take_operator(Operator::Open)? {
            let list = self.compound_list()?;
            if !self.take_operator(Operator::Close)? {
                return self.unexpected("\")\"");
            }
            return Ok(Some(Compound::Subshell(list)));
        }
        let Token::Word(word) = self.peek()? else {
            return Ok(None);
        };
        let Some(keyword) = word.literal() else {
            return Ok(None);
        };
        let parse: fn(&mut Self) -> Result<Compound, SyntaxError> = match keyword {
            b"{" => Self::group,
            b"if" => Self::if_command,
            b"while" => |parser| parser.loop_command(false),
            b"until" => |parser| parser.loop_command(true),
            b"for" => Self::for_command,
            b"case" => Self::case_command,
            b"}" | b"do" | b"done" | b"elif" | b"else" | b"esac" | b"fi" | b"then" | b"!" => {
                return self.unexpected("");
            }
            _ => return Ok(None),
        };
        self.next()?;
        parse(self).map(Some)
    }

    fn expect_reserved(&mut self, reserved: &'static str) -> Result<(), SyntaxError> {
        if self.take_reserved(reserved.as_bytes())? {
            Ok(())
        } else {
            self.unexpected(reserved)
        }
    }

    /// `group = { compound_list }`
    fn group(&mut self) -> Result<Compound, SyntaxError> {
        let list = self.compound_list()?;
        self.expect_reserved("}")?;
        Ok(Compound::Group(list))
    }

    /// `if = if compound_list then compound_list (elif compound_list then compound_list)* [else compound_list] fi`
    fn if_command(&mut self) -> Result<Compound, SyntaxError> {
        let mut branches = Vec::new();
        loop {
            let condition = self.compound_list()?;
            self.expect_reserved("then")?;
            branches.push((condition, self.compound_list()?));
            if !self.take_reserved(b"elif")? {
                break;
            }
        }
        let otherwise = if self.take_reserved(b"else")? {
            Some(self.compound_list()?)
        } else {
            None
        };
        self.expect_reserved("fi")?;
        Ok(Compound::If { branches, otherwise })
    }

    /// `loop = (while | until) compound_list do_group`
    fn loop_command(&mut self, until: bool) -> Result<Compound, SyntaxError> {
        let condition = self.compound_list()?;
        let body = self.do_group()?;
        Ok(Compound::Loop {
            condition,
            until,
            body,
        })
    }

    /// `do_group = do compound_list done`
    fn do_group(&mut self) -> Result<List, SyntaxError> {
        self.expect_reserved("do")?;
        let body = self.compound_list()?;
        self.expect_reserved("done")?;
        Ok(body)
    }

    /// `for = for name [newline* in word* (; | newline) | ;] newline* do_group`
    fn for_command(&mut self) -> Result<Compound, SyntaxError> {
        let variable = self.name()?;
        let is_ended = self.take_operator(Operator::Semicolon)?;
        self.skip_newlines()?;
        let mut words = None;
        if !is_ended && self.take_reserved(b"in")? {
            let list = words.insert(Vec::new());
            while matches!(self.peek()?, Token::Word(_)) {
                if let Token::Word(word) = self.next()? {
                    list.push(word);
                }
            }
            if !self.take_operator(Operator::Semicolon)? && *self.peek()? != Token::Newline {
                return self.unexpected("");
            }
            self.skip_newlines()?;
        }
        let body = self.do_group()?;
        Ok(Compound::For {
            variable,
            words,
            body,
        })
    }

    fn name(&mut self) -> Result<Text, SyntaxError> {
        if let Token::Word(word) = self.peek()?
            && let Some(text) = word.literal()
            && name_length(text) == text.len()
        {
            let name = text.to_vec();
            self.next()?;
            return Ok(name);
        }
        self.unexpected("a name")
    }

    /// `case = case word newline* in newline* (arm newline*)* esac`
    fn case_command(&mut self) -> Result<Compound, SyntaxError> {
        let subject = self.any_word()?;
        self.skip_newlines()?;
        self.expect_reserved("in")?;
        self.skip_newlines()?;
        let mut arms = Vec::new();
        while !self.take_reserved(b"esac")? {
            let (arm, is_ended) = self.arm()?;
            arms.push(arm);
            if !is_ended {
                self.expect_reserved("esac")?;
                break;
            }
            self.skip_newlines()?;
        }
        Ok(Compound::Case { subject, arms })
    }

    /// `arm = [(] word (| word)* ) newline* [compound_list] [;; | ;&]`; only the last may have no end.
    fn arm(&mut self) -> Result<(Arm, bool), SyntaxError> {
        self.take_operator(Operator::Open)?;
        let mut patterns = vec![self.any_word()?];
        while self.take_operator(Operator::Pipe)? {
            patterns.push(self.any_word()?);
        }
        if !self.take_operator(Operator::Close)? {
            return self.unexpected("\")\"");
        }
        self.skip_newlines()?;
        let body = self.compound_list_or_nothing()?;
        let falls_through = self.take_operator(Operator::SemicolonAnd)?;
        let is_ended = falls_through || self.take_operator(Operator::DoubleSemicolon)?;
        Ok((
            Arm {
                patterns,
                body,
                falls_through,
            },
            is_ended,
        ))
    }

    fn any_word(&mut self) -> Result<Word, SyntaxError> {
        if !matches!(self.peek()?, Token::Word(_)) {
            return self.unexpected("a word");
        }
        match self.next()? {
            Token::Word(word) => Ok(word),
            _ => unreachable!("the next token is a word"),
        }
    }

    /// Behind a name: `function = ( ) newline* compound redirection*`
    pub(super) fn function(&mut self, name: Text) -> Result<Command, SyntaxError> {
        self.next()?;
        if !self.take_operator(Operator::Close)? {
            return self.unexpected("\")\"");
        }
        self.skip_newlines()?;
        let Some(compound) = self.compound()? else {
            return self.unexpected("a compound command");
        };
        let redirections = self.redirections()?;
        let body = Command::Compound(compound, redirections);
        Ok(Command::Function(name, Rc::new(body)))
    }
}
