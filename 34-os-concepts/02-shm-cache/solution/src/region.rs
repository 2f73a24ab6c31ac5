//! The region: a file, mapped into this process. The only module that turns addresses into references.
//!
//! What other processes may write at any time must never be behind a `&u8` or a `&Header`: the compiler may read such
//! memory twice and believe that it found the same. Everything is reached as atomics, which promise nothing of the kind.

use std::ffi::c_void;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::num::NonZeroUsize;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, AtomicU64};

use nix::fcntl::{FallocateFlags, fallocate};
use nix::sys::mman::{MapFlags, MmapAdvise, ProtFlags, madvise, mmap, munmap};

use crate::error::OpenError;
use crate::layout::{Config, ENCODED_BYTES, Geometry, HEADER_BYTES, Header, NEXT_OWNER_AT};

/// A mapped region whose header is in order.
pub struct Region {
    /// Where the file is mapped. Never moves, and is unmapped on drop.
    base: NonNull<u8>,
    /// Bytes of the mapping: the file's size, which the header and the geometry agree with.
    bytes: usize,
    /// Opened by this handle alone, so that the locks on it are this handle's.
    file: File,
    header: Header,
}

// SAFETY: the mapping belongs to the process, not to a thread, and is only reached through atomics.
unsafe impl Send for Region {}
// SAFETY: likewise.
unsafe impl Sync for Region {}

impl Region {
    /// Makes the file `path` with an empty region in it. The file appears with its contents or not at all.
    ///
    /// # Errors
    /// [`OpenError`]: also when there is a file of that name.
    pub fn create(path: &Path, config: Config, seed: u64) -> Result<Self, OpenError> {
        let geometry = Geometry::new(config)?;
        let draft = draft_of(path, seed);
        let drafted = write_draft(&draft, &Header { geometry, seed });
        let linked = drafted.and_then(|()| fs::hard_link(&draft, path).map_err(failed("make the file")));
        // Whether it has a second name by now or not, this one goes.
        let _ = fs::remove_file(&draft);
        linked?;
        Self::open(path)
    }

    /// Opens the region in the file `path`.
    ///
    /// # Errors
    /// [`OpenError`]
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .open(path)
            .map_err(failed("open the file"))?;
        Self::map(file)
    }

    /// Opens the region behind a descriptor that came from somebody else.
    ///
    /// The descriptor is not kept: it is the same open file as the giver's, and so would be the locks on it.
    ///
    /// # Errors
    /// [`OpenError`]: also without `/proc`, which is the way to open an open file again.
    pub fn attach(descriptor: BorrowedFd<'_>) -> Result<Self, OpenError> {
        Self::open(&PathBuf::from(format!(
            "/proc/self/fd/{}",
            descriptor.as_raw_fd()
        )))
    }

    fn map(file: File) -> Result<Self, OpenError> {
        let file_bytes = file.metadata().map_err(failed("ask for the size"))?.len();
        if file_bytes < HEADER_BYTES as u64 {
            return Err(OpenError::TooShort { bytes: file_bytes });
        }
        let mut encoded = [0; ENCODED_BYTES];
        file.read_exact_at(&mut encoded, 0)
            .map_err(failed("read the header"))?;
        let header = Header::decode(&encoded, file_bytes)?;
        let length = usize::try_from(file_bytes).ok().and_then(NonZeroUsize::new);
        let length = length.ok_or(OpenError::Damaged)?;
        let protection = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
        // SAFETY: a new mapping, at an address that the kernel chooses, replaces nothing.
        let mapped = unsafe { mmap(None, length, protection, MapFlags::MAP_SHARED, file.as_fd(), 0) };
        let base = mapped.map_err(|error| failed("map the file")(error.into()))?;
        // Made here, so that it is unmapped if what follows fails.
        let region = Self {
            base: base.cast(),
            bytes: length.get(),
            file,
            header,
        };
        // A child that forks and does not execute would share this handle's number: let it have no mapping.
        // SAFETY: the range is the mapping that was just made.
        unsafe { madvise(base, length.get(), MmapAdvise::MADV_DONTFORK) }
            .map_err(|error| failed("keep the mapping from children")(error.into()))?;
        Ok(region)
    }

    /// The part of the header that never changes.
    #[inline]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The file.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// `count` words from byte `at` on.
    ///
    /// # Panics
    /// When they are not all in the region, or `at` is not a multiple of 8.
    #[inline]
    pub fn cells(&self, at: usize, count: usize) -> &[AtomicU64] {
        let fits = at <= self.bytes && count <= (self.bytes - at) / size_of::<AtomicU64>();
        assert!(
            fits && at.is_multiple_of(align_of::<AtomicU64>()),
            "{count} words at {at} in a region of {} bytes",
            self.bytes
        );
        // SAFETY: the range lies in the mapping, which lives as long as `self`, and is aligned, because the mapping
        // begins at a page. Any bits are a number, and atomics may change under a shared reference. That the kernel
        // takes pages away when somebody shortens the file is beyond what a reference can promise.
        unsafe { std::slice::from_raw_parts(self.base.add(at).cast::<AtomicU64>().as_ptr(), count) }
    }

    /// The lock of the set at byte `at`.
    ///
    /// # Panics
    /// When it is not in the region, or `at` is not a multiple of 4.
    #[inline]
    pub fn lock_word(&self, at: usize) -> &AtomicU32 {
        let fits = at < self.bytes && self.bytes - at >= size_of::<AtomicU32>();
        assert!(
            fits && at.is_multiple_of(align_of::<AtomicU32>()),
            "a lock at {at}"
        );
        // SAFETY: as in `cells`. The words that `cells` lends there are never read or written as such.
        unsafe { self.base.add(at).cast::<AtomicU32>().as_ref() }
    }

    /// The counter that gives each handle its number.
    pub fn next_owner(&self) -> &AtomicU64 {
        &self.cells(NEXT_OWNER_AT, 1)[0]
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        // SAFETY: the mapping was made with this size, and every reference into it borrows `self`.
        let _ = unsafe { munmap(self.base.cast::<c_void>(), self.bytes) };
    }
}

/// A name beside `path` that no other thread uses, in whatever process: seeds are random.
fn draft_of(path: &Path, seed: u64) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{seed:016x}.draft"));
    path.with_file_name(name)
}

/// Writes an empty region. The kernel gives it all its memory now: a write into a hole would be answered with SIGBUS
/// when there is none left.
fn write_draft(draft: &Path, header: &Header) -> Result<(), OpenError> {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(draft)
        .map_err(failed("make the file"))?;
    let bytes = header.geometry.region_bytes();
    let bytes = i64::try_from(bytes).map_err(|_| OpenError::Damaged)?;
    fallocate(&file, FallocateFlags::empty(), 0, bytes)
        .map_err(|error| failed("take memory for the region")(error.into()))?;
    // Number 0 stands for nobody.
    file.write_all_at(&1_u64.to_le_bytes(), NEXT_OWNER_AT as u64)
        .and_then(|()| file.write_all_at(&header.encode(), 0))
        .map_err(failed("write the header"))
}

/// The error of a system call that was to do `action`.
fn failed(action: &'static str) -> impl FnOnce(io::Error) -> OpenError {
    move |source| OpenError::Io { action, source }
}
