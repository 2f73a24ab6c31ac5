//! The life of one service as a state machine. No system call is made here and no clock is read: what happened
//! and the time come in, what is to be done goes out.
//!
//! ```text
//!             start            started            stop                exited
//!  Stopped ──────────▶ Waiting ───────▶ Running ────────▶ Stopping ──────────▶ Stopped
//!                      ▲  ▲  │            │ exited                   again: ──▶ Waiting
//!                      │  │  └──spawn_──┐ │
//!                 tick │  │    failed   ▼ ▼
//!                      │  └─────────  Exited          the policy says: leave it
//!                      │    start
//!                      └──────────── Backoff          the policy says: again, but not yet
//! ```
//!
//! `stop` leads from Waiting and Backoff to Stopped at once: there is no process to wait for.

use std::time::Duration;

use nix::sys::signal::Signal;

use crate::config::Policy;
use crate::protocol::Exit;

/// Where a service is in its life. Times are since the start of the supervisor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nobody wants it.
    Stopped,
    /// Wanted; it starts as soon as its dependencies are ready.
    Waiting,
    /// There is a process.
    Running {
        /// Its process id, which is that of its group too.
        pid: i32,
        /// When it was started.
        since: Duration,
    },
    /// There is a process that was asked to end.
    Stopping {
        /// Its process id.
        pid: i32,
        /// When it was started.
        since: Duration,
        /// When its group is killed; `None` once that is done.
        kill_at: Option<Duration>,
        /// Whether it is wanted again behind its end.
        again: bool,
    },
    /// It ended and will be started again.
    Backoff {
        /// When.
        until: Duration,
    },
    /// It ended, and its policy leaves it so.
    Exited,
}

/// One service.
#[derive(Debug, Clone)]
pub struct Machine {
    // The fields are yours.
}

impl Machine {
    /// A stopped service.
    pub fn new(policy: Policy) -> Self {
        todo!("a stopped service by {policy:?}")
    }

    /// Where it is.
    pub fn state(&self) -> State {
        todo!("where it is")
    }

    /// How its last process ended.
    pub fn last_exit(&self) -> Option<Exit> {
        todo!("how it ended")
    }

    /// How often the policy has started it again.
    pub fn restarts(&self) -> u64 {
        todo!("how often")
    }

    /// The process, while there is one.
    pub fn pid(&self) -> Option<i32> {
        todo!("its process")
    }

    /// Since when there is one.
    pub fn running_since(&self) -> Option<Duration> {
        todo!("since when")
    }

    /// Whether those that depend on it may start: it has run for `ready_after`, or done its work and ended with 0.
    pub fn is_ready(&self, now: Duration) -> bool {
        todo!("ready at {now:?}?")
    }

    /// It is wanted. A running one stays as it is, one that pauses is started without more ado, one that is being
    /// stopped starts again behind its end.
    pub fn start(&mut self) {
        todo!("it is wanted")
    }

    /// The process that was waited for is there.
    ///
    /// # Panics
    /// When the service was not waiting for it.
    pub fn started(&mut self, pid: i32, now: Duration) {
        todo!("process {pid} at {now:?}")
    }

    /// The program could not be started at all; it counts as an end with code 127 at once.
    ///
    /// # Panics
    /// When the service was not waiting for it.
    pub fn spawn_failed(&mut self, now: Duration) {
        todo!("no process at {now:?}")
    }

    /// It is not wanted any more, or, with `again`, wanted anew. Returns the signal that its group must be sent.
    pub fn stop(&mut self, again: bool, now: Duration) -> Option<Signal> {
        todo!("stop at {now:?}, again: {again}")
    }

    /// Patience is over: a service that is being stopped is killed at the next [`Machine::tick`].
    pub fn hurry(&mut self, now: Duration) {
        todo!("kill at {now:?}")
    }

    /// Its process has ended.
    ///
    /// # Panics
    /// When there was none.
    pub fn exited(&mut self, exit: Exit, now: Duration) {
        todo!("{exit:?} at {now:?}")
    }

    /// Time has passed. Returns the signal that its group must be sent now.
    pub fn tick(&mut self, now: Duration) -> Option<Signal> {
        todo!("what is due at {now:?}")
    }

    /// When [`Machine::tick`] or [`Machine::is_ready`] will have something new to say, were nothing else to happen.
    pub fn deadline(&self, now: Duration) -> Option<Duration> {
        todo!("what comes behind {now:?}")
    }

    /// Puts another policy in the place of the old one, between two runs.
    pub fn set_policy(&mut self, policy: Policy) {
        todo!("from now on {policy:?}")
    }
}
