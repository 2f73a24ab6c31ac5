//! Completion: what the word in front of the cursor can become. Commands where a command begins, variables behind `$`,
//! paths everywhere else.

use std::collections::BTreeSet;

use crate::ast::Text;

/// The names that a word can become, beside those of files.
#[derive(Debug, Default, Clone)]
pub struct Names {
    commands: BTreeSet<Text>,
    variables: BTreeSet<Text>,
    path: Text,
    home: Text,
}

/// What a word can become.
#[derive(Debug, PartialEq, Eq)]
pub struct Completion {
    /// Where in the line the text stands that a candidate replaces, up to the cursor.
    pub start: usize,
    /// Sorted; with a slash behind a directory, and a backslash before what would mean something.
    pub candidates: Vec<String>,
}

impl Names {
    /// Built-in commands, functions and aliases, variables, and the values of `PATH` and `HOME`.
    pub fn new(
        builtins: impl Iterator<Item = Text>,
        functions: impl Iterator<Item = Text>,
        variables: impl Iterator<Item = Text>,
        path: &[u8],
        home: &[u8],
    ) -> Self {
        Self {
            commands: builtins.chain(functions).collect(),
            variables: variables.collect(),
            path: path.to_vec(),
            home: home.to_vec(),
        }
    }
}

/// Completes the word at the end of `line`.
pub fn complete(line: &str, names: &Names) -> Completion {
    todo!("complete {line:?} with {names:?}")
}
