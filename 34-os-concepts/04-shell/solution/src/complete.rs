//! Completion: what the word in front of the cursor can become. Commands where a command begins, variables behind `$`,
//! paths everywhere else.

use std::collections::BTreeSet;
use std::os::unix::ffi::OsStringExt;

use crate::ast::Text;
use crate::glob::path_of;
use crate::kernel;

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
    let start = word_start(line);
    let word = &line[start..];
    if let Some(dollar) = word.rfind('$')
        && word[dollar + 1..]
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    {
        let start = start + dollar + 1;
        let candidates = starting(names.variables.iter(), &line.as_bytes()[start..]);
        return Completion { start, candidates };
    }
    let plain = without_quoting(word);
    let candidates = if is_command(&line[..start]) && !plain.contains(&b'/') {
        commands(&plain, names)
    } else {
        paths(&plain, names)
    };
    Completion { start, candidates }
}

/// Where the last word begins: behind the last blank or operator that is not quoted.
fn word_start(line: &str) -> usize {
    let mut start = 0;
    let mut quote = None;
    let mut escaped = false;
    for (at, character) in line.char_indices() {
        match (quote, character) {
            _ if escaped => escaped = false,
            (None | Some('"'), '\\') => escaped = true,
            (Some(open), _) if open == character => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(character),
            (None, ' ' | '\t' | ';' | '&' | '|' | '<' | '>' | '(' | ')' | '`') => start = at + 1,
            (None, _) => {}
        }
    }
    start
}

/// Whether a command begins behind this text.
fn is_command(before: &str) -> bool {
    let before = before.trim_end();
    let last = before.rsplit([' ', '\t', ';']).next().unwrap_or("");
    before.is_empty()
        || before.ends_with([';', '&', '|', '(', '`'])
        || matches!(
            last,
            "if" | "then" | "elif" | "else" | "while" | "until" | "do" | "!" | "{" | "exec" | "command"
        )
}

/// A word as it is without quotes and backslashes.
fn without_quoting(word: &str) -> Text {
    let mut plain = Text::new();
    let mut bytes = word.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\'' | b'"' => {}
            b'\\' => plain.extend(bytes.next()),
            _ => plain.push(byte),
        }
    }
    plain
}

fn starting<'a>(names: impl Iterator<Item = &'a Text>, prefix: &[u8]) -> Vec<String> {
    names
        .filter(|name| name.starts_with(prefix))
        .map(|name| quoted(name))
        .collect()
}

fn commands(prefix: &[u8], names: &Names) -> Vec<String> {
    let mut found = names.commands.clone();
    for directory in names
        .path
        .split(|byte| *byte == b':')
        .filter(|directory| !directory.is_empty())
    {
        let entries = std::fs::read_dir(path_of(directory))
            .into_iter()
            .flatten()
            .flatten();
        for entry in entries {
            let name = entry.file_name().into_vec();
            if name.starts_with(prefix) && kernel::may_access(&entry.path(), libc::X_OK) {
                found.insert(name);
            }
        }
    }
    starting(found.iter(), prefix)
}

fn paths(word: &[u8], names: &Names) -> Vec<String> {
    let length = word
        .iter()
        .rposition(|byte| *byte == b'/')
        .map_or(0, |slash| slash + 1);
    let (directory, prefix) = word.split_at(length);
    let real = match directory.strip_prefix(b"~/") {
        Some(rest) => [&names.home, b"/".as_slice(), rest].concat(),
        None if directory.is_empty() => b".".to_vec(),
        None => directory.to_vec(),
    };
    let entries = std::fs::read_dir(path_of(&real)).into_iter().flatten().flatten();
    let mut found: Vec<String> = Vec::new();
    for entry in entries {
        let name = entry.file_name().into_vec();
        // Hidden files are for those who ask for them.
        if !name.starts_with(prefix) || (name.starts_with(b".") && prefix.is_empty()) {
            continue;
        }
        let tilde = if directory.starts_with(b"~/") { "~" } else { "" };
        let text = quoted(&[&directory[tilde.len()..], name.as_slice()].concat());
        let slash = if entry.path().is_dir() { "/" } else { "" };
        found.push(format!("{tilde}{text}{slash}"));
    }
    found.sort_unstable();
    found
}

/// A name as it is typed: with a backslash before each byte that would mean something.
fn quoted(name: &[u8]) -> String {
    let mut text = String::new();
    for character in String::from_utf8_lossy(name).chars() {
        if " \t\n'\"\\$`&|;<>()*?[]#~!{}".contains(character) {
            text.push('\\');
        }
        text.push(character);
    }
    text
}
