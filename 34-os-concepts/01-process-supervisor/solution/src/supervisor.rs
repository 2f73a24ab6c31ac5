//! The event loop: one thread, asleep in `epoll_wait` until one of these has something to say.
//!
//! | source | means | then |
//! |---|---|---|
//! | signalfd: SIGCHLD | children have ended | reap them all, tell the fleet |
//! | signalfd: SIGTERM, SIGINT, SIGHUP | the operator | shut down, again: at once; reload |
//! | timerfd | the earliest deadline of the fleet has come | settle |
//! | pipes | a service has printed | log |
//! | control socket, connections | a client | answer |
//!
//! Signals come through a descriptor and never through a handler: between two steps of this loop nothing happens.
//! The timer is armed only while a deadline exists, so that an idle supervisor never wakes.

use std::collections::HashMap;
use std::fs;
use std::io::{self, ErrorKind, PipeReader, Read, Write};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};
use nix::sys::prctl;
use nix::sys::signal::{SigSet, Signal, kill, killpg};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::sys::time::TimeSpec;
use nix::sys::timerfd::{ClockId, Expiration, TimerFd, TimerFlags, TimerSetTimeFlags};
use nix::unistd::Pid;

use crate::child;
use crate::config::{Config, ConfigError};
use crate::control::{Awaited, CONNECTIONS_MAX, Connection, ControlError, Listener};
use crate::fleet::{Action, Fleet, FleetError};
use crate::log::{LineBuffer, RotatingLog};
use crate::protocol::{Changes, Exit, Reply, Request};

/// Bytes read from a service at a time: one that floods gets its turn, and no more.
const READ_MAX: usize = 64 << 10;

const SIGNALS: u64 = 0;
const TIMER: u64 = 1;
const LISTENER: u64 = 2;
/// Pipes and connections are numbered from here; no number is used twice.
const FIRST_FREE: u64 = 3;

/// Why the supervisor does not run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The configuration cannot be read.
    #[error("{}: {error}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        error: io::Error,
    },
    /// The configuration is wrong.
    #[error("{}: {error}", path.display())]
    Config {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        error: ConfigError,
    },
    /// The control socket cannot be had.
    #[error(transparent)]
    Control(#[from] ControlError),
    /// A system call that does not fail has failed.
    #[error("{0}")]
    System(#[from] Errno),
}

/// Reads and checks the configuration.
///
/// # Errors
/// When it cannot be read or is wrong.
pub fn load(path: &Path) -> Result<Config, RunError> {
    let read = |error| RunError::Read {
        path: path.to_owned(),
        error,
    };
    let text = fs::read_to_string(path).map_err(read)?;
    // Absolute, for children start in other directories.
    let base = std::path::absolute(path).map_err(read)?;
    let base = base.parent().expect("a file that was read stands in a directory");
    Config::parse(&text, base).map_err(|error| RunError::Config {
        path: path.to_owned(),
        error,
    })
}

/// Supervises the services of the configuration at `file` until it is told to shut down.
///
/// # Errors
/// When it could not begin.
pub fn run(file: &Path, socket: &Path) -> Result<(), RunError> {
    let config = load(file)?;
    let listener = Listener::bind(socket)?;
    let mut supervisor = Supervisor::new(file, config, listener)?;
    note(&format!("listening on {}", socket.display()));
    supervisor.run()?;
    Ok(())
}

struct Supervisor {
    epoll: Epoll,
    signals: SignalFd,
    timer: TimerFd,
    /// When the timer will go off.
    armed: Option<Duration>,
    listener: Listener,
    /// The zero of all times.
    began: Instant,
    file: PathBuf,
    fleet: Fleet,
    /// By the service's name. One log may have several outputs, when a process that outlived its run still prints.
    logs: HashMap<String, RotatingLog>,
    outputs: HashMap<u64, Output>,
    connections: HashMap<u64, Connection>,
    next_token: u64,
    /// What pipes are read into.
    block: Vec<u8>,
}

/// The pipe of one run of a service, until the last process that holds its other end is gone.
struct Output {
    service: String,
    pipe: PipeReader,
    lines: LineBuffer,
}

impl Supervisor {
    fn new(file: &Path, config: Config, listener: Listener) -> Result<Self, Errno> {
        // Processes whose parents have ended become children of this one, to be reaped and, at the end, killed.
        prctl::set_child_subreaper(true)?;
        child::keep_ended_children()?;
        let mask: SigSet = [Signal::SIGCHLD, Signal::SIGTERM, Signal::SIGINT, Signal::SIGHUP]
            .into_iter()
            .collect();
        mask.thread_block()?;
        let signals = SignalFd::with_flags(&mask, SfdFlags::SFD_NONBLOCK | SfdFlags::SFD_CLOEXEC)?;
        let flags = TimerFlags::TFD_NONBLOCK | TimerFlags::TFD_CLOEXEC;
        let timer = TimerFd::new(ClockId::CLOCK_MONOTONIC, flags)?;
        let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
        epoll.add(&signals, EpollEvent::new(EpollFlags::EPOLLIN, SIGNALS))?;
        epoll.add(&timer, EpollEvent::new(EpollFlags::EPOLLIN, TIMER))?;
        epoll.add(&listener.socket, EpollEvent::new(EpollFlags::EPOLLIN, LISTENER))?;
        Ok(Self {
            epoll,
            signals,
            timer,
            armed: None,
            listener,
            began: Instant::now(),
            file: file.to_owned(),
            fleet: Fleet::new(config),
            logs: HashMap::new(),
            outputs: HashMap::new(),
            connections: HashMap::new(),
            next_token: FIRST_FREE,
            block: vec![0; READ_MAX],
        })
    }

    fn now(&self) -> Duration {
        self.began.elapsed()
    }

    fn run(&mut self) -> Result<(), Errno> {
        let mut events = [EpollEvent::empty(); 64];
        loop {
            self.settle();
            self.answer_awaited();
            if self.fleet.is_shutting_down() && !self.fleet.has_processes() && !kill_strays() {
                break;
            }
            self.arm_timer()?;
            let count = match self.epoll.wait(&mut events, EpollTimeout::NONE) {
                Err(Errno::EINTR) => 0,
                result => result?,
            };
            for event in &events[..count] {
                match event.data() {
                    SIGNALS => self.take_signals()?,
                    TIMER => {
                        self.armed = None;
                        // The loop settles anyway; this only makes the timer silent again.
                        let _ = self.timer.wait();
                    }
                    LISTENER => self.accept(),
                    token if self.outputs.contains_key(&token) => self.copy_output(token),
                    token => self.serve(token, event.events()),
                }
            }
        }
        self.finish();
        Ok(())
    }

    /// Takes every step that the fleet can take. The time stands still meanwhile: a service that fails to start
    /// pauses at least until the next call, whatever its pause, and one that has just been started with nothing to
    /// wait for is ready at once. With a later start time it would not be, nor would a timer be armed for it.
    fn settle(&mut self) {
        let now = self.now();
        loop {
            let actions = self.fleet.settle(now);
            if actions.is_empty() {
                return;
            }
            for action in actions {
                match action {
                    Action::Spawn(name) => self.spawn(&name, now),
                    Action::Signal(pid, signal) => signal_group(pid, signal),
                }
            }
        }
    }

    fn spawn(&mut self, name: &str, now: Duration) {
        let spec = self.fleet.spec(name);
        if self.logs.get(name).is_none_or(|log| *log.spec() != spec.log) {
            // A log that cannot be opened now is tried again with the first line.
            let log = RotatingLog::open(spec.log.clone()).unwrap_or_else(|error| {
                note(&format!("{}: {error}", spec.log.path.display()));
                RotatingLog::closed(spec.log.clone())
            });
            self.logs.insert(name.to_owned(), log);
        }
        match child::spawn(spec) {
            Ok(spawned) => {
                let token = self.token();
                let event = EpollEvent::new(EpollFlags::EPOLLIN, token);
                if let Err(error) = self.epoll.add(&spawned.output, event) {
                    note(&format!("{name}: its output is lost: {error}"));
                }
                let output = Output {
                    service: name.to_owned(),
                    pipe: spawned.output,
                    lines: LineBuffer::default(),
                };
                self.outputs.insert(token, output);
                self.fleet.started(name, spawned.pid, now);
            }
            Err(error) => {
                note(&format!("{name}: cannot start {:?}: {error}", spec.command[0]));
                self.fleet.spawn_failed(name, now);
            }
        }
    }

    fn token(&mut self) -> u64 {
        self.next_token += 1;
        self.next_token - 1
    }

    fn arm_timer(&mut self) -> Result<(), Errno> {
        let now = self.now();
        let deadline = self.fleet.deadline(now);
        if deadline == self.armed {
            return Ok(());
        }
        self.armed = deadline;
        let Some(at) = deadline else {
            return self.timer.unset();
        };
        // Zero would disarm it.
        let pause = at.saturating_sub(now).max(Duration::from_nanos(1));
        self.timer.set(
            Expiration::OneShot(TimeSpec::from_duration(pause)),
            TimerSetTimeFlags::empty(),
        )
    }

    fn take_signals(&mut self) -> Result<(), Errno> {
        while let Some(info) = self.signals.read_signal()? {
            match Signal::try_from(info.ssi_signo.cast_signed())? {
                Signal::SIGHUP => match self.reload() {
                    Ok(changes) => note(&format!("reloaded: {}", describe(&changes))),
                    Err(error) => note(&format!("not reloaded: {error}")),
                },
                Signal::SIGCHLD => {}
                _ if self.fleet.is_shutting_down() => self.fleet.hurry(self.now()),
                _ => self.fleet.shut_down(),
            }
        }
        // One SIGCHLD may stand for many ends, and one may come with none left.
        self.reap();
        Ok(())
    }

    fn reap(&mut self) {
        while let Some((pid, exit)) = child::ended_child() {
            if self.fleet.has_process(pid) {
                // What the service leaves behind in its group ends with it. While its leader is a zombie, the
                // group's id can belong to no other group.
                let _ = killpg(Pid::from_raw(pid), Signal::SIGKILL);
            }
            child::reap(pid);
            let now = self.now();
            if let Some(name) = self.fleet.exited(pid, exit, now)
                && exit != Exit::Code(0)
            {
                note(&format!("{name}: ended with {exit}"));
            }
        }
    }

    fn reload(&mut self) -> Result<Changes, ReloadError> {
        let config = load(&self.file)?;
        Ok(self.fleet.reload(config)?)
    }

    /// Moves what a service has printed to its log, at most [`READ_MAX`] bytes of it.
    fn copy_output(&mut self, token: u64) {
        let output = self
            .outputs
            .get_mut(&token)
            .expect("the token is that of an output");
        let log = self
            .logs
            .get_mut(&output.service)
            .expect("a service that prints was started, and has a log");
        let mut result = Ok(());
        // The first error is told, and what could not be written is lost: the service must not wait for a disk.
        let mut append = |line: &[u8]| {
            if let Err(error) = log.append(line) {
                result = Err(error);
            }
        };
        let ended = match output.pipe.read(&mut self.block) {
            Ok(0) => true,
            Ok(count) => {
                output.lines.push(&self.block[..count], &mut append);
                false
            }
            Err(error) => !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted),
        };
        if ended {
            output.lines.finish(append);
        }
        let result = result.and(log.flush());
        if let Err(error) = result {
            note(&format!("{}: output is lost: {error}", output.service));
        }
        if ended {
            // Closing the descriptor takes it out of the epoll set.
            self.outputs.remove(&token);
        }
    }

    fn accept(&mut self) {
        loop {
            match self.listener.socket.accept() {
                Ok((stream, _)) => {
                    let Ok(mut connection) = Connection::new(stream) else {
                        continue;
                    };
                    if self.connections.len() == CONNECTIONS_MAX {
                        let _ = connection.reply(&Reply::refused("too many connections"));
                        continue;
                    }
                    let token = self.token();
                    let event = EpollEvent::new(connection.watched, token);
                    if self.epoll.add(&connection.stream, event).is_ok() {
                        self.connections.insert(token, connection);
                    }
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) => return note(&format!("cannot accept a connection: {error}")),
            }
        }
    }

    /// Deals with one client, as far as it goes without waiting.
    fn serve(&mut self, token: u64, events: EpollFlags) {
        // A client that an earlier event of this round has removed.
        let Some(mut connection) = self.connections.remove(&token) else {
            return;
        };
        let gone = events.intersects(EpollFlags::EPOLLHUP | EpollFlags::EPOLLERR);
        let alive = connection
            .read()
            .and_then(|()| connection.write())
            .and_then(|()| self.converse(&mut connection));
        if alive.is_ok() && !gone && !connection.is_done() {
            self.keep(token, connection);
        }
    }

    /// Answers every request that has been read and is due; what else the client has sent awaits its next turn.
    fn converse(&mut self, connection: &mut Connection) -> io::Result<()> {
        while let Some(request) = connection.next_request() {
            let reply = request.and_then(|request| self.carry_out(request));
            match reply {
                Ok(Answer::Now(reply)) => connection.reply(&reply)?,
                Ok(Answer::Later(awaited)) => connection.awaited = Some(awaited),
                Err(error) => connection.reply(&Reply::refused(error))?,
            }
        }
        Ok(())
    }

    /// Puts a connection back, watched for what it needs now.
    fn keep(&mut self, token: u64, mut connection: Connection) {
        let interest = connection.interest();
        if interest != connection.watched {
            connection.watched = interest;
            let mut event = EpollEvent::new(interest, token);
            if self.epoll.modify(&connection.stream, &mut event).is_err() {
                return;
            }
        }
        self.connections.insert(token, connection);
    }

    fn carry_out(&mut self, request: Request) -> Result<Answer, String> {
        let now = self.now();
        let fleet = &mut self.fleet;
        let text = |error: FleetError| error.to_string();
        match request {
            Request::Status => {
                // What has been asked for before is under way by the time that somebody asks how it stands.
                self.settle();
                let services = Some(self.fleet.status(now));
                return Ok(Answer::Now(Reply {
                    services,
                    ..Reply::done()
                }));
            }
            Request::Start(name) => fleet.start(&name, now).map_err(text)?,
            Request::Restart(name) => fleet.restart(&name, now).map_err(text)?,
            Request::Stop(name) => {
                let pids = fleet.stop(&name).map_err(text)?;
                return Ok(Answer::Later(Awaited::Ends(pids)));
            }
            Request::Reload => {
                let changes = Some(self.reload().map_err(|error| error.to_string())?);
                return Ok(Answer::Now(Reply {
                    changes,
                    ..Reply::done()
                }));
            }
            Request::Shutdown => {
                fleet.shut_down();
                return Ok(Answer::Later(Awaited::Shutdown));
            }
        }
        Ok(Answer::Now(Reply::done()))
    }

    /// Replies to those who waited for processes that have ended by now.
    fn answer_awaited(&mut self) {
        loop {
            let due = self
                .connections
                .iter()
                .find(|(_, connection)| match &connection.awaited {
                    Some(Awaited::Ends(pids)) => !pids.iter().any(|pid| self.fleet.has_process(*pid)),
                    _ => false,
                });
            let Some(token) = due.map(|(token, _)| *token) else {
                return;
            };
            let mut connection = self.connections.remove(&token).expect("it was found just now");
            let alive = connection
                .reply(&Reply::done())
                .and_then(|()| self.converse(&mut connection));
            if alive.is_ok() && !connection.is_done() {
                self.keep(token, connection);
            }
            // Its next request may have changed what is wanted.
            self.settle();
        }
    }

    /// Everything is down: keeps the last words, frees the socket's path, and only then says so.
    fn finish(&mut self) {
        let tokens: Vec<u64> = self.outputs.keys().copied().collect();
        for token in tokens {
            while self
                .outputs
                .get(&token)
                .is_some_and(|output| is_readable(&output.pipe))
            {
                self.copy_output(token);
            }
        }
        self.listener.remove();
        for connection in self.connections.values_mut() {
            if connection.awaited.is_some() {
                let _ = connection.reply(&Reply::done());
            }
        }
    }
}

/// The answer to a request: there at once, or when something has happened.
enum Answer {
    Now(Reply),
    Later(Awaited),
}

/// Why a reload did nothing.
#[derive(Debug, thiserror::Error)]
enum ReloadError {
    #[error(transparent)]
    Load(#[from] RunError),
    #[error(transparent)]
    Fleet(#[from] FleetError),
}

/// A stopped process acts on no signal but two: after the request comes the permission to heed it.
fn signal_group(pid: i32, signal: Signal) {
    let group = Pid::from_raw(pid);
    // The group is there: nobody else reaps its leader. A leader that has changed its user may be out of reach.
    if let Err(error) = killpg(group, signal) {
        note(&format!("cannot send {signal} to group {pid}: {error}"));
    }
    if signal != Signal::SIGKILL {
        let _ = killpg(group, Signal::SIGCONT);
    }
}

/// Kills the children that are left when all services are down: daemons that went their own way, and were handed
/// back by the kernel. Returns whether there were any; their ends bring up those that they started themselves.
fn kill_strays() -> bool {
    let Ok(children) = fs::read_to_string("/proc/thread-self/children") else {
        return false;
    };
    let pids = children
        .split_whitespace()
        .filter_map(|pid| pid.parse().ok())
        .map(Pid::from_raw);
    pids.map(|pid| kill(pid, Signal::SIGKILL))
        .filter(Result::is_ok)
        .count()
        > 0
}

fn is_readable(pipe: &PipeReader) -> bool {
    let mut polled = [nix::poll::PollFd::new(pipe.as_fd(), nix::poll::PollFlags::POLLIN)];
    matches!(
        nix::poll::poll(&mut polled, nix::poll::PollTimeout::ZERO),
        Ok(1..)
    )
}

fn describe(changes: &Changes) -> String {
    format!(
        "{} added, {} removed, {} changed",
        changes.added.len(),
        changes.removed.len(),
        changes.changed.len()
    )
}

/// Tells the operator. A supervisor goes on without one.
fn note(text: &str) {
    let _ = writeln!(io::stderr(), "process-supervisor: {text}");
}
