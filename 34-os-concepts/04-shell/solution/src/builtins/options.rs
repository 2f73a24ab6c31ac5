//! `set`, `shift` and `getopts`: options and positional parameters.

use super::{count, operands, quoted};
use crate::ast::Text;
use crate::options::ALL;
use crate::shell::{ERROR, Outcome, Shell, lossy};

/// `set [-+abCefhmnuvx] [-+o name] [--] [argument …]`
pub(super) fn set(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    if fields.len() == 1 {
        list_variables(shell);
        return Ok(0);
    }
    if let Some(operands) = set_options(shell, &fields[1..])? {
        shell.parameters = operands;
    }
    Ok(0)
}

/// Sets the options at the beginning of `arguments`; the operands, if there are any or `--` says so.
pub(crate) fn set_options(shell: &mut Shell, arguments: &[Text]) -> Outcome<Option<Vec<Text>>> {
    let mut rest = arguments;
    while let Some((first, behind)) = rest.split_first() {
        let (value, letters) = match first.as_slice() {
            b"--" => return Ok(Some(behind.to_vec())),
            b"-" => {
                (shell.options.trace, shell.options.verbose) = (false, false);
                rest = behind;
                break;
            }
            [b'-', letters @ ..] => (true, letters),
            [b'+', letters @ ..] if !letters.is_empty() => (false, letters),
            _ => break,
        };
        rest = behind;
        for letter in letters {
            if *letter == b'o' {
                match rest.split_first() {
                    Some((name, behind)) => {
                        set_named(shell, name, value)?;
                        rest = behind;
                    }
                    None => list_options(shell, value),
                }
                continue;
            }
            match shell.options.by_letter(*letter) {
                Some(option) => *option = value,
                None => return shell.fail(format_args!("set: illegal option -{}", char::from(*letter))),
            }
            if *letter == b'm' {
                monitor(shell);
            }
        }
    }
    Ok((!rest.is_empty()).then(|| rest.to_vec()))
}

fn set_named(shell: &mut Shell, name: &[u8], value: bool) -> Outcome {
    match shell.options.by_name(name) {
        Some(option) => *option = value,
        None => return shell.fail(format_args!("set: illegal option -o {}", lossy(name))),
    }
    if name == b"monitor" {
        monitor(shell);
    }
    Ok(())
}

/// Job control needs the terminal, if there is one.
fn monitor(shell: &mut Shell) {
    if shell.options.monitor && shell.jobs.terminal().is_none() {
        shell.take_terminal();
    }
}

fn list_options(shell: &mut Shell, readable: bool) {
    for (index, (_, name)) in ALL.into_iter().enumerate() {
        let is_set = *shell.options.at(index);
        let line = if readable {
            format!("{name:<16}{}\n", if is_set { "on" } else { "off" })
        } else {
            format!("set {}o {name}\n", if is_set { '-' } else { '+' })
        };
        shell.out.extend(line.into_bytes());
    }
}

fn list_variables(shell: &mut Shell) {
    let mut out = Text::new();
    for (name, variable) in shell.variables.sorted() {
        if let Some(value) = &variable.value {
            out.extend_from_slice(name);
            out.push(b'=');
            out.extend(quoted(value));
            out.push(b'\n');
        }
    }
    shell.out.extend(out);
}

pub(super) fn shift(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    let shifted = operands(fields).first().map_or(Some(1), |text| count(text));
    match shifted {
        Some(shifted) if shifted <= shell.parameters.len() => {
            shell.parameters.drain(..shifted);
            Ok(0)
        }
        _ => shell.fail("shift: can't shift that many"),
    }
}

/// `getopts optstring name [argument …]`
pub(super) fn getopts(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    let [_, letters, name, arguments @ ..] = fields else {
        shell.complain("getopts: usage: getopts optstring name [argument …]");
        return Ok(ERROR);
    };
    if std::mem::take(&mut shell.variables.restarts_options) {
        shell.option_offset = 0;
    }
    let arguments = if arguments.is_empty() {
        shell.parameters.clone()
    } else {
        arguments.to_vec()
    };
    let index = shell
        .variables
        .value(b"OPTIND")
        .and_then(count)
        .filter(|index| *index > 0)
        .unwrap_or(1);
    let mut scan = Scan {
        index,
        offset: shell.option_offset,
    };
    let step = scan.step(letters, &arguments);
    let is_end = matches!(step, Step::End);
    let silent = letters.starts_with(b":");
    let (value, argument) = match step {
        Step::Option(letter, argument) => (vec![letter], argument),
        Step::Unknown(letter) => {
            if !silent {
                shell.complain(format_args!("illegal option -{}", char::from(letter)));
            }
            (b"?".to_vec(), silent.then(|| vec![letter]))
        }
        Step::NoArgument(letter) => {
            if !silent {
                shell.complain(format_args!("no argument for option -{}", char::from(letter)));
            }
            let value = if silent { b":" } else { b"?" };
            (value.to_vec(), silent.then(|| vec![letter]))
        }
        Step::End => (b"?".to_vec(), None),
    };
    shell.set_variable(name, value)?;
    match argument {
        Some(argument) => shell.set_variable(b"OPTARG", argument)?,
        None => drop(shell.variables.unset(b"OPTARG")),
    }
    shell.set_variable(b"OPTIND", scan.index.to_string().into())?;
    shell.variables.restarts_options = false;
    shell.option_offset = scan.offset;
    Ok(i32::from(is_end))
}

/// Where the next option is: in the argument with this number, counted from 1, at this byte; 0 for its beginning.
struct Scan {
    index: usize,
    offset: usize,
}

enum Step {
    Option(u8, Option<Text>),
    Unknown(u8),
    NoArgument(u8),
    End,
}

impl Scan {
    /// Takes the next option.
    fn step(&mut self, letters: &[u8], arguments: &[Text]) -> Step {
        let argument = arguments.get(self.index - 1);
        if self.offset == 0 || argument.is_none_or(|argument| self.offset >= argument.len()) {
            match argument.map(Vec::as_slice) {
                Some(b"--") => {
                    self.index += 1;
                    self.offset = 0;
                    return Step::End;
                }
                Some([b'-', _, ..]) => self.offset = 1,
                _ => {
                    self.offset = 0;
                    return Step::End;
                }
            }
        }
        let argument = &arguments[self.index - 1];
        let letter = argument[self.offset];
        self.offset += 1;
        let rest = argument[self.offset..].to_vec();
        if rest.is_empty() {
            self.index += 1;
            self.offset = 0;
        }
        let position = letters
            .iter()
            .position(|other| *other == letter && letter != b':');
        let Some(position) = position else {
            return Step::Unknown(letter);
        };
        if letters.get(position + 1) != Some(&b':') {
            return Step::Option(letter, None);
        }
        if !rest.is_empty() {
            self.index += 1;
            self.offset = 0;
            return Step::Option(letter, Some(rest));
        }
        match arguments.get(self.index - 1) {
            Some(argument) => {
                self.index += 1;
                Step::Option(letter, Some(argument.clone()))
            }
            None => Step::NoArgument(letter),
        }
    }
}
