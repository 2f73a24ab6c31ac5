//! `read`: a line from standard input, split into variables.

use super::operands;
use crate::arithmetic::name_length;
use crate::ast::Text;
use crate::input::Bytes;
use crate::shell::{ERROR, Outcome, Shell, lossy};
use crate::variables::{Separator, Separators};

use nix::errno::Errno;

/// A line, and for each byte whether a backslash stood before it: then it separates nothing.
#[derive(Default)]
struct Line {
    text: Text,
    escaped: Vec<bool>,
}

/// `read [-r] [-p prompt] name …`
pub(super) fn read(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    let mut raw = false;
    let mut names = &fields[1..];
    while let Some((option, behind)) = names.split_first() {
        match option.as_slice() {
            b"-r" => raw = true,
            b"--" => {
                names = behind;
                break;
            }
            _ => break,
        }
        names = behind;
    }
    if operands(fields).is_empty() || names.is_empty() {
        shell.complain("read: which variable?");
        return Ok(ERROR);
    }
    if let Some(name) = names
        .iter()
        .find(|name| name_length(name) != name.len() || name.is_empty())
    {
        shell.complain(format_args!("read: {}: bad variable name", lossy(name)));
        return Ok(ERROR);
    }
    let (line, status) = match read_line(raw) {
        Ok((line, is_whole)) => (line, i32::from(!is_whole)),
        // A trap is to run; what has been read is lost with the command.
        Err(Errno::EINTR) => return Ok(1),
        Err(error) => {
            shell.complain(format_args!("read: {}", error.desc()));
            return Ok(ERROR);
        }
    };
    let separators = shell.variables.separators();
    let mut at = line.skip_blanks(&separators, 0);
    for (index, name) in names.iter().enumerate() {
        let value = if index + 1 < names.len() {
            line.field(&separators, &mut at)
        } else {
            line.rest(&separators, at)
        };
        shell.set_variable(name, value)?;
    }
    Ok(status)
}

/// Reads a line and no more; false at the end of the file without a newline.
fn read_line(raw: bool) -> Result<(Line, bool), Errno> {
    let mut line = Line::default();
    let mut source = Bytes::new();
    loop {
        let Some(byte) = source.next()? else {
            return Ok((line, false));
        };
        match byte {
            b'\n' => {
                source.give_back();
                return Ok((line, true));
            }
            b'\\' if !raw => match source.next()? {
                // The line goes on.
                Some(b'\n') => {}
                Some(byte) => line.push(byte, true),
                None => return Ok((line, false)),
            },
            0 => {}
            _ => line.push(byte, false),
        }
    }
}

impl Line {
    fn push(&mut self, byte: u8, escaped: bool) {
        self.text.push(byte);
        self.escaped.push(escaped);
    }

    /// What the byte at `at` is to splitting.
    fn kind(&self, separators: &Separators, at: usize) -> Separator {
        if self.escaped[at] {
            Separator::No
        } else {
            separators.kind(self.text[at])
        }
    }

    fn skip_blanks(&self, separators: &Separators, mut at: usize) -> usize {
        while at < self.text.len() && self.kind(separators, at) == Separator::Blank {
            at += 1;
        }
        at
    }

    /// The field at `at`; goes behind it and what separates it from the next: blanks, and one mark among them.
    fn field(&self, separators: &Separators, at: &mut usize) -> Text {
        let start = *at;
        while *at < self.text.len() && self.kind(separators, *at) == Separator::No {
            *at += 1;
        }
        let field = self.text[start..*at].to_vec();
        *at = self.skip_blanks(separators, *at);
        if *at < self.text.len() && self.kind(separators, *at) == Separator::Mark {
            *at = self.skip_blanks(separators, *at + 1);
        }
        field
    }

    /// All that is left, for the last variable: without blanks at the end, and without a mark that ends its only field.
    fn rest(&self, separators: &Separators, at: usize) -> Text {
        let mut behind = at;
        let only = self.field(separators, &mut behind);
        if behind == self.text.len() {
            return only;
        }
        let mut end = self.text.len();
        while end > at && self.kind(separators, end - 1) == Separator::Blank {
            end -= 1;
        }
        self.text[at..end].to_vec()
    }
}
