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

use crate::backoff::Backoff;
use crate::config::{Policy, Restart};
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
    policy: Policy,
    state: State,
    backoff: Backoff,
    last_exit: Option<Exit>,
    /// Starts by policy, not by hand.
    restarts: u64,
}

impl Machine {
    /// A stopped service.
    pub fn new(policy: Policy) -> Self {
        let backoff = Backoff::new(policy.backoff, policy.backoff_max, policy.backoff_reset);
        Self {
            policy,
            state: State::Stopped,
            backoff,
            last_exit: None,
            restarts: 0,
        }
    }

    /// Where it is.
    pub fn state(&self) -> State {
        self.state
    }

    /// How its last process ended.
    pub fn last_exit(&self) -> Option<Exit> {
        self.last_exit
    }

    /// How often the policy has started it again.
    pub fn restarts(&self) -> u64 {
        self.restarts
    }

    /// The process, while there is one.
    pub fn pid(&self) -> Option<i32> {
        match self.state {
            State::Running { pid, .. } | State::Stopping { pid, .. } => Some(pid),
            _ => None,
        }
    }

    /// Since when there is one.
    pub fn running_since(&self) -> Option<Duration> {
        match self.state {
            State::Running { since, .. } | State::Stopping { since, .. } => Some(since),
            _ => None,
        }
    }

    /// Whether those that depend on it may start: it has run for `ready_after`, or done its work and ended with 0.
    pub fn is_ready(&self, now: Duration) -> bool {
        match self.state {
            State::Running { since, .. } => now >= since + self.policy.ready_after,
            State::Exited => self.last_exit == Some(Exit::Code(0)),
            _ => false,
        }
    }

    /// It is wanted. A running one stays as it is, one that pauses is started without more ado, one that is being
    /// stopped starts again behind its end.
    pub fn start(&mut self) {
        match &mut self.state {
            State::Stopped | State::Exited | State::Backoff { .. } => {
                self.backoff.reset();
                self.state = State::Waiting;
            }
            State::Stopping { again, .. } => *again = true,
            State::Waiting | State::Running { .. } => {}
        }
    }

    /// The process that was waited for is there.
    ///
    /// # Panics
    /// When the service was not waiting for it.
    pub fn started(&mut self, pid: i32, now: Duration) {
        assert_eq!(self.state, State::Waiting, "only a service that waits is started");
        self.state = State::Running { pid, since: now };
    }

    /// The program could not be started at all; it counts as an end with code 127 at once.
    ///
    /// # Panics
    /// When the service was not waiting for it.
    pub fn spawn_failed(&mut self, now: Duration) {
        assert_eq!(self.state, State::Waiting, "only a service that waits is started");
        self.ended(Exit::Code(127), Duration::ZERO, now);
    }

    /// It is not wanted any more, or, with `again`, wanted anew. Returns the signal that its group must be sent.
    pub fn stop(&mut self, again: bool, now: Duration) -> Option<Signal> {
        let without_process = if again { State::Waiting } else { State::Stopped };
        self.backoff.reset();
        match &mut self.state {
            State::Running { pid, since } => {
                let kill_at = Some(now + self.policy.stop_timeout);
                self.state = State::Stopping {
                    pid: *pid,
                    since: *since,
                    kill_at,
                    again,
                };
                return Some(self.policy.stop_signal);
            }
            State::Stopping { again: wanted, .. } => *wanted = again,
            State::Stopped | State::Waiting | State::Backoff { .. } | State::Exited => {
                self.state = without_process
            }
        }
        None
    }

    /// Patience is over: a service that is being stopped is killed at the next [`Machine::tick`].
    pub fn hurry(&mut self, now: Duration) {
        if let State::Stopping {
            kill_at: Some(at), ..
        } = &mut self.state
        {
            *at = now.min(*at);
        }
    }

    /// Its process has ended.
    ///
    /// # Panics
    /// When there was none.
    pub fn exited(&mut self, exit: Exit, now: Duration) {
        match self.state {
            State::Running { since, .. } => self.ended(exit, now.saturating_sub(since), now),
            State::Stopping { again, .. } => {
                self.last_exit = Some(exit);
                self.state = if again { State::Waiting } else { State::Stopped };
            }
            state => panic!("no process of this service can have ended: it is {state:?}"),
        }
    }

    /// What the policy makes of an end that nobody asked for.
    fn ended(&mut self, exit: Exit, ran_for: Duration, now: Duration) {
        self.last_exit = Some(exit);
        let again = match self.policy.restart {
            Restart::Always => true,
            Restart::OnFailure => exit != Exit::Code(0),
            Restart::Never => false,
        };
        if again {
            self.state = State::Backoff {
                until: now + self.backoff.next_pause(ran_for),
            };
        } else {
            self.state = State::Exited;
        }
    }

    /// Time has passed. Returns the signal that its group must be sent now.
    pub fn tick(&mut self, now: Duration) -> Option<Signal> {
        match &mut self.state {
            State::Backoff { until } if now >= *until => {
                self.restarts += 1;
                self.state = State::Waiting;
                None
            }
            State::Stopping { kill_at, .. } if kill_at.is_some_and(|at| now >= at) => {
                *kill_at = None;
                Some(Signal::SIGKILL)
            }
            _ => None,
        }
    }

    /// When [`Machine::tick`] or [`Machine::is_ready`] will have something new to say, were nothing else to happen.
    pub fn deadline(&self, now: Duration) -> Option<Duration> {
        match self.state {
            State::Backoff { until } => Some(until),
            State::Stopping { kill_at, .. } => kill_at,
            State::Running { since, .. } => Some(since + self.policy.ready_after).filter(|at| *at > now),
            State::Stopped | State::Waiting | State::Exited => None,
        }
    }

    /// Puts another policy in the place of the old one, between two runs.
    pub fn set_policy(&mut self, policy: Policy) {
        self.backoff = Backoff::new(policy.backoff, policy.backoff_max, policy.backoff_reset);
        self.policy = policy;
    }
}
