//! Work, and what may end it early.
//!
//! A connection is woken by bytes nearly always, and by a timeout or the word to stop once, if at all. `select!` would
//! poll all of them at each wake-up. [`race`] gives the seldom ones a waker of their own, which notes that it was
//! called and then wakes the task: until then they need not be polled again.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// The waker of what is seldom ready.
struct Bell {
    has_rung: AtomicBool,
    task: Waker,
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

/// Runs `work` to its end, or until `seldom` is ready, whichever comes first; work goes first when both are ready.
pub async fn race<T>(work: impl Future<Output = T>, seldom: impl Future<Output = T>) -> T {
    let (mut work, mut seldom) = (pin!(work), pin!(seldom));
    let mut bell: Option<(Arc<Bell>, Waker)> = None;
    poll_fn(|context| {
        if let Poll::Ready(result) = work.as_mut().poll(context) {
            return Poll::Ready(result);
        }
        // The task's waker may change when it is moved into another one: then there is a new bell, which has rung.
        let is_hers = |bell: &Arc<Bell>| bell.task.will_wake(context.waker());
        if !bell.as_ref().is_some_and(|(bell, _)| is_hers(bell)) {
            let new = Arc::new(Bell {
                has_rung: AtomicBool::new(true),
                task: context.waker().clone(),
            });
            bell = Some((Arc::clone(&new), Waker::from(new)));
        }
        let (bell, waker) = bell.as_ref().expect("made above");
        if bell.has_rung.load(Ordering::Acquire) && bell.has_rung.swap(false, Ordering::AcqRel) {
            seldom.as_mut().poll(&mut Context::from_waker(waker))
        } else {
            Poll::Pending
        }
    })
    .await
}
