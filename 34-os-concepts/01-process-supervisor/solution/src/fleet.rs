//! All services: which may start, which must end first, what a new configuration changes. Still no system call.
//!
//! Requests only note what is wanted. [`Fleet::settle`] compares that with what is, and returns the next steps; the
//! event loop carries them out, reports back, and asks again until there is nothing left to do. So every way that
//! leads to a state (start, crash, reload, shutdown) goes through the same two rules:
//!
//! - a service that is wanted starts when everything that it depends on is ready;
//! - a service that shall go down is stopped when nothing is alive that depends on it and shall go down as well.

use std::collections::BTreeMap;
use std::time::Duration;

use nix::sys::signal::Signal;

use crate::config::{Config, Spec};
use crate::machine::{Machine, State};
use crate::protocol::{Changes, Exit, StateName, Status};

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
    services: BTreeMap<String, Service>,
    /// Their names, dependencies first; those that have gone from the configuration come last.
    order: Vec<String>,
    shutting_down: bool,
}

#[derive(Debug)]
struct Service {
    /// What it runs by. A changed one waits in `next` until the present run has ended.
    spec: Spec,
    next: Option<Spec>,
    machine: Machine,
    /// What shall happen to it, until that is done.
    going_down: Option<Then>,
}

/// What follows when a service is down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    Stay,
    Start,
    Remove,
}

impl Fleet {
    /// The services of `config`, those with `autostart` wanted.
    pub fn new(config: Config) -> Self {
        let mut fleet = Self {
            services: BTreeMap::new(),
            order: Vec::new(),
            shutting_down: false,
        };
        fleet.reload(config).expect("a new fleet is not shutting down");
        fleet
    }

    /// Wants a service, and whatever of its dependencies is not ready.
    ///
    /// # Errors
    /// When there is no such service, or none may start any more.
    pub fn start(&mut self, name: &str, now: Duration) -> Result<(), FleetError> {
        self.check(name)?;
        self.want(name);
        let mut todo = self.dependencies(name);
        while let Some(name) = todo.pop() {
            let service = &self.services[&name];
            if service.going_down.is_some() || !service.machine.is_ready(now) {
                self.want(&name);
                todo.extend(self.dependencies(&name));
            }
        }
        Ok(())
    }

    /// Does not want a service any more, nor those that depend on it. Returns the processes that will end by this.
    ///
    /// # Errors
    /// When there is no such service.
    pub fn stop(&mut self, name: &str) -> Result<Vec<i32>, FleetError> {
        if !self.services.contains_key(name) {
            return Err(FleetError::NoService(name.to_owned()));
        }
        let mut stopped = vec![name.to_owned()];
        let mut index = 0;
        while index < stopped.len() {
            for dependent in self.dependents(&stopped[index]) {
                if !stopped.contains(&dependent) {
                    stopped.push(dependent);
                }
            }
            index += 1;
        }
        let mut pids = Vec::new();
        for name in stopped {
            let service = self.service(&name);
            service.take_down(Then::Stay);
            pids.extend(service.machine.pid());
        }
        Ok(pids)
    }

    /// Stops a service, and it alone, to start it again.
    ///
    /// # Errors
    /// As [`Fleet::start`].
    pub fn restart(&mut self, name: &str, now: Duration) -> Result<(), FleetError> {
        self.check(name)?;
        if self.services[name].machine.pid().is_some() {
            self.service(name).take_down(Then::Start);
        }
        self.start(name, now)
    }

    /// Makes the services those of `config`. What has not changed is left alone.
    ///
    /// # Errors
    /// When everything is going down anyway.
    pub fn reload(&mut self, config: Config) -> Result<Changes, FleetError> {
        if self.shutting_down {
            return Err(FleetError::ShuttingDown);
        }
        let mut changes = Changes::default();
        let mut order = config.order;
        for (name, service) in &mut self.services {
            if !config.services.contains_key(name) {
                if service.going_down != Some(Then::Remove) {
                    changes.removed.push(name.clone());
                }
                service.take_down(Then::Remove);
                order.push(name.clone());
            }
        }
        self.order = order;
        let mut wanted = Vec::new();
        for (name, spec) in config.services {
            match self.services.get_mut(&name) {
                None => {
                    wanted.extend(spec.autostart.then(|| name.clone()));
                    let machine = Machine::new(spec.policy.clone());
                    self.services.insert(
                        name.clone(),
                        Service {
                            spec,
                            next: None,
                            machine,
                            going_down: None,
                        },
                    );
                    changes.added.push(name);
                }
                Some(service) if service.going_down == Some(Then::Remove) => {
                    // It had gone from the file, and is back before its process has ended.
                    service.going_down = Some(if spec.autostart { Then::Start } else { Then::Stay });
                    service.next = Some(spec);
                    changes.added.push(name);
                }
                Some(service) if *service.next.as_ref().unwrap_or(&service.spec) != spec => {
                    service.next = Some(spec);
                    service.going_down = service.going_down.or(match service.machine.state() {
                        State::Stopped => Some(Then::Stay),
                        _ => Some(Then::Start),
                    });
                    changes.changed.push(name);
                }
                Some(_) => {}
            }
        }
        for name in wanted {
            self.start(&name, Duration::ZERO)?;
        }
        Ok(changes)
    }

    /// Wants nothing any more, for good.
    pub fn shut_down(&mut self) {
        self.shutting_down = true;
        for service in self.services.values_mut() {
            service.take_down(Then::Stay);
        }
    }

    /// Patience is over: kills at the next [`Fleet::settle`] whatever is alive.
    pub fn hurry(&mut self, now: Duration) {
        for service in self.services.values_mut() {
            if service.going_down.is_some() {
                let _ = service.machine.stop(false, now);
                service.machine.hurry(now);
            }
        }
    }

    /// Whether [`Fleet::shut_down`] was called.
    pub fn is_shutting_down(&self) -> bool {
        self.shutting_down
    }

    /// Whether any service has a process.
    pub fn has_processes(&self) -> bool {
        self.services
            .values()
            .any(|service| service.machine.pid().is_some())
    }

    /// Whether `pid` is the process of a service.
    pub fn has_process(&self, pid: i32) -> bool {
        self.services
            .values()
            .any(|service| service.machine.pid() == Some(pid))
    }

    /// What it runs by.
    ///
    /// # Panics
    /// When there is no such service.
    pub fn spec(&self, name: &str) -> &Spec {
        &self.services[name].spec
    }

    /// The steps that can be taken now. Call it again when they are taken, until there are none.
    pub fn settle(&mut self, now: Duration) -> Vec<Action> {
        let mut actions = Vec::new();
        for index in 0..self.order.len() {
            let name = self.order[index].clone();
            if let Some(signal) = self
                .services
                .get_mut(&name)
                .and_then(|service| service.machine.tick(now))
            {
                let pid = self.services[&name]
                    .machine
                    .pid()
                    .expect("only a process is sent a signal");
                actions.push(Action::Signal(pid, signal));
            }
            self.settle_down(&name, now, &mut actions);
            self.settle_up(&name, now, &mut actions);
        }
        let services = &self.services;
        self.order.retain(|name| services.contains_key(name));
        actions
    }

    /// Stops a service that shall go down, or finishes with one that is.
    fn settle_down(&mut self, name: &str, now: Duration, actions: &mut Vec<Action>) {
        let Some(then) = self.services.get(name).and_then(|service| service.going_down) else {
            return;
        };
        if matches!(self.services[name].machine.state(), State::Running { .. }) && self.is_needed(name) {
            return;
        }
        let service = self.service(name);
        if let Some(signal) = service.machine.stop(false, now) {
            actions.extend(service.machine.pid().map(|pid| Action::Signal(pid, signal)));
        }
        if service.machine.pid().is_some() {
            return;
        }
        service.going_down = None;
        if let Some(spec) = service.next.take() {
            service.machine.set_policy(spec.policy.clone());
            service.spec = spec;
        }
        match then {
            Then::Stay => {}
            Then::Start => service.machine.start(),
            Then::Remove => {
                self.services.remove(name);
            }
        }
    }

    /// Starts a service that waits, when its dependencies are ready.
    fn settle_up(&mut self, name: &str, now: Duration, actions: &mut Vec<Action>) {
        let Some(service) = self.services.get(name) else {
            return;
        };
        let ready = |dependency: &String| {
            self.services
                .get(dependency)
                .is_some_and(|it| it.going_down.is_none() && it.machine.is_ready(now))
        };
        if service.machine.state() == State::Waiting && service.spec.depends_on.iter().all(ready) {
            actions.push(Action::Spawn(name.to_owned()));
        }
    }

    /// Whether something is alive that depends on `name`, directly or not, and shall go down before it.
    fn is_needed(&self, name: &str) -> bool {
        self.services.iter().any(|(dependent, service)| {
            service.going_down.is_some()
                && service.spec.depends_on.contains(name)
                && (service.machine.pid().is_some() || self.is_needed(dependent))
        })
    }

    /// A [`Action::Spawn`] has succeeded.
    pub fn started(&mut self, name: &str, pid: i32, now: Duration) {
        self.service(name).machine.started(pid, now);
    }

    /// A [`Action::Spawn`] has failed.
    pub fn spawn_failed(&mut self, name: &str, now: Duration) {
        self.service(name).machine.spawn_failed(now);
    }

    /// A process has ended. Returns the service whose it was; an orphan is nobody's.
    pub fn exited(&mut self, pid: i32, exit: Exit, now: Duration) -> Option<&str> {
        let (name, service) = self
            .services
            .iter_mut()
            .find(|(_, service)| service.machine.pid() == Some(pid))?;
        service.machine.exited(exit, now);
        Some(name)
    }

    /// When [`Fleet::settle`] will have something new to say, were nothing else to happen.
    pub fn deadline(&self, now: Duration) -> Option<Duration> {
        self.services
            .values()
            .filter_map(|service| service.machine.deadline(now))
            .min()
    }

    /// All services in start order.
    pub fn status(&self, now: Duration) -> Vec<Status> {
        self.order
            .iter()
            .filter_map(|name| Some(self.services.get(name)?.status(name, now)))
            .collect()
    }

    fn check(&self, name: &str) -> Result<(), FleetError> {
        match self.services.get(name) {
            _ if self.shutting_down => Err(FleetError::ShuttingDown),
            Some(service) if service.going_down != Some(Then::Remove) => Ok(()),
            _ => Err(FleetError::NoService(name.to_owned())),
        }
    }

    fn want(&mut self, name: &str) {
        let service = self.service(name);
        match service.going_down {
            Some(_) => service.take_down(Then::Start),
            None => service.machine.start(),
        }
    }

    fn service(&mut self, name: &str) -> &mut Service {
        self.services.get_mut(name).expect("names come from this map")
    }

    fn dependencies(&self, name: &str) -> Vec<String> {
        let service = &self.services[name];
        let spec = service.next.as_ref().unwrap_or(&service.spec);
        spec.depends_on
            .iter()
            .filter(|name| self.services.contains_key(*name))
            .cloned()
            .collect()
    }

    fn dependents(&self, name: &str) -> Vec<String> {
        let depends = |service: &Service| service.spec.depends_on.contains(name);
        self.services
            .iter()
            .filter(|(_, service)| depends(service))
            .map(|(name, _)| name.clone())
            .collect()
    }
}

impl Service {
    /// Removal is for good, whatever else is asked for.
    fn take_down(&mut self, then: Then) {
        if self.going_down != Some(Then::Remove) {
            self.going_down = Some(then);
        }
    }

    fn status(&self, name: &str, now: Duration) -> Status {
        let state = match self.machine.state() {
            State::Stopped => StateName::Stopped,
            State::Waiting => StateName::Waiting,
            State::Running { .. } if self.machine.is_ready(now) => StateName::Running,
            State::Running { .. } => StateName::Starting,
            State::Stopping { .. } => StateName::Stopping,
            State::Backoff { .. } => StateName::Backoff,
            State::Exited => StateName::Exited,
        };
        let uptime = self
            .machine
            .running_since()
            .map(|since| now.saturating_sub(since));
        Status {
            name: name.to_owned(),
            state,
            pid: self.machine.pid(),
            uptime_ms: uptime.map(|uptime| u64::try_from(uptime.as_millis()).unwrap_or(u64::MAX)),
            restarts: self.machine.restarts(),
            last_exit: self.machine.last_exit(),
        }
    }
}
