//! Waiting for one thing until a time, and until the word to stop.
//!
//! A connection waits for its next request again and again. A timer that is made for each wait costs two locks
//! of the timer wheel; this one is made once, rings at some deadline of the past, and is set anew when it does.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

use tokio::time::{Instant, Sleep, sleep_until};
use tokio_util::sync::{CancellationToken, WaitForCancellationFuture};

use super::Filled;
use crate::limits::MIN_BODY_RATE;

/// The rate by which a duration is divided.
pub(super) const BODY_RATE: u32 = MIN_BODY_RATE as u32;

/// A timer and the word to stop.
pub(super) struct Patience<'a> {
    timer: Pin<Box<Sleep>>,
    stop: Pin<Box<WaitForCancellationFuture<'a>>>,
    is_stopping: bool,
}

impl<'a> Patience<'a> {
    pub(super) fn new(stop: &'a CancellationToken) -> Self {
        Self {
            timer: Box::pin(sleep_until(Instant::now())),
            stop: Box::pin(stop.cancelled()),
            is_stopping: false,
        }
    }

    /// What `work` brings; or why it did not come. The word to stop counts only where it is `stoppable`.
    pub(super) async fn or<T>(
        &mut self,
        work: impl Future<Output = T>,
        until: Instant,
        stoppable: bool,
    ) -> Result<T, Filled> {
        if Instant::now() >= until {
            // Work that is always ready would never look at the clock.
            return Err(Filled::TimedOut);
        }
        let mut work = pin!(work);
        poll_fn(|context| {
            if let Poll::Ready(output) = work.as_mut().poll(context) {
                return Poll::Ready(Ok(output));
            }
            if self.timer.deadline() > until {
                self.timer.as_mut().reset(until);
            }
            while self.timer.as_mut().poll(context).is_ready() {
                if Instant::now() >= until {
                    return Poll::Ready(Err(Filled::TimedOut));
                }
                self.timer.as_mut().reset(until);
            }
            if stoppable {
                self.is_stopping = self.is_stopping || self.stop.as_mut().poll(context).is_ready();
                if self.is_stopping {
                    return Poll::Ready(Err(Filled::Stopping));
                }
            }
            Poll::Pending
        })
        .await
    }
}
