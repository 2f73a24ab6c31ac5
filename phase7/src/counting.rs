//! A global allocator that counts, and measures what a piece of code allocates.
//!
//! - [`Counting`]: wraps an allocator; a test binary installs it, once, with `#[global_allocator]`
//! - [`measure`]: what a closure allocates on this thread, whatever other threads do meanwhile
//! - [`process`]: what all threads have allocated since the start
//! - [`refusing`]: a closure for which this thread's large allocations fail
//! - [`Block`]: a block of any allocator, driven without unsafe code in the test
//!
//! ```
//! use phase7::counting::{Counting, measure};
//!
//! #[global_allocator]
//! static ALLOCATOR: Counting = Counting::new(std::alloc::System);
//!
//! let (text, counts) = measure(|| "x".repeat(100));
//! assert_eq!((counts.allocations, counts.live_bytes), (1, 100));
//! drop(text);
//! ```
//!
//! The counters belong to the process and its threads, not to one `Counting`: it is installed at most once,
//! and whoever measures need not name the static.

mod block;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ptr;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};

pub use block::{Block, FILL};

/// An allocator that passes every call on to `A` and counts those that succeed.
#[derive(Debug, Default)]
pub struct Counting<A = System> {
    inner: A,
}

/// What was allocated and given back. Bytes are those asked for, not what the allocator made of them.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Blocks handed out: `alloc` and `alloc_zeroed`.
    pub allocations: u64,
    /// Blocks given back.
    pub deallocations: u64,
    /// Blocks whose size was changed; neither an allocation nor a deallocation.
    pub reallocations: u64,
    /// Bytes handed out; a block that grows adds what it grew by.
    pub allocated_bytes: u64,
    /// Bytes given back; a block that shrinks adds what it shrank by.
    pub freed_bytes: u64,
    /// Bytes handed out and not given back. Negative where blocks from before the measurement were freed.
    pub live_bytes: i64,
    /// The highest `live_bytes` has been; never negative.
    pub peak_bytes: i64,
}

/// What happened to a block.
#[derive(Clone, Copy)]
enum Event {
    Allocated(usize),
    Freed(usize),
    Resized { from: usize, to: usize },
}

thread_local! {
    // Constant and without a destructor: reaching either allocates nothing, from the first allocation of a
    // thread to its last.
    static THREAD: Cell<Counts> = const { Cell::new(Counts::ZERO) };
    /// Allocations of this many bytes or more fail.
    static REFUSED_FROM: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// The process's counters. Each is exact; together they are a snapshot only when no other thread allocates.
static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);
static DEALLOCATIONS: AtomicU64 = AtomicU64::new(0);
static REALLOCATIONS: AtomicU64 = AtomicU64::new(0);
static ALLOCATED_BYTES: AtomicU64 = AtomicU64::new(0);
static FREED_BYTES: AtomicU64 = AtomicU64::new(0);
static LIVE_BYTES: AtomicI64 = AtomicI64::new(0);
static PEAK_BYTES: AtomicI64 = AtomicI64::new(0);

impl<A> Counting<A> {
    /// Counts what passes through to `inner`.
    pub const fn new(inner: A) -> Self {
        Self { inner }
    }
}

// SAFETY: every call goes on to `inner` unchanged, or fails with null where the contract allows it; counting
// neither allocates nor panics.
unsafe impl<A: GlobalAlloc> GlobalAlloc for Counting<A> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if is_refused(layout.size()) {
            return ptr::null_mut();
        }
        // SAFETY: the caller's promise about the layout is handed on.
        counted(
            unsafe { self.inner.alloc(layout) },
            Event::Allocated(layout.size()),
        )
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if is_refused(layout.size()) {
            return ptr::null_mut();
        }
        // SAFETY: as above.
        counted(
            unsafe { self.inner.alloc_zeroed(layout) },
            Event::Allocated(layout.size()),
        )
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the block came from `inner`, since all blocks do.
        unsafe { self.inner.dealloc(pointer, layout) };
        record(Event::Freed(layout.size()));
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        if is_refused(new_size) {
            return ptr::null_mut();
        }
        // SAFETY: the block came from `inner`; the caller's promise about sizes is handed on.
        let moved = unsafe { self.inner.realloc(pointer, layout, new_size) };
        counted(
            moved,
            Event::Resized {
                from: layout.size(),
                to: new_size,
            },
        )
    }
}

/// Whether [`refusing`] is at work on this thread for a block of this size.
fn is_refused(size: usize) -> bool {
    size >= REFUSED_FROM.get()
}

/// Records the event if the allocator succeeded.
fn counted(pointer: *mut u8, event: Event) -> *mut u8 {
    if !pointer.is_null() {
        record(event);
    }
    pointer
}

fn record(event: Event) {
    THREAD.set(THREAD.get().with(event));

    let (allocated, freed) = event.bytes();
    let counter = match event {
        Event::Allocated(_) => &ALLOCATIONS,
        Event::Freed(_) => &DEALLOCATIONS,
        Event::Resized { .. } => &REALLOCATIONS,
    };
    // Relaxed: these are counters, and nothing is published through them.
    counter.fetch_add(1, Relaxed);
    ALLOCATED_BYTES.fetch_add(allocated, Relaxed);
    FREED_BYTES.fetch_add(freed, Relaxed);
    let grown = allocated.cast_signed() - freed.cast_signed();
    let live = LIVE_BYTES.fetch_add(grown, Relaxed) + grown;
    PEAK_BYTES.fetch_max(live, Relaxed);
}

impl Event {
    /// The bytes that it handed out and the bytes that it gave back.
    fn bytes(self) -> (u64, u64) {
        match self {
            Self::Allocated(size) => (size as u64, 0),
            Self::Freed(size) => (0, size as u64),
            Self::Resized { from, to } => (to.saturating_sub(from) as u64, from.saturating_sub(to) as u64),
        }
    }
}

impl Counts {
    const ZERO: Self = Self {
        allocations: 0,
        deallocations: 0,
        reallocations: 0,
        allocated_bytes: 0,
        freed_bytes: 0,
        live_bytes: 0,
        peak_bytes: 0,
    };

    /// These counts and one event more.
    fn with(mut self, event: Event) -> Self {
        match event {
            Event::Allocated(_) => self.allocations += 1,
            Event::Freed(_) => self.deallocations += 1,
            Event::Resized { .. } => self.reallocations += 1,
        }
        let (allocated, freed) = event.bytes();
        self.allocated_bytes += allocated;
        self.freed_bytes += freed;
        self.live_bytes += allocated.cast_signed() - freed.cast_signed();
        self.peak_bytes = self.peak_bytes.max(self.live_bytes);
        self
    }

    /// These counts, followed in time by `later`.
    fn followed_by(self, later: Self) -> Self {
        Self {
            allocations: self.allocations + later.allocations,
            deallocations: self.deallocations + later.deallocations,
            reallocations: self.reallocations + later.reallocations,
            allocated_bytes: self.allocated_bytes + later.allocated_bytes,
            freed_bytes: self.freed_bytes + later.freed_bytes,
            live_bytes: self.live_bytes + later.live_bytes,
            peak_bytes: self.peak_bytes.max(self.live_bytes + later.peak_bytes),
        }
    }
}

/// Runs `body` and counts what this thread allocates in it; measurements nest.
///
/// # Panics
/// When no [`Counting`] is installed: zeros would say that nothing was allocated.
#[track_caller]
pub fn measure<R>(body: impl FnOnce() -> R) -> (R, Counts) {
    assert_installed();
    let scope = Scope {
        before: THREAD.replace(Counts::ZERO),
    };
    let result = body();
    let counts = THREAD.get();
    drop(scope);
    (result, counts)
}

/// Puts the counts from before a measurement back, and what was measured on top, even when the body panics.
struct Scope {
    before: Counts,
}

impl Drop for Scope {
    fn drop(&mut self) {
        THREAD.set(self.before.followed_by(THREAD.get()));
    }
}

/// What all threads have allocated since the start of the process.
///
/// # Panics
/// When no [`Counting`] is installed.
#[track_caller]
pub fn process() -> Counts {
    assert_installed();
    Counts {
        allocations: ALLOCATIONS.load(Relaxed),
        deallocations: DEALLOCATIONS.load(Relaxed),
        reallocations: REALLOCATIONS.load(Relaxed),
        allocated_bytes: ALLOCATED_BYTES.load(Relaxed),
        freed_bytes: FREED_BYTES.load(Relaxed),
        live_bytes: LIVE_BYTES.load(Relaxed),
        peak_bytes: PEAK_BYTES.load(Relaxed),
    }
}

/// Runs `body` while every allocation of `from_bytes` or more on this thread fails, as it does when memory is
/// short. A collection of the standard library that meets this aborts the process: keep it below the bound.
///
/// # Panics
/// When no [`Counting`] is installed.
#[track_caller]
pub fn refusing<R>(from_bytes: usize, body: impl FnOnce() -> R) -> R {
    /// Puts the old bound back, even when the body panics.
    struct Restore(usize);
    impl Drop for Restore {
        fn drop(&mut self) {
            REFUSED_FROM.set(self.0);
        }
    }
    assert_installed();
    let _restore = Restore(REFUSED_FROM.replace(from_bytes));
    body()
}

/// Fails unless an allocation on this thread is counted.
#[track_caller]
fn assert_installed() {
    let before = THREAD.get();
    drop(std::hint::black_box(Box::new(0_u8)));
    let is_counted = THREAD.get() != before;
    THREAD.set(before);
    assert!(
        is_counted,
        "no counting allocator: #[global_allocator] static ALLOCATOR: Counting = …"
    );
}

#[cfg(test)]
mod tests;
