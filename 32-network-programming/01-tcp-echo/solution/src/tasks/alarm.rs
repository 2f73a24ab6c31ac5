//! Something that rings seldom, beside something that happens all the time.
//!
//! A task that waits for bytes, a deadline and the word to stop is woken by bytes nearly always. `select!`
//! would poll all three each time, and the two that are seldom ready cost more than looking at a header. An
//! [`Alarm`] has a waker of its own, which notes that it was called and then wakes the task: what was polled with it
//! need not be polled again until then.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Wake, Waker};

/// The waker for seldom futures, and the waker of the task behind it.
pub(super) struct Alarm {
    bell: Arc<Bell>,
    /// `bell` once more, as its futures see it.
    waker: Waker,
}

struct Bell {
    /// Whether the seldom futures are to be polled: at first, and after each call of their waker.
    has_rung: AtomicBool,
    task: Waker,
}

impl Alarm {
    /// An alarm for the task of `context`, which has rung: so that everything is polled once.
    pub(super) fn new(context: &Context<'_>) -> Self {
        let bell = Arc::new(Bell {
            has_rung: AtomicBool::new(true),
            task: context.waker().clone(),
        });
        Self {
            waker: Waker::from(Arc::clone(&bell)),
            bell,
        }
    }

    /// The waker to poll the seldom futures with, if it was called since the last time. All of them must be
    /// polled then.
    pub(super) fn rung(&self) -> Option<&Waker> {
        // A load is enough to say no, and no is the answer nearly always.
        (self.bell.has_rung.load(Ordering::Acquire) && self.bell.has_rung.swap(false, Ordering::AcqRel))
            .then_some(&self.waker)
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        // Noted first: the task may run before this returns.
        self.has_rung.store(true, Ordering::Release);
        self.task.wake_by_ref();
    }
}
