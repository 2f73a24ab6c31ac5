//! Standard input, for `read` and for a shell that has its script there.
//!
//! Both take no more than the line that they need: what follows belongs to the next command, which may be another
//! program. A file is read in blocks and its position put back; anything else byte by byte.

use nix::errno::Errno;

use crate::ast::Text;
use crate::kernel;
use crate::parser::Input;

/// Bytes of standard input.
pub(crate) struct Bytes {
    block: [u8; 1024],
    filled: usize,
    used: usize,
    /// How much may be read at once.
    most: usize,
}

impl Bytes {
    pub fn new() -> Self {
        let is_file = kernel::seek(0, 0, libc::SEEK_CUR).is_ok();
        Self {
            block: [0; 1024],
            filled: 0,
            used: 0,
            most: if is_file { 1024 } else { 1 },
        }
    }

    /// The next byte; `None` at the end. A signal that has been noted ends the waiting.
    pub fn next(&mut self) -> Result<Option<u8>, Errno> {
        if self.used == self.filled {
            self.filled = loop {
                match kernel::read(0, &mut self.block[..self.most]) {
                    Err(Errno::EINTR) if !kernel::is_any_pending() => {}
                    result => break result?,
                }
            };
            self.used = 0;
            if self.filled == 0 {
                return Ok(None);
            }
        }
        self.used += 1;
        Ok(Some(self.block[self.used - 1]))
    }

    /// Puts the position in the file behind what has been used.
    pub fn give_back(&self) {
        if self.used < self.filled {
            let unused = i64::try_from(self.filled - self.used).expect("a block is small");
            let _ = kernel::seek(0, -unused, libc::SEEK_CUR);
        }
    }
}

/// A script on standard input.
#[derive(Debug, Default)]
pub(crate) struct StandardInput {
    /// What is printed to standard error before a line of a new command, and before one that goes on with it.
    pub prompts: Option<[Text; 2]>,
}

impl Input for StandardInput {
    fn more(&mut self, continued: bool) -> Option<Text> {
        if let Some(prompts) = &self.prompts {
            let _ = kernel::write_all(2, &prompts[usize::from(continued)]);
        }
        let mut bytes = Bytes::new();
        let mut line = Text::new();
        loop {
            match bytes.next() {
                Ok(Some(byte)) => line.push(byte),
                // The traps run between commands; reading goes on.
                Err(Errno::EINTR) => continue,
                Ok(None) | Err(_) => break,
            }
            if line.ends_with(b"\n") {
                break;
            }
        }
        bytes.give_back();
        (!line.is_empty()).then_some(line)
    }
}
