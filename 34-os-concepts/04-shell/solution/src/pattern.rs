//! Patterns (XCU 2.14): `*`, `?`, `[…]`, and `\` that takes the meaning from what is behind it.
//!
//! A pattern is the text of a word in which everything that was quoted stands behind a backslash. Matching is on bytes,
//! as in the C locale. A `*` that does not lead to a match is given one byte more, and only the last one is: what an
//! earlier `*` takes can never matter to what is behind a later one. So no pattern takes longer than its length times
//! the length of the text.

/// Puts a backslash before each byte of `text` that could mean something in a pattern.
pub fn quote(text: &[u8], out: &mut Vec<u8>) {
    for &byte in text {
        if matches!(byte, b'*' | b'?' | b'[' | b']' | b'\\' | b'-' | b'!' | b'^') {
            out.push(b'\\');
        }
        out.push(byte);
    }
}

/// Takes the backslashes out of a pattern: the text that it stands for if nothing in it is special.
pub fn unquote(pattern: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(pattern.len());
    let mut bytes = pattern.iter();
    while let Some(&byte) = bytes.next() {
        match byte {
            b'\\' => text.push(*bytes.next().unwrap_or(&b'\\')),
            _ => text.push(byte),
        }
    }
    text
}

/// Whether the pattern can match anything but one text.
pub fn is_special(pattern: &[u8]) -> bool {
    let mut at = 0;
    while let Some(&byte) = pattern.get(at) {
        match byte {
            b'*' | b'?' => return true,
            b'[' if bracket(&pattern[at..]).is_some() => return true,
            b'\\' => at += 1,
            _ => {}
        }
        at += 1;
    }
    false
}

/// Whether the whole of `text` matches `pattern`.
pub fn matches(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut position) = (0, 0);
    // Where to go on if what follows the last `*` does not match: that pattern, and one byte further in the text.
    let mut retry: Option<(usize, usize)> = None;
    loop {
        if at == pattern.len() && position == text.len() {
            return true;
        }
        if pattern.get(at) == Some(&b'*') {
            at += 1;
            if at == pattern.len() {
                return true;
            }
            retry = Some((at, position));
            continue;
        }
        let step = text.get(position).and_then(|&byte| element(&pattern[at..], byte));
        match (step, retry) {
            (Some(length), _) => {
                at += length;
                position += 1;
            }
            (None, Some((star, from))) if from < text.len() => {
                at = star;
                position = from + 1;
                retry = Some((star, from + 1));
            }
            _ => return false,
        }
    }
}

/// Whether the first element of `pattern`, which is no `*`, matches `byte`: then its length.
fn element(pattern: &[u8], byte: u8) -> Option<usize> {
    match pattern {
        [] => None,
        [b'?', ..] => Some(1),
        [b'[', ..] => match bracket(pattern) {
            Some(bracket) => bracket.contains(byte).then_some(bracket.length),
            None => (byte == b'[').then_some(1),
        },
        [b'\\', quoted, ..] => (*quoted == byte).then_some(2),
        [literal, ..] => (*literal == byte).then_some(1),
    }
}

/// A bracket expression, which begins with `[`.
struct Bracket<'a> {
    /// What is between the brackets, without `!`.
    inside: &'a [u8],
    negated: bool,
    /// Of all of it, brackets included.
    length: usize,
}

/// The bracket expression at the start of `pattern`; a `[` without its `]` is a byte like any other.
fn bracket(pattern: &[u8]) -> Option<Bracket<'_>> {
    let negated = matches!(pattern.get(1), Some(b'!' | b'^'));
    let start = 1 + usize::from(negated);
    let mut at = start;
    loop {
        match pattern.get(at)? {
            // The first one is a member.
            b']' if at > start => break,
            b'\\' => at += 2,
            b'[' if pattern.get(at + 1) == Some(&b':') => match class(&pattern[at..]) {
                Some((_, length)) => at += length,
                None => at += 1,
            },
            _ => at += 1,
        }
    }
    Some(Bracket {
        inside: &pattern[start..at],
        negated,
        length: at + 1,
    })
}

/// `[:name:]` at the start: the name, and the length of all of it.
fn class(text: &[u8]) -> Option<(&[u8], usize)> {
    let name = text.strip_prefix(b"[:")?;
    let length = name.iter().position(|byte| !byte.is_ascii_lowercase())?;
    name[length..]
        .starts_with(b":]")
        .then_some((&name[..length], length + 4))
}

impl Bracket<'_> {
    fn contains(&self, byte: u8) -> bool {
        let mut rest = self.inside;
        let mut found = false;
        while !rest.is_empty() {
            if let Some((name, length)) = class(rest) {
                found |= is_in_class(name, byte);
                rest = &rest[length..];
                continue;
            }
            let (low, behind) = member(rest);
            rest = behind;
            let mut high = low;
            if let [b'-', end, ..] = rest
                && *end != b']'
            {
                (high, rest) = member(&rest[1..]);
            }
            found |= (low..=high).contains(&byte);
        }
        found != self.negated
    }
}

/// The first member of what is not empty, and what is behind it.
fn member(text: &[u8]) -> (u8, &[u8]) {
    match text {
        [b'\\', quoted, rest @ ..] => (*quoted, rest),
        [byte, rest @ ..] => (*byte, rest),
        [] => (0, text),
    }
}

fn is_in_class(name: &[u8], byte: u8) -> bool {
    match name {
        b"alnum" => byte.is_ascii_alphanumeric(),
        b"alpha" => byte.is_ascii_alphabetic(),
        b"blank" => matches!(byte, b' ' | b'\t'),
        b"cntrl" => byte.is_ascii_control(),
        b"digit" => byte.is_ascii_digit(),
        b"graph" => byte.is_ascii_graphic(),
        b"lower" => byte.is_ascii_lowercase(),
        b"print" => matches!(byte, b' '..=b'~'),
        b"punct" => byte.is_ascii_punctuation(),
        b"space" => byte.is_ascii_whitespace() || byte == 0x0b,
        b"upper" => byte.is_ascii_uppercase(),
        b"xdigit" => byte.is_ascii_hexdigit(),
        _ => false,
    }
}
