//! What a name stands for: `command`, `type`, `hash`.

use super::operands;
use crate::ast::Text;
use crate::command::{Meaning, Missing, search};
use crate::shell::{Flow, Outcome, Shell, lossy};

/// Where the standard utilities are (`getconf PATH`).
const STANDARD_PATH: &[u8] = b"/usr/bin:/bin";

/// Words that the grammar knows.
const KEYWORDS: [&[u8]; 16] = [
    b"!", b"{", b"}", b"case", b"do", b"done", b"elif", b"else", b"esac", b"fi", b"for", b"if", b"in",
    b"then", b"until", b"while",
];

/// `command [-p] name …` runs a command that is no function; `-v` and `-V` tell what a name stands for.
pub(super) fn command(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    let (mut standard, mut short, mut long) = (false, false, false);
    let mut rest = &fields[1..];
    while let Some([b'-', letters @ ..]) = rest.first().map(Vec::as_slice) {
        rest = &rest[1..];
        if letters == b"-" {
            break;
        }
        for letter in letters {
            match letter {
                b'p' => standard = true,
                b'v' => short = true,
                b'V' => long = true,
                _ => return shell.fail(format_args!("command: bad option -{}", char::from(*letter))),
            }
        }
    }
    let Some(name) = rest.first() else {
        return Ok(0);
    };
    let path = standard.then(|| search(STANDARD_PATH, name));
    if short || long {
        let path = path.unwrap_or_else(|| shell.find_program(name));
        return Ok(i32::from(!describe(shell, name, long, path)) * 127);
    }
    run(shell, rest, path)
}

fn run(shell: &mut Shell, fields: &[Text], path: Option<Result<Text, Missing>>) -> Outcome<i32> {
    let builtin = match shell.meaning(&fields[0]) {
        Meaning::Special(builtin) | Meaning::Regular(builtin) => Some(builtin),
        Meaning::Function(_) => super::find(&fields[0]),
        Meaning::Program => None,
    };
    if let Some(builtin) = builtin {
        // The properties of a special one are lost: its errors end nothing.
        return match (builtin.run)(shell, fields) {
            Err(Flow::Error) => Ok(shell.status),
            outcome => outcome,
        };
    }
    let mut fields = fields.to_vec();
    match path {
        Some(Ok(path)) => fields[0] = path,
        Some(Err(missing)) => return Ok(shell.tell_missing(&fields[0], missing)),
        None => {}
    }
    let _ = shell.flush();
    let source = fields.join(&b' ');
    shell.run_job(&source, |shell| shell.execute(&fields, &[]))?;
    Ok(shell.status)
}

pub(super) fn type_of(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    let mut status = 0;
    for name in operands(fields) {
        let path = shell.find_program(name);
        if !describe(shell, name, true, path) {
            status = 127;
        }
    }
    Ok(status)
}

/// Prints what a name stands for; false when that is nothing.
fn describe(shell: &mut Shell, name: &[u8], long: bool, path: Result<Text, Missing>) -> bool {
    let title = lossy(name);
    let alias = shell.aliases.borrow().get(name).cloned();
    let (short, sentence) = if KEYWORDS.contains(&name) {
        (title.clone().into_owned(), format!("{title} is a shell keyword"))
    } else if let Some(text) = alias {
        let quoted = super::quoted(&text);
        (
            format!("alias {title}={}", lossy(&quoted)),
            format!("{title} is an alias for {}", lossy(&text)),
        )
    } else {
        match shell.meaning(name) {
            Meaning::Special(_) => (
                title.clone().into_owned(),
                format!("{title} is a special shell builtin"),
            ),
            Meaning::Function(_) => (title.clone().into_owned(), format!("{title} is a shell function")),
            Meaning::Regular(_) => (title.clone().into_owned(), format!("{title} is a shell builtin")),
            Meaning::Program => match path {
                Ok(path) if !name.contains(&b'/') || crate::glob::path_of(&path).is_file() => {
                    let path = lossy(&path).into_owned();
                    let sentence = format!("{title} is {path}");
                    (path, sentence)
                }
                _ => {
                    if long {
                        shell.complain(format_args!("{title}: not found"));
                    }
                    return false;
                }
            },
        }
    };
    let line = if long { sentence } else { short };
    shell.out.extend(format!("{line}\n").into_bytes());
    true
}

/// `hash [-r] [name …]`
pub(super) fn hash(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    if fields.get(1).is_some_and(|option| option == b"-r") {
        shell.found.clear();
        return Ok(0);
    }
    let mut status = 0;
    for name in operands(fields) {
        if shell.find_program(name).is_err() {
            shell.complain(format_args!("hash: {}: not found", lossy(name)));
            status = 1;
        }
    }
    if operands(fields).is_empty() {
        let paths: Vec<Text> = shell.found.values().cloned().collect();
        for path in paths {
            shell.out.extend(path);
            shell.out.push(b'\n');
        }
    }
    Ok(status)
}
