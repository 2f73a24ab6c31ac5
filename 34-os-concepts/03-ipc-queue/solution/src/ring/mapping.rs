//! A ring's file in memory, as one of its ends sees it.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::FileExt;
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicU32, Ordering};

use nix::unistd::{SysconfVar, sysconf};

use super::control::{Claim, Control, Shared, Word};
use super::futex::FutexWord;
use super::layout::{HEADER, Layout};
use super::{end, fence};
use crate::member::{Member, Side};
use crate::queue::{OpenError, RecvError};

/// Looks at a word before sleeping, with a pause in between: some twenty microseconds, about what it costs to be
/// woken. On a single processor the other side cannot run meanwhile.
const SPINS: u32 = 1000;

/// The mapped file, and a place among its ends. All addresses are in pages that stay mapped until this is dropped.
#[derive(Debug)]
pub struct Mapping {
    base: NonNull<u8>,
    layout: Layout,
    member: Member,
    side: Side,
    spins: u32,
}

// SAFETY: the memory is shared with other processes anyway. Everything in it is accessed by atomic operations, or by the
// one who has a claim.
unsafe impl Send for Mapping {}

impl Mapping {
    /// Maps a ring's file and takes a place on `side`. `file` has been opened to read and write, for this alone.
    ///
    /// # Errors
    /// [`OpenError::Foreign`] when it is no ring, [`OpenError::Busy`] when no place is free.
    pub fn new(file: File, side: Side) -> Result<Self, OpenError> {
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(OpenError::Foreign("this is not a regular file"));
        }
        let mut header = [0; HEADER];
        match file.read_exact_at(&mut header, 0) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                return Err(OpenError::Foreign("the file is too short"));
            }
            result => result?,
        }
        let layout = Layout::from_bytes(&header, metadata.len())?;
        if !fence::register() {
            return Err(OpenError::Limit("this kernel has no membarrier"));
        }
        let member = Member::join(file, side, layout.sole)?;
        let base = map(member.file(), layout.size())?;
        let mapping = Self {
            base,
            layout,
            member,
            side,
            spins: spins(),
        };
        // Behind the lock: who sees the mark and no lock may conclude that we are gone.
        let control = mapping.control();
        let came = match side {
            Side::Senders => &control.senders_came,
            Side::Receivers => &control.receivers_came,
        };
        came.0.store(1, Ordering::SeqCst);
        Ok(mapping)
    }

    /// What the header said when it was read.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// This end's number on its side.
    pub fn id(&self) -> u32 {
        self.member.id()
    }

    /// The length of the message in a slot.
    #[inline]
    fn length(&self, slot: usize) -> &AtomicU32 {
        debug_assert!(slot < self.layout.capacity, "a claim is for a slot of this ring");
        // SAFETY: lengths are within the mapping and 4-byte aligned, for the mapping is page-aligned; and they are
        // accessed as atomics only.
        unsafe { &*self.base.as_ptr().add(Layout::LENGTHS + 4 * slot).cast() }
    }

    /// Where the message of a slot is, `stride` bytes within the mapping.
    #[inline]
    fn message(&self, slot: usize) -> *mut u8 {
        debug_assert!(slot < self.layout.capacity, "a claim is for a slot of this ring");
        // SAFETY: the slot is one of this ring, so its message is within the mapping.
        unsafe {
            self.base
                .as_ptr()
                .add(self.layout.messages() + slot * self.layout.stride())
        }
    }
}

/// Maps the first `size` bytes of a file, which are there.
fn map(file: &File, size: usize) -> io::Result<NonNull<u8>> {
    // SAFETY: a new mapping at an address that the kernel chooses touches nothing that exists.
    let address = unsafe {
        libc::mmap(
            ptr::null_mut(),
            size,
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_SHARED | libc::MAP_POPULATE,
            file.as_raw_fd(),
            0,
        )
    };
    if address == libc::MAP_FAILED {
        return Err(io::Error::last_os_error());
    }
    Ok(NonNull::new(address.cast()).expect("a mapping is never at address 0"))
}

/// How often it pays to look again, on this machine. Not `available_parallelism`: a thread that is bound to one processor
/// may well wait for another one on another.
fn spins() -> u32 {
    match sysconf(SysconfVar::_NPROCESSORS_ONLN) {
        Ok(Some(2..)) => SPINS,
        _ => 0,
    }
}

impl Shared for Mapping {
    type Word = FutexWord;

    #[inline]
    fn control(&self) -> &Control<FutexWord> {
        // SAFETY: the words are within the mapping, 128-byte aligned, and accessed as atomics only; any bytes are
        // valid.
        unsafe { &*self.base.as_ptr().add(Layout::CONTROL).cast() }
    }

    #[inline]
    fn write(&self, claim: Claim, message: &[u8]) {
        let slot = claim.slot();
        assert!(
            message.len() <= self.layout.max_message,
            "a sender has looked at the length"
        );
        self.length(slot).store(message.len() as u32, Ordering::Relaxed);
        // SAFETY: the slot has room for the longest message, and by the claim nobody else uses it. The message is
        // the caller's, so it is no part of the mapping.
        unsafe {
            self.message(slot)
                .copy_from_nonoverlapping(message.as_ptr(), message.len())
        };
    }

    #[inline]
    fn read(&self, claim: Claim, buffer: &mut [u8]) -> Result<usize, RecvError> {
        let slot = claim.slot();
        let length = self.length(slot).load(Ordering::Relaxed) as usize;
        if length > self.layout.max_message {
            return Err(RecvError::Corrupt("a message that is longer than the longest"));
        }
        let room = &mut buffer[..length];
        // SAFETY: the length is no more than a slot has, and by the claim nobody else uses it. The buffer is the
        // caller's alone, so it is no part of the mapping.
        unsafe {
            self.message(slot)
                .copy_to_nonoverlapping(room.as_mut_ptr(), length)
        };
        Ok(length)
    }

    #[inline]
    fn light_fence(&self) {
        fence::light();
    }

    fn heavy_fence(&self) {
        fence::heavy();
    }

    fn spins(&self) -> u32 {
        self.spins
    }

    fn pause(&self) {
        std::hint::spin_loop();
    }

    fn is_alive(&self, id: u32) -> bool {
        // Who cannot be asked about is taken to live: waiting is better than two of them in the same slot.
        self.member.is_alive(id).unwrap_or(true)
    }

    fn has_peers(&self) -> bool {
        self.member.has_peers().unwrap_or(true)
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        self.member.leave();
        // Those who wait for us learn at once, and not only when they next look, that we are gone.
        end::wake(self.control().view(self.side).they_wait);
        // SAFETY: this is the mapping that `new` made, of that size, and no reference into it outlives `self`.
        unsafe { libc::munmap(self.base.as_ptr().cast(), self.layout.size()) };
    }
}
