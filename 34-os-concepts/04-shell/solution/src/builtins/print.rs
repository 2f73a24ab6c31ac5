//! `echo` and `printf`.

use crate::arithmetic::parse_number;
use crate::ast::Text;
use crate::shell::{ERROR, Outcome, Shell, lossy};

/// `echo [-n] argument …`, with the escapes of the XSI option: `\n`, `\c`, `\0123` and so on.
pub(super) fn echo(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    let mut rest = &fields[1..];
    let newline = rest.first().is_none_or(|option| option != b"-n");
    if !newline {
        rest = &rest[1..];
    }
    for (index, argument) in rest.iter().enumerate() {
        if index > 0 {
            shell.out.push(b' ');
        }
        if !escaped(argument, &mut shell.out) {
            return Ok(0);
        }
    }
    if newline {
        shell.out.push(b'\n');
    }
    Ok(0)
}

/// Writes a text with the escapes of `echo` and of `%b`; false at `\c`, which ends all output.
fn escaped(text: &[u8], out: &mut Text) -> bool {
    let mut at = 0;
    while at < text.len() {
        if text[at] != b'\\' {
            out.push(text[at]);
            at += 1;
            continue;
        }
        match text.get(at + 1) {
            Some(b'c') => return false,
            Some(b'0') => {
                let (byte, length) = octal(&text[at + 2..], 3);
                out.push(byte);
                at += 2 + length;
            }
            Some(letter) if let Some(byte) = simple_escape(*letter) => {
                out.push(byte);
                at += 2;
            }
            _ => {
                out.push(b'\\');
                at += 1;
            }
        }
    }
    true
}

fn simple_escape(letter: u8) -> Option<u8> {
    Some(match letter {
        b'a' => 0x07,
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 0x0b,
        b'\\' => b'\\',
        _ => return None,
    })
}

/// Up to `most` octal digits: the byte, and how many there were.
fn octal(text: &[u8], most: usize) -> (u8, usize) {
    let length = text
        .iter()
        .take(most)
        .take_while(|byte| (b'0'..=b'7').contains(byte))
        .count();
    let value = text[..length].iter().fold(0_u8, |value, digit| {
        value.wrapping_mul(8).wrapping_add(digit - b'0')
    });
    (value, length)
}

/// `printf format argument …`: the format is used again as long as there are arguments left.
pub(super) fn printf(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    let fields = match &fields[1..] {
        [dashes, rest @ ..] if dashes == b"--" => rest,
        rest => rest,
    };
    let Some((format, arguments)) = fields.split_first() else {
        shell.complain("printf: usage: printf format [argument …]");
        return Ok(ERROR);
    };
    let mut printer = Printer {
        arguments,
        out: Text::new(),
        status: 0,
        consumed: 0,
    };
    let mut result = Ok(true);
    loop {
        let before = printer.consumed;
        result = result.and_then(|_| printer.once(format));
        let again =
            matches!(result, Ok(true)) && printer.consumed > before && printer.consumed < arguments.len();
        if !again {
            break;
        }
    }
    let Printer { out, status, .. } = printer;
    shell.out.extend(out);
    match result {
        Ok(_) => {
            if status != 0 {
                shell.complain("printf: expected a number");
            }
            Ok(status)
        }
        Err(directive) => {
            shell.complain(format_args!("printf: {}: invalid directive", lossy(&directive)));
            Ok(ERROR)
        }
    }
}

struct Printer<'a> {
    arguments: &'a [Text],
    out: Text,
    /// 1 when an argument was no number.
    status: i32,
    consumed: usize,
}

/// A conversion: `%[flags][width][.precision]letter`.
#[derive(Default)]
struct Conversion {
    left: bool,
    plus: bool,
    space: bool,
    alternate: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
}

impl Printer<'_> {
    fn next(&mut self) -> Option<&[u8]> {
        let argument = self.arguments.get(self.consumed)?;
        self.consumed += 1;
        Some(argument)
    }

    /// The next argument as a number: a quote stands for the number of the byte behind it.
    fn number(&mut self) -> i64 {
        let text = match self.next() {
            None | Some(b"") => return 0,
            Some([b'\'' | b'"', byte, ..]) => return i64::from(*byte),
            Some(text) => text.to_vec(),
        };
        if let Some(value) = parse_number(&text) {
            return value;
        }
        self.status = 1;
        // As much of it as is a number.
        let prefixes = (1..text.len()).rev().map(|length| &text[..length]);
        prefixes.filter_map(parse_number).next().unwrap_or(0)
    }

    /// Prints the format once; false when `\c` has ended all output. `Err` is a directive that is none.
    fn once(&mut self, format: &[u8]) -> Result<bool, Text> {
        let mut at = 0;
        while at < format.len() {
            match (format[at], format.get(at + 1)) {
                (b'\\', Some(b'0'..=b'7')) => {
                    let (byte, length) = octal(&format[at + 1..], 3);
                    self.out.push(byte);
                    at += 1 + length;
                }
                (b'\\', Some(letter)) if let Some(byte) = simple_escape(*letter) => {
                    self.out.push(byte);
                    at += 2;
                }
                (b'%', Some(b'%')) => {
                    self.out.push(b'%');
                    at += 2;
                }
                (b'%', _) => {
                    let start = at;
                    let conversion = self.conversion(format, &mut at);
                    let letter = format.get(at).copied();
                    at += 1;
                    match letter.map(|letter| self.convert(&conversion, letter)) {
                        Some(Some(true)) => {}
                        Some(Some(false)) => return Ok(false),
                        _ => return Err(format[start..at.min(format.len())].to_vec()),
                    }
                }
                (byte, _) => {
                    self.out.push(byte);
                    at += 1;
                }
            }
        }
        Ok(true)
    }

    /// Flags, width and precision; leaves `at` at the letter.
    fn conversion(&mut self, format: &[u8], at: &mut usize) -> Conversion {
        let mut conversion = Conversion::default();
        *at += 1;
        while let Some(flag) = format.get(*at) {
            match flag {
                b'-' => conversion.left = true,
                b'+' => conversion.plus = true,
                b' ' => conversion.space = true,
                b'#' => conversion.alternate = true,
                b'0' => conversion.zero = true,
                _ => break,
            }
            *at += 1;
        }
        let width = self.size(format, at);
        conversion.left |= width < 0;
        conversion.width = clamp(width.unsigned_abs());
        if format.get(*at) == Some(&b'.') {
            *at += 1;
            let precision = self.size(format, at);
            conversion.precision = u64::try_from(precision).ok().map(clamp);
        }
        conversion
    }

    /// A number in the format, or `*` for one among the arguments.
    fn size(&mut self, format: &[u8], at: &mut usize) -> i64 {
        if format.get(*at) == Some(&b'*') {
            *at += 1;
            return self.number();
        }
        let length = format[*at..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let digits = std::str::from_utf8(&format[*at..*at + length]).unwrap_or("");
        *at += length;
        if digits.is_empty() {
            0
        } else {
            digits.parse().unwrap_or(i64::MAX)
        }
    }

    /// Prints the next argument; `Some(false)` at `\c`, `None` for a letter that is no conversion.
    fn convert(&mut self, conversion: &Conversion, letter: u8) -> Option<bool> {
        match letter {
            b'd' | b'i' => {
                let value = self.number();
                let sign = match value {
                    ..0 => "-",
                    _ if conversion.plus => "+",
                    _ if conversion.space => " ",
                    _ => "",
                };
                self.digits(conversion, sign, &value.unsigned_abs().to_string());
            }
            b'u' | b'o' | b'x' | b'X' => {
                let value = self.number();
                let text = match letter {
                    b'u' => format!("{}", value.cast_unsigned()),
                    b'o' => format!("{value:o}"),
                    b'x' => format!("{value:x}"),
                    _ => format!("{value:X}"),
                };
                let prefix = match letter {
                    b'o' if conversion.alternate && value != 0 => "0",
                    b'x' if conversion.alternate && value != 0 => "0x",
                    b'X' if conversion.alternate && value != 0 => "0X",
                    _ => "",
                };
                self.digits(conversion, prefix, &text);
            }
            b's' | b'c' | b'b' => {
                let text = self.next().unwrap_or(b"").to_vec();
                let mut shown = Text::new();
                let goes_on = letter != b'b' || escaped(&text, &mut shown);
                match letter {
                    b's' => shown = text,
                    b'c' => shown.extend(text.first()),
                    _ => {}
                }
                if letter != b'c' {
                    shown.truncate(conversion.precision.unwrap_or(usize::MAX));
                }
                self.padded(conversion, &shown);
                return Some(goes_on);
            }
            _ => return None,
        }
        Some(true)
    }

    /// A number: zeros stand between its sign and its digits.
    fn digits(&mut self, conversion: &Conversion, sign: &str, digits: &str) {
        let mut least = conversion.precision.unwrap_or(1);
        if conversion.zero && !conversion.left && conversion.precision.is_none() {
            least = conversion.width.saturating_sub(sign.len());
        }
        let digits = if conversion.precision == Some(0) && digits == "0" {
            ""
        } else {
            digits
        };
        let zeros = least.saturating_sub(digits.len());
        let text = [sign.as_bytes(), &vec![b'0'; zeros], digits.as_bytes()].concat();
        self.padded(conversion, &text);
    }

    fn padded(&mut self, conversion: &Conversion, text: &[u8]) {
        let blanks = vec![b' '; conversion.width.saturating_sub(text.len())];
        if conversion.left {
            self.out.extend_from_slice(text);
            self.out.extend(blanks);
        } else {
            self.out.extend(blanks);
            self.out.extend_from_slice(text);
        }
    }
}

/// Widths beyond this are cut: nobody has a use for them, and they would take the memory.
fn clamp(size: u64) -> usize {
    usize::try_from(size.min(1 << 20)).expect("a megabyte fits")
}
