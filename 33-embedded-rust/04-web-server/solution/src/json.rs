//! The JSON of the API: objects of one line, written by `format_args!`, and the one object that is read.
//!
//! ```text
//! switch = ws "{" ws "\"on\"" ws ":" ws ( "true" / "false" ) ws "}" ws
//! ws     = *( space / tab / CR / LF )
//! ```
//!
//! That is what RFC 8259 makes of an object with the one member `on`, without escapes in its name.

/// The value of `on` in a [switch](self), if `body` is one.
pub fn parse_switch(body: &[u8]) -> Option<bool> {
    let rest = token(body, b"{")?;
    let rest = token(rest, b"\"on\"")?;
    let rest = token(rest, b":")?;
    let (on, rest) = match token(rest, b"true") {
        Some(rest) => (true, rest),
        None => (false, token(rest, b"false")?),
    };
    let rest = token(rest, b"}")?;
    skip_space(rest).is_empty().then_some(on)
}

/// What stands behind `token`, if that comes next.
fn token<'a>(text: &'a [u8], token: &[u8]) -> Option<&'a [u8]> {
    skip_space(text).strip_prefix(token)
}

fn skip_space(text: &[u8]) -> &[u8] {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    let start = text.iter().position(|byte| !is_space(byte)).unwrap_or(text.len());
    &text[start..]
}
