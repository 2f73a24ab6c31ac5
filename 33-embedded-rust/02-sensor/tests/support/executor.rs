//! A few lines of an executor: it polls two futures in turn, and when both wait it moves the log's time.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use super::fake::Log;

/// Runs both futures to their ends.
pub fn join<A, B>(log: &Log, first: impl Future<Output = A>, second: impl Future<Output = B>) -> (A, B) {
    let mut context = Context::from_waker(Waker::noop());
    let (mut first, mut second) = (pin!(first), pin!(second));
    let (mut a, mut b) = (None, None);
    for _ in 0..1_000 {
        log.next_us.set(None);
        if a.is_none()
            && let Poll::Ready(value) = first.as_mut().poll(&mut context)
        {
            a = Some(value);
        }
        if b.is_none()
            && let Poll::Ready(value) = second.as_mut().poll(&mut context)
        {
            b = Some(value);
        }
        match (a.take(), b.take()) {
            (Some(a), Some(b)) => return (a, b),
            rest => (a, b) = rest,
        }
        if let Some(next) = log.next_us.get() {
            log.now_us.set(next.max(log.now_us.get()));
        }
    }
    panic!("no end after 1,000 polls: {:?}", log.lines());
}

/// Runs one future to its end.
pub fn block_on<T>(log: &Log, future: impl Future<Output = T>) -> T {
    join(log, future, async {}).0
}
