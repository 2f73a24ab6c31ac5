//! Numbers for threads, small and used again. Given: nothing is left to do.
//!
//! A thread gets a number when it first needs one, and returns it at its end. The next thread to start takes it over, and
//! with it whatever is kept under that number. So what is kept is bounded by how many threads there are at a time,
//! and not by how many there ever were.
//!
//! The number stands in a thread-local without a destructor, which costs an instruction to read. The end of a thread is
//! announced by a key of `pthread_key_create(3)`: its function runs behind all destructors of Rust's thread-locals,
//! which may allocate and free as they like. Neither needs memory from anybody.

use std::cell::Cell;
use std::ffi::c_void;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use crate::free_list::FreeList;

/// Numbers are below this. 0 is no thread's.
pub const NUMBERS: usize = 1024;

thread_local! {
    static NUMBER: Cell<u32> = const { Cell::new(0) };
}

/// Numbers that threads have returned.
static RETURNED: FreeList = FreeList::new(AtomicU64::new(0));
static LINKS: [AtomicU64; NUMBERS] = [const { AtomicU64::new(0) }; NUMBERS];

/// The smallest number that no thread has had yet.
static NEXT: AtomicU32 = AtomicU32::new(1);

/// The key whose function returns numbers, plus 1; 0 before it is made.
static KEY: AtomicU64 = AtomicU64::new(0);

/// The number of the calling thread, below [`NUMBERS`]; 0 if it has none yet, or none any more.
#[inline]
pub fn number() -> usize {
    // The remainder is the number; it tells the compiler that it may be an index.
    NUMBER.get() as usize % NUMBERS
}

/// The number of the calling thread, which gets one if it has none. 0 where all are taken.
#[cold]
pub fn claim() -> usize {
    if NUMBER.get() == 0
        && let Some(key) = key()
        && let Some(number) = RETURNED.pop(LINKS.as_slice()).or_else(new_number)
    {
        // The value only has to be anything but null.
        // SAFETY: the key was made, and is never deleted.
        let result = unsafe { libc::pthread_setspecific(key, std::ptr::without_provenance(1)) };
        if result == 0 {
            NUMBER.set(number);
        } else {
            RETURNED.push(LINKS.as_slice(), number);
        }
    }
    number()
}

fn new_number() -> Option<u32> {
    NEXT.try_update(Ordering::Relaxed, Ordering::Relaxed, |next| {
        ((next as usize) < NUMBERS).then_some(next + 1)
    })
    .ok()
}

/// Runs at the end of a thread, and once more if the thread got another number afterwards.
extern "C" fn give_back(_value: *mut c_void) {
    let number = NUMBER.replace(0);
    if number != 0 {
        RETURNED.push(LINKS.as_slice(), number);
    }
}

/// The process's key, which the first thread makes.
fn key() -> Option<libc::pthread_key_t> {
    let made = KEY.load(Ordering::Relaxed);
    if made != 0 {
        return libc::pthread_key_t::try_from(made - 1).ok();
    }
    let mut key = 0;
    // SAFETY: `key` can be written; the function may be called on any thread.
    if unsafe { libc::pthread_key_create(&raw mut key, Some(give_back)) } != 0 {
        return None;
    }
    match KEY.compare_exchange(0, u64::from(key) + 1, Ordering::Relaxed, Ordering::Relaxed) {
        Ok(_) => Some(key),
        Err(made) => {
            // Somebody else was first.
            // SAFETY: it was made a moment ago, and nobody has set a value.
            unsafe { libc::pthread_key_delete(key) };
            libc::pthread_key_t::try_from(made - 1).ok()
        }
    }
}
