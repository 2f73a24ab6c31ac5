//! Standard output, shared by the threads: what one source prints is never mixed with another's.
//!
//! A source has a [`Slot`], which buffers what it prints. Up to [`SLOT_BYTES`] are written in one go when the
//! source has been searched; a source that prints more takes the output for itself and keeps it to its end. With
//! [`Order::Tickets`] a slot waits for its turn before it writes, so that order costs neither a thread nor memory
//! that grows with the tree.

use std::fs::File;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Bytes that a source may print before it takes the output.
pub const SLOT_BYTES: usize = 256 << 10;

/// Who writes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Whoever is ready.
    Any,
    /// Ticket 0, then 1, and so on. Each ticket is given to exactly one slot.
    Tickets,
}

/// The output.
#[derive(Debug)]
pub struct Output {
    /// Held for a write and no longer. Not [`io::Stdout`], which looks for newlines in everything it writes.
    file: Mutex<File>,
    /// Held by the source that writes, from its first write to its end.
    state: Mutex<State>,
    /// Told whenever `turn` moves on.
    moved: Condvar,
    order: Order,
    /// Stands between what two sources print.
    separator: &'static [u8],
    /// A write has failed: searching on is in vain. Beside the lock, because it is asked for each file.
    closed: AtomicBool,
}

#[derive(Debug)]
struct State {
    /// The ticket that may write.
    turn: u64,
    /// Something was printed.
    used: bool,
    /// Why a write failed.
    error: Option<io::Error>,
}

impl Output {
    /// An output that writes to `file`, with `separator` between sources.
    pub fn new(file: File, order: Order, separator: &'static [u8]) -> Self {
        let state = State {
            turn: 0,
            used: false,
            error: None,
        };
        Self {
            file: Mutex::new(file),
            state: Mutex::new(state),
            moved: Condvar::new(),
            order,
            separator,
            closed: AtomicBool::new(false),
        }
    }

    /// The place of one source. `buffer` is emptied first, and comes back from [`Slot::finish`] for the next one.
    pub fn slot(&self, ticket: u64, mut buffer: Vec<u8>) -> Slot<'_> {
        buffer.clear();
        Slot {
            output: self,
            ticket,
            buffer,
            held: None,
        }
    }

    /// Whether a write has failed.
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    /// Why a write failed, if one did. Asked for when no slot is left.
    pub fn take_error(&self) -> Option<io::Error> {
        self.lock().error.take()
    }

    /// The file itself, unless a write is going on: while the guard lives, nobody writes.
    pub fn try_file(&self) -> Option<MutexGuard<'_, File>> {
        self.file.try_lock().ok()
    }

    fn write(&self, bytes: &[u8]) -> io::Result<()> {
        self.file
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .write_all(bytes)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What one source prints. Dropping it writes the rest and lets the next ticket go.
#[derive(Debug)]
pub struct Slot<'a> {
    output: &'a Output,
    ticket: u64,
    buffer: Vec<u8>,
    /// The output, once this slot has begun to write.
    held: Option<MutexGuard<'a, State>>,
}

impl Slot<'_> {
    /// Writes what is left; returns the buffer.
    ///
    /// # Errors
    /// A write that failed, now or before.
    pub fn finish(mut self) -> io::Result<Vec<u8>> {
        self.flush()?;
        Ok(std::mem::take(&mut self.buffer))
    }
}

impl Write for Slot<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= SLOT_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let (output, ticket) = (self.output, self.ticket);
        let is_first = self.held.is_none();
        let state = self.held.get_or_insert_with(|| {
            let state = output.lock();
            let is_early = |state: &mut State| output.order == Order::Tickets && state.turn != ticket;
            output
                .moved
                .wait_while(state, is_early)
                .unwrap_or_else(PoisonError::into_inner)
        });
        if output.is_closed() {
            self.buffer.clear();
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        let separator = if is_first && state.used {
            output.separator
        } else {
            b""
        };
        let result = output.write(separator).and_then(|()| output.write(&self.buffer));
        state.used = true;
        self.buffer.clear();
        if let Err(error) = result {
            output.closed.store(true, Ordering::Relaxed);
            let kind = error.kind();
            state.error = Some(error);
            return Err(kind.into());
        }
        Ok(())
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        // A write that fails is kept in the state, where the program's end looks for it.
        let _ = self.flush();
        if self.output.order == Order::Tickets {
            let output = self.output;
            let ticket = self.ticket;
            let state = self.held.take().unwrap_or_else(|| output.lock());
            let is_early = |state: &mut State| state.turn != ticket;
            let mut state = output
                .moved
                .wait_while(state, is_early)
                .unwrap_or_else(PoisonError::into_inner);
            state.turn += 1;
            output.moved.notify_all();
        }
    }
}
