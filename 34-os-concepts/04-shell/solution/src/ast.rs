//! What the parser makes of a script: the syntax tree, from lists down to the parts of a word.
//!
//! The tree keeps quoting as structure, for what an expansion does depends on it: `$x` is split into fields and `"$x"`
//! is not, `*` is a pattern and `'*'` is not (XCU 2.2, 2.6). Nothing here is expanded.
//!
//! ```text
//! List      AndOr ; AndOr & AndOr
//! AndOr     Pipeline && Pipeline || Pipeline
//! Pipeline  ! Command | Command
//! Command   Simple, Compound with its redirections, or Function
//! Word      Literal, Quoted, DoubleQuoted, Parameter, Command, Arithmetic
//! ```

use std::cell::OnceCell;
use std::rc::Rc;

use smallvec::SmallVec;

/// A string of the shell: bytes, for a file name need not be UTF-8.
pub type Text = Vec<u8>;

/// The text of a part of a word: a short one needs no allocation.
pub type Piece = SmallVec<[u8; 16]>;

/// The parts of a word: a single one needs no allocation.
pub type Parts = SmallVec<[Part; 1]>;

/// And-or lists, one after another (XCU 2.9.3).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct List {
    /// In the order of the script.
    pub items: Vec<AndOr>,
}

/// Pipelines with `&&` and `||` between them, which have the same precedence and group to the left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AndOr {
    /// The first pipeline.
    pub first: Pipeline,
    /// The others, each with the operator before it.
    pub rest: Vec<(Connector, Pipeline)>,
    /// Ended by `&`: run without waiting for it.
    pub background: bool,
    /// The text of it in the script, which `jobs` shows.
    pub source: Box<[u8]>,
}

/// What stands between two pipelines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connector {
    /// `&&`: the next runs if the status is zero.
    And,
    /// `||`: the next runs if it is not.
    Or,
}

/// Commands with `|` between them (XCU 2.9.2); often only one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pipeline {
    /// `!` before it.
    pub negated: bool,
    /// At least one.
    pub commands: Vec<Command>,
}

/// One command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Assignments, words and redirections (XCU 2.9.1).
    Simple(Simple),
    /// A compound command, with the redirections behind it (XCU 2.9.4).
    Compound(Compound, Vec<Redirection>),
    /// `name() compound` (XCU 2.9.5): what runs when it is called is the compound command with its redirections.
    Function(Text, Rc<Command>),
}

/// A simple command.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Simple {
    /// The line it starts on, counted from 1.
    pub line: usize,
    /// `name=word` in front of the command's name.
    pub assignments: Vec<Assignment>,
    /// The name and its arguments.
    pub words: Vec<Word>,
    /// Redirections, wherever they stood.
    pub redirections: Vec<Redirection>,
}

/// `name=word`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// A name: letters, digits and `_`, no digit first.
    pub name: Text,
    /// What is behind the `=`.
    pub value: Word,
}

/// A compound command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compound {
    /// `{ list; }`
    Group(List),
    /// `( list )`
    Subshell(List),
    /// `if list; then list; elif list; then list; else list; fi`
    If {
        /// Conditions with what they lead to; the first is the `if`, the others `elif`.
        branches: Vec<(List, List)>,
        /// Behind `else`.
        otherwise: Option<List>,
    },
    /// `while list; do list; done`, and `until`
    Loop {
        /// What is run before each round.
        condition: List,
        /// `until`: go on while the condition's status is not zero.
        until: bool,
        /// The round.
        body: List,
    },
    /// `for name in words; do list; done`
    For {
        /// The variable.
        variable: Text,
        /// `None` without `in`: the positional parameters.
        words: Option<Vec<Word>>,
        /// The round.
        body: List,
    },
    /// `case word in pattern) list;; esac`
    Case {
        /// What is compared.
        subject: Word,
        /// In the order of the script.
        arms: Vec<Arm>,
    },
}

/// One arm of a `case`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arm {
    /// Patterns with `|` between them.
    pub patterns: Vec<Word>,
    /// What runs.
    pub body: List,
    /// Ended by `;&`: the next arm's body runs too (POSIX.1-2024).
    pub falls_through: bool,
}

/// `[n]operator word` (XCU 2.7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirection {
    /// The descriptor that is redirected: the number before the operator, or the operator's default.
    pub descriptor: i32,
    /// What it becomes.
    pub target: Target,
}

/// What a descriptor is redirected to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// `< file`
    Read(Word),
    /// `> file`: refused for an existing regular file under `set -C`
    Write(Word),
    /// `>| file`: never refused
    Clobber(Word),
    /// `>> file`
    Append(Word),
    /// `<> file`
    ReadWrite(Word),
    /// `<& word` and `>& word`: a descriptor's number, or `-` to close
    Duplicate(Word),
    /// `<< word`: the body is read behind the line's end, so that the cell is filled later than it is made
    HereDocument(Rc<OnceCell<Word>>),
}

/// A word: its parts, joined.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Word {
    /// Two neighbours are never both literal.
    pub parts: Parts,
}

/// A part of a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Text without any quoting: `*`, `?`, `[` and a `~` at the beginning mean something.
    Literal(Piece),
    /// Text behind a backslash or in single quotes, and literal text inside double quotes.
    Quoted(Piece),
    /// `"…"`: `Quoted` text and expansions that are not split. May be empty.
    DoubleQuoted(Vec<Part>),
    /// `$x`, `${…}`
    Parameter(Box<Parameter>),
    /// `$(…)` and `` `…` ``
    Command(Rc<List>),
    /// `$((…))`: what is inside, as if in double quotes
    Arithmetic(Vec<Part>),
}

/// A parameter expansion (XCU 2.6.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Which parameter.
    pub name: Name,
    /// What is done with it.
    pub operation: Operation,
}

/// The name of a parameter (XCU 2.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Name {
    /// A variable.
    Variable(Text),
    /// `$1`, `${10}`; never 0.
    Positional(usize),
    /// One of `@ * # ? - $ ! 0`.
    Special(u8),
}

/// What an expansion does with its parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation {
    /// `$x`, `${x}`
    Value,
    /// `${#x}`
    Length,
    /// `${x-word}`; here and below `or_null` is the colon: a null value is taken as an unset one
    Default {
        /// `:-`
        or_null: bool,
        /// The word.
        word: Word,
    },
    /// `${x=word}`
    Assign {
        /// `:=`
        or_null: bool,
        /// The word.
        word: Word,
    },
    /// `${x?word}`
    Demand {
        /// `:?`
        or_null: bool,
        /// The word; an empty one stands for a message of the shell's own.
        word: Word,
    },
    /// `${x+word}`
    Alternative {
        /// `:+`
        or_null: bool,
        /// The word.
        word: Word,
    },
    /// `${x%word}`, `${x%%word}`, `${x#word}`, `${x##word}`
    Trim {
        /// Which end is trimmed.
        end: End,
        /// The doubled operator: as much as the pattern can match.
        longest: bool,
        /// The pattern.
        pattern: Word,
    },
}

/// One of two ends of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// `#`
    Prefix,
    /// `%`
    Suffix,
}
