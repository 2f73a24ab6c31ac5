//! qtest, by which QEMU's own tests reach into a machine: one command a line, beside a running processor.
//!
//! ```text
//! ▶ readl 0x400253fc                          ◀ OK 0x0000000000000001
//! ▶ writel 0x40033018 0x1                     ◀ OK
//! ▶ read 0x20000000 0x3                       ◀ OK 0x00c0de
//! ▶ set_irq_in PATH unnamed-gpio-in 1 0       ◀ OK
//! ```

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;

/// A connection whose reads have a deadline.
pub struct Qtest {
    stream: BufReader<UnixStream>,
}

impl Qtest {
    /// Speaks over `stream`. The protocol has no greeting.
    pub fn new(stream: UnixStream) -> Self {
        Self {
            stream: BufReader::new(stream),
        }
    }

    /// Reads 32 bits as the processor would.
    ///
    /// # Errors
    /// When the peer refuses, is gone or silent.
    pub fn read(&mut self, address: u32) -> Result<u32, String> {
        let answer = self.command(&format!("readl {address:#x}"))?;
        parse_word(&answer).ok_or_else(|| format!("qtest: not a word: {answer:?}"))
    }

    /// Reads `length` bytes as the processor would.
    ///
    /// # Errors
    /// When the peer refuses, is gone or silent.
    pub fn read_bytes(&mut self, address: u32, length: u32) -> Result<Vec<u8>, String> {
        let answer = self.command(&format!("read {address:#x} {length:#x}"))?;
        parse_bytes(&answer)
            .filter(|bytes| bytes.len() == length as usize)
            .ok_or_else(|| format!("qtest: not {length} bytes: {answer:?}"))
    }

    /// Writes 32 bits as the processor would.
    ///
    /// # Errors
    /// When the peer refuses, is gone or silent.
    pub fn write(&mut self, address: u32, value: u32) -> Result<(), String> {
        self.command(&format!("writel {address:#x} {value:#x}")).map(drop)
    }

    /// Sets the level of input `line` of the device at `path` of the object tree.
    ///
    /// # Errors
    /// When the peer refuses, is gone or silent.
    pub fn set_input(&mut self, path: &str, line: u8, high: bool) -> Result<(), String> {
        self.command(&format!(
            "set_irq_in {path} unnamed-gpio-in {line} {}",
            u8::from(high)
        ))
        .map(drop)
    }

    fn command(&mut self, command: &str) -> Result<String, String> {
        writeln!(self.stream.get_mut(), "{command}")
            .map_err(|error| format!("qtest: cannot send: {error}"))?;
        let mut line = String::new();
        match self.stream.read_line(&mut line) {
            Ok(0) => Err("qtest: the emulator closed the connection".to_owned()),
            Err(error) => Err(format!("qtest: no answer to {command}: {error}")),
            Ok(_) => match line.trim_end().strip_prefix("OK") {
                Some(answer) => Ok(answer.trim_start().to_owned()),
                None => Err(format!("qtest: {command}: {}", line.trim_end())),
            },
        }
    }
}

/// A 32-bit word, which qtest prints with 64 bits.
fn parse_word(text: &str) -> Option<u32> {
    u32::try_from(u64::from_str_radix(text.strip_prefix("0x")?, 16).ok()?).ok()
}

/// Bytes in hexadecimal, two digits each.
fn parse_bytes(text: &str) -> Option<Vec<u8>> {
    let (digits, rest) = text.strip_prefix("0x")?.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    let byte = |pair: &[u8; 2]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    digits.iter().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_printed_with_sixty_four_bits() {
        assert_eq!(parse_word("0x00000000400253fc"), Some(0x4002_53fc));
        assert_eq!(parse_word("0x0000000100000000"), None);
        assert_eq!(parse_word("FAIL"), None);
    }

    #[test]
    fn bytes_have_two_digits_each() {
        assert_eq!(parse_bytes("0x00c0de"), Some(vec![0, 0xC0, 0xDE]));
        assert_eq!(parse_bytes("0x00c"), None);
        assert_eq!(parse_bytes("00"), None);
    }

    #[test]
    fn a_refusal_is_an_error_with_the_command() {
        let (ours, mut theirs) = UnixStream::pair().expect("a pair of sockets can be had");
        theirs
            .write_all(b"OK 0x0000000000000005\nFAIL Unknown device\n")
            .expect("the other end is open");
        let mut qtest = Qtest::new(ours);
        assert_eq!(qtest.read(0), Ok(5));
        let error = qtest.set_input("/x", 1, true).expect_err("it is refused");
        assert_eq!(
            error,
            "qtest: set_irq_in /x unnamed-gpio-in 1 1: FAIL Unknown device"
        );
    }
}
