//! `export`, `readonly` and `unset`.

use super::quoted;
use crate::arithmetic::name_length;
use crate::ast::Text;
use crate::shell::{Outcome, Shell, lossy};
use crate::variables::Variable;

pub(super) fn export(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    declare(
        shell,
        fields,
        |variable| variable.exported,
        |variable| variable.exported = true,
    )
}

pub(super) fn readonly(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    declare(
        shell,
        fields,
        |variable| variable.read_only,
        |variable| variable.read_only = true,
    )
}

fn declare(
    shell: &mut Shell,
    fields: &[Text],
    is: fn(&Variable) -> bool,
    make: fn(&mut Variable),
) -> Outcome<i32> {
    let operands: Vec<&Text> = fields[1..].iter().filter(|text| *text != b"--").collect();
    if operands.is_empty() || operands == [b"-p"] {
        list(shell, &fields[0], is);
        return Ok(0);
    }
    for operand in operands {
        let length = name_length(operand);
        let value = match operand.get(length) {
            _ if length == 0 => return bad_name(shell, fields, operand),
            None => None,
            Some(b'=') => Some(operand[length + 1..].to_vec()),
            Some(_) => return bad_name(shell, fields, operand),
        };
        let name = &operand[..length];
        if let Some(value) = value {
            shell.set_variable(name, value)?;
        }
        make(shell.variables.entry(name));
    }
    Ok(0)
}

fn bad_name<T>(shell: &mut Shell, fields: &[Text], name: &[u8]) -> Outcome<T> {
    shell.fail(format_args!(
        "{}: {}: bad variable name",
        lossy(&fields[0]),
        lossy(name)
    ))
}

/// What is declared so, as commands that declare it.
fn list(shell: &mut Shell, command: &[u8], is: fn(&Variable) -> bool) {
    let mut out = Text::new();
    for (name, variable) in shell
        .variables
        .sorted()
        .into_iter()
        .filter(|(_, variable)| is(variable))
    {
        out.extend_from_slice(command);
        out.push(b' ');
        out.extend_from_slice(name);
        if let Some(value) = &variable.value {
            out.push(b'=');
            out.extend(quoted(value));
        }
        out.push(b'\n');
    }
    shell.out.extend(out);
}

pub(super) fn unset(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    let (functions, names) = match fields[1..].split_first() {
        Some((option, rest)) if option == b"-f" => (true, rest),
        Some((option, rest)) if option == b"-v" || option == b"--" => (false, rest),
        _ => (false, &fields[1..]),
    };
    for name in names {
        if functions {
            shell.functions.remove(name);
        } else if name_length(name) != name.len() {
            return bad_name(shell, fields, name);
        } else if shell.variables.unset(name).is_err() {
            return shell.fail(format_args!("unset: {}: is read only", lossy(name)));
        }
    }
    Ok(0)
}
