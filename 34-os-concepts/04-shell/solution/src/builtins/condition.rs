//! `test` and `[`.
//!
//! With up to four arguments their number decides what they mean (XCU `test`), so that `test "$x"` and `test "$x" = y`
//! are right whatever is in `x`. More are read as an expression:
//!
//! ```text
//! or = and [-o or]     and = not [-a and]     not = ! not | ( or ) | unary operand | operand [binary operand]
//! ```

use std::fs::Metadata;
use std::os::unix::fs::{FileTypeExt, MetadataExt};

use crate::arithmetic::parse_number;
use crate::ast::Text;
use crate::glob::path_of;
use crate::kernel;
use crate::shell::{ERROR, Outcome, Shell, lossy};

type Verdict = Result<bool, String>;

pub(super) fn test(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    let mut arguments = &fields[1..];
    if fields[0] == b"[" {
        match arguments.split_last() {
            Some((last, rest)) if last == b"]" => arguments = rest,
            _ => {
                shell.complain("[: missing ]");
                return Ok(ERROR);
            }
        }
    }
    match by_count(arguments) {
        Ok(verdict) => Ok(i32::from(!verdict)),
        Err(message) => {
            shell.complain(format_args!("{}: {message}", lossy(&fields[0])));
            Ok(ERROR)
        }
    }
}

/// The verdict on up to four arguments, which their number decides.
fn by_count(arguments: &[Text]) -> Verdict {
    match arguments {
        [] => Ok(false),
        [text] => Ok(!text.is_empty()),
        [not, text] if not == b"!" => Ok(text.is_empty()),
        [operator, operand] if is_unary(operator) => unary(operator, operand),
        [left, operator, right] if is_binary(operator) => binary(left, operator, right),
        [not, rest @ ..] if not == b"!" && rest.len() <= 3 => by_count(rest).map(|verdict| !verdict),
        [open, text, close] if open == b"(" && close == b")" => Ok(!text.is_empty()),
        [open, operator, operand, close] if open == b"(" && close == b")" => {
            by_count(&[operator.clone(), operand.clone()])
        }
        _ => expression(arguments),
    }
}

fn expression(arguments: &[Text]) -> Verdict {
    let mut rest = arguments;
    let verdict = or(&mut rest)?;
    match rest.first() {
        None => Ok(verdict),
        Some(text) => Err(format!("{}: unexpected operator", lossy(text))),
    }
}

fn take(rest: &mut &[Text], symbol: &[u8]) -> bool {
    let found = rest.first().is_some_and(|text| text == symbol);
    if found {
        *rest = &rest[1..];
    }
    found
}

fn or(rest: &mut &[Text]) -> Verdict {
    let mut verdict = and(rest)?;
    while take(rest, b"-o") {
        verdict |= and(rest)?;
    }
    Ok(verdict)
}

fn and(rest: &mut &[Text]) -> Verdict {
    let mut verdict = not(rest)?;
    while take(rest, b"-a") {
        verdict &= not(rest)?;
    }
    Ok(verdict)
}

fn not(rest: &mut &[Text]) -> Verdict {
    let mut negated = false;
    while rest.len() > 1 && !rest.get(1).is_some_and(|text| is_comparison(text)) && take(rest, b"!") {
        negated = !negated;
    }
    primary(rest).map(|verdict| verdict != negated)
}

fn primary(rest: &mut &[Text]) -> Verdict {
    let verdict = match *rest {
        [] => return Err("argument expected".into()),
        [left, operator, right, ..] if is_comparison(operator) => {
            let verdict = binary(left, operator, right);
            *rest = &rest[3..];
            return verdict;
        }
        [open, ..] if open == b"(" && rest.len() > 1 => {
            *rest = &rest[1..];
            let verdict = or(rest)?;
            if !take(rest, b")") {
                return Err("closing parenthesis expected".into());
            }
            return Ok(verdict);
        }
        [operator, operand, ..] if is_unary(operator) => {
            let verdict = unary(operator, operand);
            *rest = &rest[2..];
            return verdict;
        }
        [text, ..] => !text.is_empty(),
    };
    *rest = &rest[1..];
    Ok(verdict)
}

fn is_unary(operator: &[u8]) -> bool {
    matches!(operator, [b'-', letter] if b"bcdefghkLnprSstuwxzGO".contains(letter))
}

/// `-a` and `-o` between two operands are operators, too.
fn is_binary(operator: &[u8]) -> bool {
    is_comparison(operator) || matches!(operator, b"-a" | b"-o")
}

fn is_comparison(operator: &[u8]) -> bool {
    matches!(
        operator,
        b"=" | b"!="
            | b"<"
            | b">"
            | b"-eq"
            | b"-ne"
            | b"-gt"
            | b"-ge"
            | b"-lt"
            | b"-le"
            | b"-ef"
            | b"-nt"
            | b"-ot"
    )
}

fn unary(operator: &[u8], operand: &[u8]) -> Verdict {
    let metadata = || path_of(operand).metadata().ok();
    let is = |kind: fn(&Metadata) -> bool| metadata().as_ref().is_some_and(kind);
    let may = |mode| !operand.is_empty() && kernel::may_access(path_of(operand), mode);
    Ok(match operator[1] {
        b'n' => !operand.is_empty(),
        b'z' => operand.is_empty(),
        b'b' => is(|file| file.file_type().is_block_device()),
        b'c' => is(|file| file.file_type().is_char_device()),
        b'd' => is(Metadata::is_dir),
        b'e' => is(|_| true),
        b'f' => is(Metadata::is_file),
        b'g' => is(|file| file.mode() & 0o2000 != 0),
        b'k' => is(|file| file.mode() & 0o1000 != 0),
        b'u' => is(|file| file.mode() & 0o4000 != 0),
        b'p' => is(|file| file.file_type().is_fifo()),
        b'S' => is(|file| file.file_type().is_socket()),
        b's' => is(|file| file.len() > 0),
        b'G' => is(|file| file.gid() == nix::unistd::getegid().as_raw()),
        b'O' => is(|file| file.uid() == nix::unistd::geteuid().as_raw()),
        b'h' | b'L' => path_of(operand)
            .symlink_metadata()
            .is_ok_and(|file| file.is_symlink()),
        b'r' => may(libc::R_OK),
        b'w' => may(libc::W_OK),
        b'x' => may(libc::X_OK),
        _ => kernel::is_terminal(i32::try_from(number(operand)?).unwrap_or(-1)),
    })
}

fn binary(left: &[u8], operator: &[u8], right: &[u8]) -> Verdict {
    let modified = |path| {
        path_of(path)
            .metadata()
            .map(|file| (file.mtime(), file.mtime_nsec()))
            .ok()
    };
    Ok(match operator {
        b"=" => left == right,
        b"!=" => left != right,
        b"<" => left < right,
        b">" => left > right,
        b"-a" => !left.is_empty() && !right.is_empty(),
        b"-o" => !left.is_empty() || !right.is_empty(),
        b"-nt" => modified(left) > modified(right),
        b"-ot" => modified(left) < modified(right),
        b"-ef" => {
            let file = |path| path_of(path).metadata().map(|file| (file.dev(), file.ino())).ok();
            file(left).is_some() && file(left) == file(right)
        }
        _ => {
            let (left, right) = (number(left)?, number(right)?);
            match operator {
                b"-eq" => left == right,
                b"-ne" => left != right,
                b"-gt" => left > right,
                b"-ge" => left >= right,
                b"-lt" => left < right,
                _ => left <= right,
            }
        }
    })
}

/// A decimal number; a leading zero is only a zero.
fn number(text: &[u8]) -> Result<i64, String> {
    let trimmed = text.trim_ascii();
    let digits = trimmed
        .strip_prefix(b"-")
        .or(trimmed.strip_prefix(b"+"))
        .unwrap_or(trimmed);
    let zeros = digits
        .iter()
        .take_while(|byte| **byte == b'0')
        .count()
        .min(digits.len().saturating_sub(1));
    let value = if digits.iter().all(u8::is_ascii_digit) {
        parse_number(&digits[zeros..])
    } else {
        None
    };
    match value {
        Some(value) if trimmed.starts_with(b"-") => Ok(-value),
        Some(value) => Ok(value),
        None => Err(format!("illegal number: {}", lossy(text))),
    }
}
