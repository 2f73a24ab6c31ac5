//! Jobs (XCU 2.11 of POSIX.1-2024, and the terminal's side of it in XBD 11.1.2 to 11.1.4).
//!
//! With job control each pipeline is a process group. One group has the terminal: the kernel sends it what Ctrl-C and
//! Ctrl-Z mean, and stops whoever else reads. The shell hands the terminal to a job, waits until all of the job has
//! ended or stopped, takes the terminal back, and puts the terminal's modes back as they were when the job did not get
//! to do it itself. A stopped job's modes are kept, for `fg`.

use std::os::fd::RawFd;

use nix::errno::Errno;
use nix::sys::termios::Termios;
use nix::unistd::{Pid, getpgrp, setpgid};

use crate::ast::Text;
use crate::kernel::{self, Change};
use crate::process::status_of;
use crate::shell::{Flow, Outcome, Shell, lossy};
use crate::signals;

/// A process of a job, and what it did last; nothing yet: it runs.
#[derive(Debug)]
pub(crate) struct Process {
    pub pid: Pid,
    pub change: Option<Change>,
}

impl Process {
    pub fn new(pid: Pid) -> Self {
        Self { pid, change: None }
    }
}

/// What a job is doing, as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Running,
    /// Nothing of it runs, and this signal has stopped some of it.
    Stopped(i32),
    /// All of it has ended, the last process like this.
    Done(Change),
}

/// A pipeline.
#[derive(Debug)]
pub(crate) struct Job {
    pub number: usize,
    /// Its process group, with job control.
    pub group: Option<Pid>,
    pub processes: Vec<Process>,
    pub source: Text,
    /// The terminal's modes when it was stopped.
    modes: Option<Termios>,
    /// What the user has been told of it.
    told: Option<State>,
}

impl Job {
    pub fn new(source: &[u8]) -> Self {
        Self {
            number: 0,
            group: None,
            processes: Vec::new(),
            source: source.to_vec(),
            modes: None,
            told: Some(State::Running),
        }
    }

    pub fn state(&self) -> State {
        let mut stopped = None;
        for process in &self.processes {
            match process.change {
                None | Some(Change::Continued) => return State::Running,
                Some(Change::Stopped(signal)) => stopped = Some(State::Stopped(signal)),
                Some(_) => {}
            }
        }
        let last = self.processes.last().and_then(|process| process.change);
        stopped.unwrap_or(State::Done(last.unwrap_or(Change::Exited(0))))
    }

    /// Notes what a process of it did.
    fn note(&mut self, pid: Pid, change: Change) {
        for process in self.processes.iter_mut().filter(|process| process.pid == pid) {
            process.change = Some(change);
        }
    }

    /// Asks the kernel what is new, without waiting.
    fn refresh(&mut self) {
        for process in &mut self.processes {
            if matches!(process.change, Some(Change::Exited(_) | Change::Killed(_))) {
                continue;
            }
            let flags = libc::WNOHANG | libc::WUNTRACED | libc::WCONTINUED;
            loop {
                match kernel::wait(process.pid.as_raw(), flags) {
                    Ok(Some((_, change))) => process.change = Some(change),
                    Ok(None) => break,
                    Err(Errno::EINTR) => continue,
                    // Somebody else has reaped it: how it ended nobody knows.
                    Err(_) => process.change = Some(Change::Exited(127)),
                }
                if matches!(process.change, Some(Change::Exited(_) | Change::Killed(_))) {
                    break;
                }
            }
        }
    }

    /// The user knows what it is doing now.
    pub fn is_told(&mut self) {
        self.told = Some(self.state());
    }

    /// All of it is to go on.
    fn is_continued(&mut self) {
        for process in &mut self.processes {
            if matches!(process.change, Some(Change::Stopped(_))) {
                process.change = None;
            }
        }
        self.told = Some(State::Running);
    }

    /// Sends a signal to all of it.
    pub fn signal(&self, signal: i32) -> nix::Result<()> {
        let Some(group) = self.group else {
            return self
                .processes
                .iter()
                .try_for_each(|process| send(process.pid.as_raw(), signal));
        };
        send(-group.as_raw(), signal)
    }
}

/// kill(2) with any signal's number.
pub(crate) fn send(target: i32, signal: i32) -> nix::Result<()> {
    let signal = match signal {
        0 => None,
        _ => Some(nix::sys::signal::Signal::try_from(signal)?),
    };
    nix::sys::signal::kill(Pid::from_raw(target), signal)
}

/// The terminal of a shell with job control.
#[derive(Debug)]
struct Terminal {
    descriptor: RawFd,
    /// The shell's own group.
    group: Pid,
    /// The modes with which the shell reads.
    modes: Option<Termios>,
}

/// The jobs that are in the background or stopped.
#[derive(Debug, Default)]
pub(crate) struct Jobs {
    list: Vec<Job>,
    /// Their numbers, the current one last.
    recent: Vec<usize>,
    terminal: Option<Terminal>,
}

impl Jobs {
    /// Takes a job into the table; its number.
    pub fn add(&mut self, mut job: Job) -> usize {
        let number = self.list.last().map_or(1, |last| last.number + 1);
        job.number = number;
        self.list.push(job);
        self.recent.push(number);
        number
    }

    pub fn terminal(&self) -> Option<RawFd> {
        self.terminal.as_ref().map(|terminal| terminal.descriptor)
    }

    /// A subshell has no jobs of its own yet, and the terminal is its parent's.
    pub fn enter_subshell(&mut self) {
        self.list.clear();
        self.recent.clear();
        if let Some(terminal) = self.terminal.take() {
            kernel::close(terminal.descriptor);
        }
    }

    /// The user has been told of all of them.
    pub fn are_told(&mut self) {
        self.list.iter_mut().for_each(Job::is_told);
    }

    pub fn iter(&self) -> impl Iterator<Item = &Job> {
        self.list.iter()
    }

    /// The job with a process.
    pub fn with_process(&mut self, pid: Pid) -> Option<&mut Job> {
        self.list
            .iter_mut()
            .find(|job| job.processes.iter().any(|process| process.pid == pid))
    }

    pub fn get(&mut self, number: usize) -> Option<&mut Job> {
        self.list.iter_mut().find(|job| job.number == number)
    }

    pub fn remove(&mut self, number: usize) -> Option<Job> {
        self.recent.retain(|other| *other != number);
        let index = self.list.iter().position(|job| job.number == number)?;
        Some(self.list.remove(index))
    }

    /// Asks the kernel about all of them.
    pub fn refresh(&mut self) {
        self.list.iter_mut().for_each(Job::refresh);
    }

    /// The number of the job that `%…` names (XBD 3.177): `%%`, `%+`, `%-`, `%n`, `%text`, `%?text`.
    pub fn find(&self, name: &[u8]) -> Option<usize> {
        let text = name.strip_prefix(b"%")?;
        let matching = |matches: &dyn Fn(&Job) -> bool| {
            let mut found = self.list.iter().filter(|job| matches(job));
            let first = found.next()?.number;
            found.next().is_none().then_some(first)
        };
        match text {
            b"" | b"%" | b"+" => self.recent.last().copied(),
            b"-" => self.recent.iter().rev().nth(1).or(self.recent.last()).copied(),
            [b'?', text @ ..] => {
                matching(&|job| job.source.windows(text.len().max(1)).any(|window| window == text))
            }
            _ if text.iter().all(u8::is_ascii_digit) => {
                let number = std::str::from_utf8(text).ok()?.parse().ok()?;
                matching(&|job| job.number == number)
            }
            _ => matching(&|job| job.source.starts_with(text)),
        }
    }

    /// Makes a job the current one.
    fn make_current(&mut self, number: usize) {
        self.recent.retain(|other| *other != number);
        self.recent.push(number);
    }

    /// `[n] + state text`
    pub fn line(&self, job: &Job, with_ids: bool) -> String {
        let mark = match self.recent.iter().rev().position(|number| *number == job.number) {
            Some(0) => '+',
            Some(1) => '-',
            _ => ' ',
        };
        let state = match job.state() {
            State::Running => "Running".into(),
            State::Stopped(libc::SIGTSTP) => "Stopped".into(),
            State::Stopped(signal) => format!("Stopped (SIG{})", signals::name(signal)),
            State::Done(Change::Exited(0)) => "Done".into(),
            State::Done(Change::Exited(code)) => format!("Done({code})"),
            State::Done(Change::Killed(signal)) => signals::description(signal),
            State::Done(_) => "Done".into(),
        };
        let id = match (with_ids, job.processes.first()) {
            (true, Some(process)) => format!("{} ", process.pid),
            _ => String::new(),
        };
        format!("[{}] {mark} {id}{state:<24} {}\n", job.number, lossy(&job.source))
    }
}

impl Shell {
    /// Turns job control on: the shell gets a group of its own and its terminal's foreground.
    ///
    /// A shell that is started in the background waits until it is in the foreground, by stopping itself as whoever
    /// reads would be stopped.
    pub fn take_terminal(&mut self) -> bool {
        let Some(descriptor) = (0..=2)
            .find(|fd| kernel::is_terminal(*fd))
            .and_then(|fd| kernel::save(fd).ok())
        else {
            return false;
        };
        loop {
            match kernel::foreground(descriptor) {
                Ok(group) if group == getpgrp() => break,
                Ok(_) => {
                    let _ = send(0, libc::SIGTTIN);
                }
                Err(_) => {
                    kernel::close(descriptor);
                    return false;
                }
            }
        }
        for signal in [libc::SIGTSTP, libc::SIGTTIN, libc::SIGTTOU] {
            let _ = kernel::set_disposition(signal, kernel::Disposition::Ignored);
        }
        // A session's leader has a group of its own already, and may not have another.
        let _ = setpgid(Pid::from_raw(0), Pid::from_raw(0));
        let group = getpgrp();
        let _ = kernel::set_foreground(descriptor, group);
        let modes = kernel::modes(descriptor);
        self.jobs.terminal = Some(Terminal {
            descriptor,
            group,
            modes,
        });
        true
    }

    /// Waits for a job in the foreground, and takes the terminal back.
    pub fn finish_foreground(&mut self, mut job: Job) -> Outcome {
        self.await_job(&mut job);
        let state = job.state();
        self.retake_terminal(&mut job, state);
        match state {
            State::Done(change) => {
                self.status = self.told_status(change);
                if self.interactive && change == Change::Killed(libc::SIGINT) {
                    // Whoever typed Ctrl-C wanted the whole line to end.
                    let _ = kernel::write_all(2, b"\n");
                    return Err(Flow::Error);
                }
            }
            State::Stopped(signal) => {
                self.status = 128 + signal;
                job.told = Some(state);
                let number = if job.number == 0 {
                    self.jobs.add(job)
                } else {
                    self.put_back(job)
                };
                self.jobs.make_current(number);
                self.tell(number, b"\n");
            }
            State::Running => unreachable!("it has been waited for"),
        }
        Ok(())
    }

    fn put_back(&mut self, job: Job) -> usize {
        let number = job.number;
        let index = self.jobs.list.partition_point(|other| other.number < number);
        self.jobs.list.insert(index, job);
        number
    }

    fn tell(&self, number: usize, before: &[u8]) {
        if let Some(job) = self.jobs.list.iter().find(|job| job.number == number) {
            let line = [before, self.jobs.line(job, false).as_bytes()].concat();
            let _ = kernel::write_all(2, &line);
        }
    }

    /// Waits until nothing of a job runs.
    fn await_job(&mut self, job: &mut Job) {
        while job.state() == State::Running {
            let running = job.processes.iter().find(|process| {
                !matches!(
                    process.change,
                    Some(Change::Exited(_) | Change::Killed(_) | Change::Stopped(_))
                )
            });
            let Some(pid) = running.map(|process| process.pid) else {
                break;
            };
            // Without job control a stopped process is waited for until somebody continues it.
            let (id, flags) = match job.group {
                Some(group) => (-group.as_raw(), libc::WUNTRACED),
                None => (pid.as_raw(), 0),
            };
            match kernel::wait(id, flags) {
                Ok(Some((pid, change))) => job.note(pid, change),
                Ok(None) | Err(Errno::EINTR) => {}
                Err(_) => job.note(pid, Change::Exited(127)),
            }
        }
    }

    fn retake_terminal(&mut self, job: &mut Job, state: State) {
        let Some(terminal) = self.jobs.terminal.as_mut().filter(|_| job.group.is_some()) else {
            return;
        };
        let _ = kernel::set_foreground(terminal.descriptor, terminal.group);
        match state {
            State::Stopped(_) => job.modes = kernel::modes(terminal.descriptor),
            // Who ends by itself may have changed the modes on purpose, as stty does.
            State::Done(Change::Exited(_)) => {
                terminal.modes = kernel::modes(terminal.descriptor);
                return;
            }
            _ => {}
        }
        if let Some(modes) = &terminal.modes {
            kernel::set_modes(terminal.descriptor, modes);
        }
    }

    /// `fg`: the job gets the terminal, with the modes that it had, and goes on.
    pub fn continue_in_foreground(&mut self, number: usize) -> Outcome {
        let Some(mut job) = self.jobs.remove(number) else {
            return Ok(());
        };
        self.jobs.recent.push(number);
        job.is_continued();
        if let (Some(terminal), Some(group)) = (&self.jobs.terminal, job.group) {
            let _ = kernel::set_foreground(terminal.descriptor, group);
            if let Some(modes) = &job.modes {
                kernel::set_modes(terminal.descriptor, modes);
            }
        }
        let _ = job.signal(libc::SIGCONT);
        let outcome = self.finish_foreground(job);
        if self.jobs.get(number).is_none() {
            self.jobs.recent.retain(|other| *other != number);
        }
        outcome
    }

    /// `bg`: the job goes on where it is.
    pub fn continue_in_background(&mut self, number: usize) {
        self.jobs.make_current(number);
        if let Some(job) = self.jobs.get(number) {
            job.is_continued();
            let _ = job.signal(libc::SIGCONT);
        }
    }

    /// Tells of jobs that have changed, before a prompt; those that have ended leave the table.
    pub fn tell_of_jobs(&mut self) {
        self.jobs.refresh();
        let changed: Vec<usize> = self
            .jobs
            .list
            .iter()
            .filter(|job| job.told != Some(job.state()))
            .map(|job| job.number)
            .collect();
        for number in changed {
            self.tell(number, b"");
            if let Some(job) = self.jobs.get(number) {
                job.is_told();
                if matches!(job.state(), State::Done(_)) {
                    self.jobs.remove(number);
                }
            }
        }
        kernel::set_groups(self.jobs.list.iter().filter_map(|job| job.group));
    }

    /// The terminal is gone: so are the jobs (`SIGHUP`), the stopped ones too, once they go on.
    pub fn hang_up(&mut self) {
        self.jobs.refresh();
        for job in self
            .jobs
            .iter()
            .filter(|job| !matches!(job.state(), State::Done(_)))
        {
            let _ = job.signal(libc::SIGHUP);
            let _ = job.signal(libc::SIGCONT);
        }
    }

    /// Whether a job is stopped.
    pub fn has_stopped_jobs(&mut self) -> bool {
        self.jobs.refresh();
        self.jobs
            .iter()
            .any(|job| matches!(job.state(), State::Stopped(_)))
    }
}

/// The status of a job that has ended.
pub(crate) fn status_of_job(state: State) -> Option<i32> {
    match state {
        State::Done(change) => Some(status_of(change)),
        State::Stopped(signal) => Some(128 + signal),
        State::Running => None,
    }
}
