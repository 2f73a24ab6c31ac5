//! A ring's memory without a file, to see what the algorithm does with it.
//!
//! [`Memory`] is generic over its atomics: [`Counted`] ones count the calls that would go to the kernel, [`Checked`]
//! ones belong to Loom, which tries every order in which threads can run and every value that a load may give.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use ipc_queue::RecvError;
use ipc_queue::ring::control::{Claim, Control, Lines, Shared, Word};

/// A word of a model, and the fences that go with it.
pub trait Atomic: Word {
    /// One with this value.
    fn new(value: u64) -> Self;

    /// A full fence.
    fn fence();
}

/// What the algorithm has asked of the world outside.
#[derive(Debug, Default)]
pub struct Calls {
    /// Fences before a sleep.
    pub heavy_fences: AtomicUsize,
    /// Questions whether somebody lives.
    pub questions: AtomicUsize,
    /// Looks with a pause behind them.
    pub pauses: AtomicUsize,
}

/// What the memory answers when it is asked about others.
pub struct World {
    /// Whether the holder of a turn lives.
    pub is_alive: AtomicBool,
    /// Whether the other side has anybody.
    pub has_peers: AtomicBool,
    /// Writes that succeed before one that panics, as if its process had died in the middle of it.
    pub writes_left: AtomicUsize,
    /// Done, once, while it is asked about the other side.
    pub last_words: Mutex<Option<Action>>,
}

/// Something to be done.
pub type Action = Box<dyn FnOnce() + Send>;

/// The memory of one ring of messages of eight bytes.
pub struct Memory<W> {
    /// Its words.
    pub control: Control<W>,
    /// Length and contents of each slot.
    slots: Vec<(W, W)>,
    /// What was asked.
    pub calls: Calls,
    /// What is answered.
    pub world: World,
}

impl<W: Atomic> Memory<W> {
    /// An empty ring.
    pub fn new(capacity: usize) -> Arc<Self> {
        let word = || Lines(W::new(0));
        Arc::new(Self {
            control: Control {
                tail: word(),
                send_turn: word(),
                receivers_wait: word(),
                senders_came: word(),
                head: word(),
                recv_turn: word(),
                senders_wait: word(),
                receivers_came: word(),
            },
            slots: (0..capacity).map(|_| (W::new(0), W::new(0))).collect(),
            calls: Calls::default(),
            world: World {
                is_alive: AtomicBool::new(true),
                has_peers: AtomicBool::new(true),
                writes_left: AtomicUsize::new(usize::MAX),
                last_words: Mutex::new(None),
            },
        })
    }
}

impl Memory<Counted> {
    /// Calls so far that would have been system calls.
    pub fn system_calls(&self) -> usize {
        let calls = &self.calls;
        let mut sum = calls.heavy_fences.load(Ordering::Relaxed) + calls.questions.load(Ordering::Relaxed);
        for word in self.words() {
            sum += word.waits.load(Ordering::Relaxed) + word.wakes.load(Ordering::Relaxed);
        }
        sum
    }

    /// Calls to sleep so far.
    pub fn waits(&self) -> usize {
        self.words()
            .iter()
            .map(|word| word.waits.load(Ordering::Relaxed))
            .sum()
    }

    /// How many sleep at the moment.
    pub fn sleepers(&self) -> usize {
        self.words().iter().map(|word| word.sleepers()).sum()
    }

    fn words(&self) -> [&Counted; 8] {
        let control = &self.control;
        [
            &control.tail.0,
            &control.send_turn.0,
            &control.receivers_wait.0,
            &control.senders_came.0,
            &control.head.0,
            &control.recv_turn.0,
            &control.senders_wait.0,
            &control.receivers_came.0,
        ]
    }
}

/// One end's view of it.
pub struct Handle<W>(pub Arc<Memory<W>>);

impl<W: Atomic> Shared for Handle<W> {
    type Word = W;

    fn control(&self) -> &Control<W> {
        &self.0.control
    }

    fn write(&self, claim: Claim, message: &[u8]) {
        let (length, contents) = &self.0.slots[claim.slot()];
        length.store(message.len() as u64, Ordering::Relaxed);
        let left = self.0.world.writes_left.fetch_sub(1, Ordering::Relaxed);
        assert!(left > 0, "this sender dies here");
        let mut bytes = [0; 8];
        bytes[..message.len()].copy_from_slice(message);
        contents.store(u64::from_le_bytes(bytes), Ordering::Relaxed);
    }

    fn read(&self, claim: Claim, buffer: &mut [u8]) -> Result<usize, RecvError> {
        let (length, contents) = &self.0.slots[claim.slot()];
        let length = usize::try_from(length.load(Ordering::Relaxed)).unwrap_or(usize::MAX);
        if length > 8 {
            return Err(RecvError::Corrupt("too long"));
        }
        let bytes = contents.load(Ordering::Relaxed).to_le_bytes();
        buffer[..length].copy_from_slice(&bytes[..length]);
        Ok(length)
    }

    fn light_fence(&self) {
        W::fence();
    }

    fn heavy_fence(&self) {
        self.0.calls.heavy_fences.fetch_add(1, Ordering::Relaxed);
        W::fence();
    }

    fn spins(&self) -> u32 {
        0
    }

    fn pause(&self) {
        self.0.calls.pauses.fetch_add(1, Ordering::Relaxed);
    }

    fn is_alive(&self, _id: u32) -> bool {
        self.0.calls.questions.fetch_add(1, Ordering::Relaxed);
        self.0.world.is_alive.load(Ordering::Relaxed)
    }

    fn has_peers(&self) -> bool {
        self.0.calls.questions.fetch_add(1, Ordering::Relaxed);
        let action = self
            .0
            .world
            .last_words
            .lock()
            .expect("nobody panics with the lock held")
            .take();
        if let Some(action) = action {
            action();
        }
        self.0.world.has_peers.load(Ordering::Relaxed)
    }
}

/// An ordinary word that counts.
#[derive(Debug)]
pub struct Counted {
    value: AtomicU64,
    /// Those who sleep, or go to sleep, hold this while they look at the value.
    asleep: Mutex<usize>,
    woken: Condvar,
    /// How often somebody has called to sleep.
    pub waits: AtomicUsize,
    /// How often somebody has called to wake.
    pub wakes: AtomicUsize,
}

impl Counted {
    /// How many sleep on it.
    pub fn sleepers(&self) -> usize {
        *self.asleep.lock().expect("nobody panics with the lock held")
    }
}

impl Atomic for Counted {
    fn new(value: u64) -> Self {
        Self {
            value: AtomicU64::new(value),
            asleep: Mutex::new(0),
            woken: Condvar::new(),
            waits: AtomicUsize::new(0),
            wakes: AtomicUsize::new(0),
        }
    }

    fn fence() {
        std::sync::atomic::fence(Ordering::SeqCst);
    }
}

impl Word for Counted {
    fn load(&self, order: Ordering) -> u64 {
        self.value.load(order)
    }

    fn store(&self, value: u64, order: Ordering) {
        self.value.store(value, order);
    }

    fn swap(&self, value: u64, order: Ordering) -> u64 {
        self.value.swap(value, order)
    }

    fn compare_exchange(&self, current: u64, new: u64, success: Ordering) -> Result<u64, u64> {
        self.value
            .compare_exchange(current, new, success, Ordering::Relaxed)
    }

    fn wait(&self, value: u64, time: Duration) {
        self.waits.fetch_add(1, Ordering::Relaxed);
        let mut asleep = self.asleep.lock().expect("nobody panics with the lock held");
        if self.value.load(Ordering::SeqCst) != value {
            return;
        }
        *asleep += 1;
        let (mut asleep, _) = self
            .woken
            .wait_timeout(asleep, time)
            .expect("nobody panics with the lock held");
        *asleep -= 1;
    }

    fn wake(&self, _count: u32) {
        self.wakes.fetch_add(1, Ordering::Relaxed);
        let _asleep = self.asleep.lock().expect("nobody panics with the lock held");
        self.woken.notify_all();
    }
}

/// A word of Loom's. It never wakes by itself: a sleeper that nobody wakes is a deadlock, which Loom reports.
#[derive(Debug)]
pub struct Checked {
    value: loom::sync::atomic::AtomicU64,
    lock: loom::sync::Mutex<()>,
    woken: loom::sync::Condvar,
}

impl Atomic for Checked {
    fn new(value: u64) -> Self {
        Self {
            value: loom::sync::atomic::AtomicU64::new(value),
            lock: loom::sync::Mutex::new(()),
            woken: loom::sync::Condvar::new(),
        }
    }

    fn fence() {
        loom::sync::atomic::fence(Ordering::SeqCst);
    }
}

impl Word for Checked {
    fn load(&self, order: Ordering) -> u64 {
        self.value.load(order)
    }

    fn store(&self, value: u64, order: Ordering) {
        self.value.store(value, order);
    }

    fn swap(&self, value: u64, order: Ordering) -> u64 {
        self.value.swap(value, order)
    }

    fn compare_exchange(&self, current: u64, new: u64, success: Ordering) -> Result<u64, u64> {
        self.value
            .compare_exchange(current, new, success, Ordering::Relaxed)
    }

    fn wait(&self, value: u64, _time: Duration) {
        let lock = self.lock.lock().expect("nobody panics with the lock held");
        // As the kernel does: under the lock that a waker takes too.
        if self.value.load(Ordering::SeqCst) == value {
            drop(self.woken.wait(lock).expect("nobody panics with the lock held"));
        }
    }

    fn wake(&self, _count: u32) {
        drop(self.lock.lock().expect("nobody panics with the lock held"));
        self.woken.notify_all();
    }
}
