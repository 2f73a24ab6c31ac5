//! The lines of a log.

use std::io::{self, Read};

/// Reads to the end and divides into lines, without their terminators `\n` or `\r\n`.
///
/// The last line may lack its terminator; a `\r` at its end is then content.
pub fn lines(input: &mut dyn Read) -> io::Result<Vec<Vec<u8>>> {
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;

    let mut lines = Vec::new();
    let mut line = Vec::new();
    for byte in bytes {
        if byte == b'\n' {
            if line.ends_with(b"\r") {
                line.pop();
            }
            lines.push(line.clone());
            line.clear();
        } else {
            line.push(byte);
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    Ok(lines)
}
