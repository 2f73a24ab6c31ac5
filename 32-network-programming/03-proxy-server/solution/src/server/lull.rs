//! The time between two requests of a client.
//!
//! Nearly always it ends with the next request, soon. To set a timer and to queue up for the word to stop, and to take both
//! back again, would cost more than to read the request. So both are kept from one lull to the next: the timer rings at
//! some time of the past, and is set anew then.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{self, Instant, Sleep};
use tokio_util::sync::WaitForCancellationFuture;

use super::Proxy;

/// What ends a lull, beside a request.
pub(super) struct Lull<'p> {
    timer: Pin<Box<Sleep>>,
    stop: Pin<Box<WaitForCancellationFuture<'p>>>,
}

impl<'p> Lull<'p> {
    pub(super) fn new(proxy: &'p Proxy) -> Self {
        Self {
            timer: Box::pin(time::sleep(proxy.config.timeouts.idle)),
            stop: Box::pin(proxy.stop.cancelled()),
        }
    }

    /// Ready when the proxy stops, or after `idle`. Not to be asked again then.
    pub(super) async fn is_over(&mut self, idle: Duration) {
        let end = Instant::now() + idle;
        poll_fn(|context| match self.stop.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(()),
            Poll::Pending => self.poll_timer(context, end),
        })
        .await;
    }

    fn poll_timer(&mut self, context: &mut Context<'_>, end: Instant) -> Poll<()> {
        loop {
            ready!(self.timer.as_mut().poll(context));
            if self.timer.deadline() >= end {
                return Poll::Ready(());
            }
            self.timer.as_mut().reset(end);
        }
    }
}
