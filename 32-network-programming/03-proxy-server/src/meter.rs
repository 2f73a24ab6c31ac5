//! What has passed through a connection, and when it last did.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use tokio::time::{self, Instant};

/// The counts of one connection. They outlive the future that counts, which may be dropped at any await.
#[derive(Debug)]
pub struct Meter {
    up: AtomicU64,
    down: AtomicU64,
    started: Instant,
    /// When something last moved, in milliseconds since the start.
    moved_ms: AtomicU64,
    /// Whether silence counts: it does while bytes are passed on, and in other phases those have limits of their own.
    is_watched: AtomicBool,
}

impl Meter {
    /// A meter that starts now, at zero, and is not watched.
    pub fn new() -> Self {
        Self {
            up: AtomicU64::new(0),
            down: AtomicU64::new(0),
            started: Instant::now(),
            moved_ms: AtomicU64::new(0),
            is_watched: AtomicBool::new(false),
        }
    }

    /// Counts bytes that were passed on to an upstream.
    pub fn add_up(&self, count: usize) {
        self.up.fetch_add(count as u64, Relaxed);
        self.moved();
    }

    /// Counts bytes that were passed on to the client.
    pub fn add_down(&self, count: usize) {
        self.down.fetch_add(count as u64, Relaxed);
        self.moved();
    }

    /// Notes that something has moved.
    pub fn moved(&self) {
        self.moved_ms.store(self.now_ms(), Relaxed);
    }

    /// From now on, silence counts, or does not.
    pub fn watch(&self, is_watched: bool) {
        self.moved();
        self.is_watched.store(is_watched, Relaxed);
    }

    /// Bytes passed on so far: up, and down.
    pub fn counts(&self) -> (u64, u64) {
        (self.up.load(Relaxed), self.down.load(Relaxed))
    }

    /// How long ago it started.
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Ready when nothing has moved for `timeout` while that counted.
    pub async fn idle(&self, timeout: Duration) {
        loop {
            let moved = self.started + Duration::from_millis(self.moved_ms.load(Relaxed));
            time::sleep_until(moved + timeout).await;
            let is_over = self.now_ms() - self.moved_ms.load(Relaxed) >= whole_ms(timeout);
            if is_over && self.is_watched.load(Relaxed) {
                return;
            }
            if is_over {
                // Looked at again when it may be over for the first time.
                self.moved();
            }
        }
    }

    fn now_ms(&self) -> u64 {
        whole_ms(self.elapsed())
    }
}

impl Default for Meter {
    fn default() -> Self {
        Self::new()
    }
}

fn whole_ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
