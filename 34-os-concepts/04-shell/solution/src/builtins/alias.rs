//! `alias` and `unalias`.

use super::{operands, quoted};
use crate::ast::Text;
use crate::shell::{Outcome, Shell, lossy};

pub(super) fn alias(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    let operands = operands(fields);
    if operands.is_empty() {
        for (name, text) in shell.aliases.borrow().iter() {
            print(&mut shell.out, name, text);
        }
        return Ok(0);
    }
    let mut status = 0;
    for operand in operands {
        if let Some(end) = operand.iter().skip(1).position(|byte| *byte == b'=') {
            let (name, text) = (operand[..=end].to_vec(), operand[end + 2..].to_vec());
            shell.aliases.borrow_mut().insert(name, text);
        } else if let Some(text) = shell.aliases.borrow().get(operand) {
            print(&mut shell.out, operand, text);
        } else {
            shell.complain(format_args!("alias: {}: not found", lossy(operand)));
            status = 1;
        }
    }
    Ok(status)
}

fn print(out: &mut Text, name: &[u8], text: &[u8]) {
    out.extend_from_slice(name);
    out.push(b'=');
    out.extend(quoted(text));
    out.push(b'\n');
}

pub(super) fn unalias(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    let mut status = 0;
    for operand in operands(fields) {
        if operand == b"-a" {
            shell.aliases.borrow_mut().clear();
        } else if shell.aliases.borrow_mut().remove(operand).is_none() {
            shell.complain(format_args!("unalias: {}: not found", lossy(operand)));
            status = 1;
        }
    }
    Ok(status)
}
