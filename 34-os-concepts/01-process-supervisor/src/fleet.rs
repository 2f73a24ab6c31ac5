//! All services: which may start, which must end first, what a new configuration changes. Still no system call.
//!
//! Requests only note what is wanted. [`Fleet::settle`] compares that with what is, and returns the next steps; the
//! event loop carries them out, reports back, and asks again until there is nothing left to do. So every way that
//! leads to a state (start, crash, reload, shutdown) goes through the same two rules:
//!
//! - a service that is wanted starts when everything that it depends on is ready;
//! - a service that shall go down is stopped when nothing is alive that depends on it and shall go down as well.

use std::time::Duration;

use nix::sys::signal::Signal;

use crate::config::{Config, Spec};
use crate::protocol::{Changes, Exit, Status};

/// What the event loop must do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Start this service, and report [`Fleet::started`] or [`Fleet::spawn_failed`].
    Spawn(String),
    /// Send this signal to the process group of this process.
    Signal(i32, Signal),
}

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FleetError {
    /// No service has this name.
    #[error("no service {0:?}")]
    NoService(String),
    /// Nothing starts any more.
    #[error("shutting down")]
    ShuttingDown,
}

/// All services.
#[derive(Debug)]
pub struct Fleet {
    // The fields are yours.
}

impl Fleet {
    /// The services of `config`, those with `autostart` wanted.
    pub fn new(config: Config) -> Self {
        todo!("{} services", config.services.len())
    }

    /// Wants a service, and whatever of its dependencies is not ready.
    ///
    /// # Errors
    /// When there is no such service, or none may start any more.
    pub fn start(&mut self, name: &str, now: Duration) -> Result<(), FleetError> {
        todo!("want {name} at {now:?}")
    }

    /// Does not want a service any more, nor those that depend on it. Returns the processes that will end by this.
    ///
    /// # Errors
    /// When there is no such service.
    pub fn stop(&mut self, name: &str) -> Result<Vec<i32>, FleetError> {
        todo!("do not want {name}")
    }

    /// Stops a service, and it alone, to start it again.
    ///
    /// # Errors
    /// As [`Fleet::start`].
    pub fn restart(&mut self, name: &str, now: Duration) -> Result<(), FleetError> {
        todo!("{name} anew at {now:?}")
    }

    /// Makes the services those of `config`. What has not changed is left alone.
    ///
    /// # Errors
    /// When everything is going down anyway.
    pub fn reload(&mut self, config: Config) -> Result<Changes, FleetError> {
        todo!("{} services", config.services.len())
    }

    /// Wants nothing any more, for good.
    pub fn shut_down(&mut self) {
        todo!("want nothing")
    }

    /// Patience is over: kills at the next [`Fleet::settle`] whatever is alive.
    pub fn hurry(&mut self, now: Duration) {
        todo!("kill at {now:?}")
    }

    /// Whether [`Fleet::shut_down`] was called.
    pub fn is_shutting_down(&self) -> bool {
        todo!("shutting down?")
    }

    /// Whether any service has a process.
    pub fn has_processes(&self) -> bool {
        todo!("any process?")
    }

    /// Whether `pid` is the process of a service.
    pub fn has_process(&self, pid: i32) -> bool {
        todo!("process {pid}?")
    }

    /// What it runs by.
    ///
    /// # Panics
    /// When there is no such service.
    pub fn spec(&self, name: &str) -> &Spec {
        todo!("the spec of {name}")
    }

    /// The steps that can be taken now. Call it again when they are taken, until there are none.
    pub fn settle(&mut self, now: Duration) -> Vec<Action> {
        todo!("what can be done at {now:?}")
    }

    /// A [`Action::Spawn`] has succeeded.
    pub fn started(&mut self, name: &str, pid: i32, now: Duration) {
        todo!("{name} is process {pid} at {now:?}")
    }

    /// A [`Action::Spawn`] has failed.
    pub fn spawn_failed(&mut self, name: &str, now: Duration) {
        todo!("{name} is none at {now:?}")
    }

    /// A process has ended. Returns the service whose it was; an orphan is nobody's.
    pub fn exited(&mut self, pid: i32, exit: Exit, now: Duration) -> Option<&str> {
        todo!("{pid} {exit:?} at {now:?}")
    }

    /// When [`Fleet::settle`] will have something new to say, were nothing else to happen.
    pub fn deadline(&self, now: Duration) -> Option<Duration> {
        todo!("what comes behind {now:?}")
    }

    /// All services in start order.
    pub fn status(&self, now: Duration) -> Vec<Status> {
        todo!("all services at {now:?}")
    }
}
