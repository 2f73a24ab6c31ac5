//! Redirections (XCU 2.7): opened, put into place, and taken back.
//!
//! What a descriptor was is kept under a number from 100 on, closed by exec, until `Shell::undo` puts it back. Where
//! nothing comes after, in a child or for `exec`, `Saved` is dropped with `Shell::forget`.

use std::os::fd::RawFd;

use crate::ast::Redirection;
use crate::shell::{Outcome, Shell};

/// What descriptors were before they were redirected, in order: the number, and where it is kept if it was open.
#[derive(Debug, Default)]
#[must_use = "redirections are undone or forgotten"]
pub(crate) struct Saved(Vec<(RawFd, Option<RawFd>)>);

/// A redirection failed, and has been told of; none of its command's is in place.
#[derive(Debug)]
pub(crate) struct Failed;

impl Shell {
    /// Carries out redirections from left to right.
    ///
    /// `Ok(Err(Failed))` is a file that cannot be opened; `Err` an expansion that ends the shell.
    pub fn redirect(&mut self, redirections: &[Redirection]) -> Outcome<Result<Saved, Failed>> {
        todo!("carry out {redirections:?}")
    }

    /// Puts back what was.
    pub fn undo(&mut self, saved: Saved) {
        todo!("put back {saved:?}")
    }

    /// Leaves the redirections in place.
    pub fn forget(&mut self, saved: Saved) {
        todo!("close what was kept of {saved:?}")
    }
}
