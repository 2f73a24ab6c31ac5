//! Redirections (XCU 2.7): opened, put into place, and taken back.
//!
//! What a descriptor was is kept under a number from 100 on, closed by exec, until [`Shell::undo`] puts it back. Where
//! nothing comes after, in a child or for `exec`, [`Saved`] is dropped with [`Shell::forget`].

use std::os::fd::RawFd;

use nix::errno::Errno;

use crate::ast::{Redirection, Target, Word};
use crate::kernel;
use crate::shell::{Flow, Outcome, Shell, lossy};

/// What descriptors were before they were redirected, in order: the number, and where it is kept if it was open.
#[derive(Debug, Default)]
#[must_use = "redirections are undone or forgotten"]
pub(crate) struct Saved(Vec<(RawFd, Option<RawFd>)>);

/// A redirection failed, and has been told of; none of its command's is in place.
#[derive(Debug)]
pub(crate) struct Failed;

/// What a descriptor is to become.
enum Source {
    /// A descriptor of the shell's own, to be closed when it has another name.
    Opened(RawFd),
    /// One of the script's.
    Shared(RawFd),
    Closed,
}

impl Shell {
    /// Carries out redirections from left to right.
    ///
    /// `Ok(Err(Failed))` is a file that cannot be opened; `Err` an expansion that ends the shell.
    pub fn redirect(&mut self, redirections: &[Redirection]) -> Outcome<Result<Saved, Failed>> {
        let mut saved = Saved::default();
        for redirection in redirections {
            match self.redirect_one(redirection, &mut saved) {
                Ok(Ok(())) => {}
                Ok(Err(failed)) => {
                    self.undo(saved);
                    return Ok(Err(failed));
                }
                Err(flow) => {
                    self.undo(saved);
                    return Err(flow);
                }
            }
        }
        Ok(Ok(saved))
    }

    /// Redirections for a process that ends with what they are for: nothing is saved.
    pub fn redirect_for_good(&mut self, redirections: &[Redirection]) -> Outcome {
        match self.redirect(redirections)? {
            Ok(saved) => {
                self.forget(saved);
                Ok(())
            }
            Err(Failed) => {
                self.status = crate::shell::ERROR;
                Err(Flow::Exit)
            }
        }
    }

    fn redirect_one(&mut self, redirection: &Redirection, saved: &mut Saved) -> Outcome<Result<(), Failed>> {
        let descriptor = redirection.descriptor;
        let Ok(source) = self.source(&redirection.target)? else {
            return Ok(Err(Failed));
        };
        // What was printed before goes where it was to go.
        let _ = self.flush();
        if !saved.0.iter().any(|(other, _)| *other == descriptor) {
            // A file that was opened under this very number shows that it was free.
            let was_free = matches!(source, Source::Opened(opened) if opened == descriptor);
            let kept = if was_free {
                None
            } else {
                kernel::save(descriptor).ok()
            };
            saved.0.push((descriptor, kept));
        }
        let result = match source {
            Source::Closed => {
                kernel::close(descriptor);
                Ok(())
            }
            Source::Shared(from) => kernel::duplicate(from, descriptor),
            Source::Opened(from) => {
                let result = kernel::duplicate(from, descriptor);
                if from != descriptor {
                    kernel::close(from);
                }
                result
            }
        };
        if let Err(error) = result {
            self.complain(format_args!("{descriptor}: {}", error.desc()));
            return Ok(Err(Failed));
        }
        Ok(Ok(()))
    }

    fn source(&mut self, target: &Target) -> Outcome<Result<Source, Failed>> {
        let create = libc::O_WRONLY | libc::O_CREAT;
        let (word, flags) = match target {
            Target::Read(word) => (word, libc::O_RDONLY),
            Target::Write(word) if self.options.no_clobber => return self.create_new(word),
            Target::Write(word) | Target::Clobber(word) => (word, create | libc::O_TRUNC),
            Target::Append(word) => (word, create | libc::O_APPEND),
            Target::ReadWrite(word) => (word, libc::O_RDWR | libc::O_CREAT),
            Target::Duplicate(word) => return self.shared(word),
            Target::HereDocument(body) => {
                let body = body.get().expect("bodies are read before their command runs");
                let text = self.expand_text(body)?;
                return Ok(document(&text).map(Source::Opened).map_err(|error| {
                    self.complain(format_args!("here-document: {}", error.desc()));
                    Failed
                }));
            }
        };
        let path = self.expand_text(word)?;
        Ok(self.opened(&path, kernel::open(&path, flags)))
    }

    fn opened(&self, path: &[u8], result: nix::Result<RawFd>) -> Result<Source, Failed> {
        result.map(Source::Opened).map_err(|error| {
            self.complain(format_args!("cannot open {}: {}", lossy(path), error.desc()));
            Failed
        })
    }

    /// `>` under `set -C`: only what is no regular file may be there already.
    fn create_new(&mut self, word: &Word) -> Outcome<Result<Source, Failed>> {
        let path = self.expand_text(word)?;
        let mut result = kernel::open(&path, libc::O_WRONLY | libc::O_CREAT | libc::O_EXCL);
        if result == Err(Errno::EEXIST) && !crate::glob::path_of(&path).is_file() {
            result = kernel::open(&path, libc::O_WRONLY);
        }
        Ok(self.opened(&path, result))
    }

    /// `>& word`: a number or `-`.
    fn shared(&mut self, word: &Word) -> Outcome<Result<Source, Failed>> {
        let text = self.expand_text(word)?;
        if text == b"-" {
            return Ok(Ok(Source::Closed));
        }
        let number = std::str::from_utf8(&text).ok().and_then(|text| text.parse().ok());
        Ok(match number {
            // The shell's own descriptors are nobody else's.
            Some(number @ 0..kernel::SAVED_MIN) => Ok(Source::Shared(number)),
            _ => {
                self.complain(format_args!("{}: no descriptor", lossy(&text)));
                Err(Failed)
            }
        })
    }

    /// Puts back what was.
    pub fn undo(&mut self, saved: Saved) {
        if !saved.0.is_empty() {
            let _ = self.flush();
        }
        for (descriptor, kept) in saved.0.into_iter().rev() {
            match kept {
                Some(kept) => {
                    let _ = kernel::duplicate(kept, descriptor);
                    kernel::close(kept);
                }
                None => kernel::close(descriptor),
            }
        }
    }

    /// Leaves the redirections in place.
    pub fn forget(&mut self, saved: Saved) {
        for kept in saved.0.into_iter().filter_map(|(_, kept)| kept) {
            kernel::close(kept);
        }
    }
}

/// A descriptor from which a text can be read. A file, for a pipe holds 64 KiB and nobody reads it yet.
fn document(text: &[u8]) -> nix::Result<RawFd> {
    let descriptor = kernel::nameless_file()?;
    let filled =
        kernel::write_all(descriptor, text).and_then(|()| kernel::seek(descriptor, 0, libc::SEEK_SET));
    match filled {
        Ok(_) => Ok(descriptor),
        Err(error) => {
            kernel::close(descriptor);
            Err(error)
        }
    }
}
