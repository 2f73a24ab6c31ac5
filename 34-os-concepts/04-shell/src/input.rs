//! Standard input, for `read` and for a shell that has its script there.
//!
//! Both take no more than the line that they need: what follows belongs to the next command, which may be another
//! program. A file is read in blocks and its position put back; anything else byte by byte.

use crate::ast::Text;
use crate::parser::Input;

/// A script on standard input.
#[derive(Debug, Default)]
pub(crate) struct StandardInput;

impl Input for StandardInput {
    fn more(&mut self, continued: bool) -> Option<Text> {
        todo!("one line, continued: {continued}")
    }
}
