//! The cache: hash, set, lock, repair.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::Path;
use std::sync::atomic::{AtomicU32, AtomicU64};
use std::time::Duration;

use crate::clock::Clock;
use crate::digest::Key;
use crate::error::{CacheError, OpenError};
use crate::layout::{Config, Geometry, HEADER_BYTES, KEY_BYTES_MAX, control};
use crate::lock::{self, Acquired};
use crate::owner::{self, Owner};
use crate::region::Region;
use crate::set::{Lookup, Set, has_expired};

/// A handle of a region. Threads may share it; processes open their own.
pub struct SharedCache {
    region: Region,
    /// What stands in a lock that this handle holds.
    number: u32,
    clock: Clock,
}

/// What a region holds, and what has happened to it since it was made.
///
/// Hits and misses are not here: to count them each read would write to a line that all processors share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stats {
    /// Slots of the region.
    pub slots: u64,
    /// Bytes of a slab.
    pub slab_bytes: u32,
    /// Entries, expired ones included.
    pub entries: u64,
    /// Entries that had to go, unexpired, to make room.
    pub evictions: u64,
    /// Expired entries that made room.
    pub expirations: u64,
    /// Entries that were dropped because they were damaged.
    pub corruptions: u64,
    /// Locks taken over from processes that had died.
    pub recoveries: u64,
}

impl SharedCache {
    /// Makes the file `path`, with an empty region in it, and opens that.
    ///
    /// # Errors
    /// [`OpenError`]: also when there is a file of that name.
    pub fn create(path: &Path, config: Config) -> Result<Self, OpenError> {
        let mut seed = [0; 8];
        // SAFETY: the kernel fills at most as many bytes as the buffer has.
        let filled = unsafe { libc::getrandom(seed.as_mut_ptr().cast(), seed.len(), 0) };
        if filled != seed.len() as isize {
            return Err(OpenError::Io {
                action: "get a random seed",
                source: io::Error::last_os_error(),
            });
        }
        Self::over(Region::create(path, config, u64::from_le_bytes(seed))?)
    }

    /// Opens the region in the file `path`.
    ///
    /// # Errors
    /// [`OpenError`]
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        Self::over(Region::open(path)?)
    }

    /// Opens the region in `path` if it is one of this configuration, and makes it if there is none.
    ///
    /// # Errors
    /// [`OpenError`]: [`OpenError::Other`] when it is one of another configuration.
    pub fn open_or_create(path: &Path, config: Config) -> Result<Self, OpenError> {
        let asked = Geometry::new(config)?;
        match Self::create(path, config) {
            Err(OpenError::Io { source, .. }) if source.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made,
        }
        let cache = Self::open(path)?;
        let found = cache.geometry();
        if found != asked {
            return Err(OpenError::Other {
                found_slots: found.slots(),
                found_slab_bytes: found.slab_bytes,
                slots: asked.slots(),
                slab_bytes: asked.slab_bytes,
            });
        }
        Ok(cache)
    }

    /// Opens the region behind a descriptor: one of `memfd_create(2)` that was inherited or came through a socket, or
    /// that of a file whose name is gone.
    ///
    /// # Errors
    /// [`OpenError`]: also without `/proc`.
    pub fn attach(descriptor: BorrowedFd<'_>) -> Result<Self, OpenError> {
        Self::over(Region::attach(descriptor)?)
    }

    fn over(region: Region) -> Result<Self, OpenError> {
        let number = owner::register(region.file(), region.next_owner()).map_err(|source| OpenError::Io {
            action: "register with the kernel",
            source,
        })?;
        Ok(Self {
            region,
            number,
            clock: Clock::Boot,
        })
    }

    /// Lets entries expire by `clock`.
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The descriptor of the region's file, to be given to another process.
    pub fn descriptor(&self) -> BorrowedFd<'_> {
        self.region.file().as_fd()
    }

    /// Reads the value of `key` into `buffer`, and returns that part of it; `None` for a miss.
    ///
    /// Whatever the answer is, the buffer may have changed.
    ///
    /// # Errors
    /// [`CacheError`]: a key that cannot be, or a value that is longer than the buffer.
    #[inline]
    pub fn get<'b>(&self, key: &[u8], buffer: &'b mut [u8]) -> Result<Option<&'b [u8]>, CacheError> {
        let key = self.key(key)?;
        let lookup = match self.set_of(&key).get(&key, buffer) {
            Lookup::Unsure => self.locked(&key, |set| set.get_locked(&key, buffer)),
            sure => sure,
        };
        let Lookup::Hit {
            value_bytes,
            expires_ns,
        } = lookup
        else {
            return Ok(None);
        };
        // The clock costs more than all the rest: it is only asked about entries that expire.
        if expires_ns != 0 && has_expired(expires_ns, self.clock.now_ns()) {
            return Ok(None);
        }
        match buffer.get(..value_bytes) {
            Some(value) => Ok(Some(value)),
            None => Err(CacheError::BufferTooShort { value_bytes }),
        }
    }

    /// Stores `value` for `key`. With a `ttl`, it expires when that much time has passed.
    ///
    /// # Errors
    /// [`CacheError`]: a key that cannot be, or an entry that does not fit into a slab.
    pub fn set(&self, key: &[u8], value: &[u8], ttl: Option<Duration>) -> Result<(), CacheError> {
        let key = self.key(key)?;
        let bytes = key.bytes.len().next_multiple_of(8).checked_add(value.len());
        let bytes = bytes
            .and_then(|bytes| bytes.checked_next_multiple_of(8))
            .unwrap_or(usize::MAX);
        let slab_bytes = self.geometry().slab_bytes;
        if bytes > slab_bytes as usize {
            return Err(CacheError::EntryTooLarge { bytes, slab_bytes });
        }
        let now_ns = self.clock.now_ns();
        let expires_ns = ttl.map_or(0, |ttl| {
            let ttl_ns = u64::try_from(ttl.as_nanos()).unwrap_or(u64::MAX);
            now_ns.saturating_add(ttl_ns)
        });
        self.locked(&key, |set| set.insert(&key, value, expires_ns, now_ns));
        Ok(())
    }

    /// Drops the entry of `key`; whether there was one.
    ///
    /// # Errors
    /// [`CacheError`]: a key that cannot be.
    pub fn remove(&self, key: &[u8]) -> Result<bool, CacheError> {
        let key = self.key(key)?;
        let now_ns = self.clock.now_ns();
        Ok(self.locked(&key, |set| set.remove(&key, now_ns)))
    }

    /// Adds up the counters of all sets, without a lock: what happens meanwhile is in the sums or not.
    pub fn stats(&self) -> Stats {
        let geometry = self.geometry();
        let mut stats = Stats {
            slots: geometry.slots(),
            slab_bytes: geometry.slab_bytes,
            entries: 0,
            evictions: 0,
            expirations: 0,
            corruptions: 0,
            recoveries: 0,
        };
        for at in self.sets() {
            let set = self.set_at(at);
            stats.entries += set.entries() as u64;
            // A damaged counter may be any number.
            let add = |sum: &mut u64, word| *sum = sum.wrapping_add(set.counter(word));
            add(&mut stats.evictions, control::EVICTIONS);
            add(&mut stats.expirations, control::EXPIRATIONS);
            add(&mut stats.corruptions, control::CORRUPTIONS);
            add(&mut stats.recoveries, control::RECOVERIES);
        }
        stats
    }

    /// Looks at every entry, drops and counts those that are damaged, and returns their number.
    pub fn check(&self) -> u64 {
        self.sets()
            .map(|at| self.locked_at(at, |set| set.check()) as u64)
            .sum()
    }

    #[inline]
    fn key<'k>(&self, bytes: &'k [u8]) -> Result<Key<'k>, CacheError> {
        match bytes.len() {
            0 => Err(CacheError::KeyEmpty),
            1..=KEY_BYTES_MAX => Ok(Key::new(bytes, self.region.header().seed)),
            bytes => Err(CacheError::KeyTooLong { bytes }),
        }
    }

    #[inline]
    fn geometry(&self) -> Geometry {
        self.region.header().geometry
    }

    /// Where the sets begin.
    fn sets(&self) -> impl Iterator<Item = usize> {
        let geometry = self.geometry();
        (0..geometry.set_count as usize).map(move |index| HEADER_BYTES + index * geometry.set_bytes())
    }

    #[inline]
    fn set_of(&self, key: &Key<'_>) -> Set<'_, AtomicU64> {
        self.set_at(self.geometry().set_at(key.hash))
    }

    #[inline]
    fn set_at(&self, at: usize) -> Set<'_, AtomicU64> {
        let header = self.region.header();
        let slab_bytes = header.geometry.slab_bytes;
        let cells = self.region.cells(at, Set::<AtomicU64>::words(slab_bytes));
        Set::new(cells, slab_bytes, header.seed)
    }

    fn locked<T>(&self, key: &Key<'_>, act: impl FnOnce(Set<'_, AtomicU64>) -> T) -> T {
        self.locked_at(self.geometry().set_at(key.hash), act)
    }

    /// Acts on the set at byte `at` with its lock held, and repairs it first if its last holder died.
    fn locked_at<T>(&self, at: usize, act: impl FnOnce(Set<'_, AtomicU64>) -> T) -> T {
        let word = self.region.lock_word(at);
        let acquired = lock::acquire(word, self.number, &Owner::new(self.region.file(), self.number));
        let _held = Held(word);
        let set = self.set_at(at);
        if acquired == Acquired::Inherited {
            set.repair();
        }
        act(set)
    }
}

/// Releases the lock, also when a panic passes by.
struct Held<'a>(&'a AtomicU32);

impl Drop for Held<'_> {
    fn drop(&mut self) {
        lock::release(self.0);
    }
}
