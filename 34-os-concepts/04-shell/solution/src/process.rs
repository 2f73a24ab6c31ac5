//! Processes: subshells, pipelines, commands in the background, command substitution, and waiting for all of them.

use std::os::fd::RawFd;

use nix::errno::Errno;
use nix::unistd::{Pid, setpgid};

use crate::ast::{AndOr, Command, List, Name, Operation, Part, Text, Word};
use crate::jobs::{Job, Process};
use crate::kernel::{self, Change, Disposition};
use crate::shell::{Outcome, Shell, lossy};

/// Where a job runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ground {
    Fore,
    Back,
}

impl Shell {
    /// This process becomes a subshell (XCU 2.13): no jobs, no job control, no traps that run anything.
    pub fn enter_subshell(&mut self) {
        if self.interactive {
            self.traps.leave_interactive();
        } else if self.options.monitor {
            for signal in [libc::SIGTSTP, libc::SIGTTIN, libc::SIGTTOU] {
                let _ = kernel::set_disposition(signal, Disposition::Default);
            }
        }
        self.interactive = false;
        self.options.monitor = false;
        self.traps.enter_subshell();
        self.jobs.enter_subshell();
        self.captures = false;
        self.out.clear();
    }

    /// Ends this process as `outcome` says.
    pub fn leave(&mut self, outcome: Outcome) -> ! {
        // Whatever left the commands leaves the process, too.
        let _ = outcome;
        self.run_exit_trap();
        let _ = self.flush();
        kernel::exit(self.status)
    }

    /// A child that is no job: it stays in this process group.
    pub fn fork_plain(&mut self, run: impl FnOnce(&mut Self) -> Outcome) -> Outcome<Pid> {
        self.fork(|_| {}, run)
    }

    /// A child: `prepare` runs while it still has the shell's traps and dispositions.
    fn fork(
        &mut self,
        prepare: impl FnOnce(&mut Self),
        run: impl FnOnce(&mut Self) -> Outcome,
    ) -> Outcome<Pid> {
        let _ = self.flush();
        // What is typed at a child before it has its own dispositions waits for it: blocked signals are not lost.
        let mask = self.options.monitor.then(kernel::block_signals);
        let forked = kernel::fork();
        if let Ok(None) = forked {
            prepare(self);
            self.enter_subshell();
        }
        mask.iter().for_each(kernel::restore_signals);
        match forked {
            Ok(Some(pid)) => Ok(pid),
            Ok(None) => {
                self.is_last = true;
                let outcome = run(self);
                self.leave(outcome)
            }
            Err(error) => self.fail(format_args!("cannot fork: {}", error.desc())),
        }
    }

    /// A child that belongs to `job`. With job control parent and child both put it into the job's group, and into the
    /// foreground if it belongs there: whoever comes first, it is done before either goes on.
    fn fork_into(
        &mut self,
        job: &mut Job,
        ground: Ground,
        run: impl FnOnce(&mut Self) -> Outcome,
    ) -> Outcome {
        let monitor = self.options.monitor;
        let group = job.group;
        let terminal = self.jobs.terminal().filter(|_| ground == Ground::Fore);
        // The terminal is taken while SIGTTOU is ignored: who is in the background would be stopped for it.
        let prepare = |_: &mut Self| {
            if monitor {
                join_group(Pid::from_raw(0), group, terminal);
            }
        };
        let pid = self.fork(prepare, |shell| {
            if ground == Ground::Back && !monitor {
                // Without job control what is typed reaches this process, and is not meant for it (XCU 2.12).
                for signal in [libc::SIGINT, libc::SIGQUIT] {
                    let _ = kernel::set_disposition(signal, Disposition::Ignored);
                }
            }
            run(shell)
        })?;
        if monitor {
            join_group(pid, group, terminal);
            job.group = Some(group.unwrap_or(pid));
        }
        job.processes.push(Process::new(pid));
        Ok(())
    }

    /// Runs something in a child and waits for it.
    pub fn run_job(&mut self, source: &[u8], run: impl FnOnce(&mut Self) -> Outcome) -> Outcome {
        let mut job = Job::new(source);
        self.fork_into(&mut job, Ground::Fore, run)?;
        self.finish_foreground(job)
    }

    /// Runs commands with pipes between them; the status is that of the last.
    pub fn run_piped(&mut self, commands: &[Command], source: &[u8]) -> Outcome {
        let mut job = Job::new(source);
        self.start_piped(&mut job, commands, Ground::Fore, source)?;
        self.finish_foreground(job)
    }

    fn start_piped(&mut self, job: &mut Job, commands: &[Command], ground: Ground, source: &[u8]) -> Outcome {
        let mut input: Option<RawFd> = None;
        for (index, command) in commands.iter().enumerate() {
            let is_last = index + 1 == commands.len();
            let (reader, writer) = if is_last { (None, None) } else { self.new_pipe()? };
            let detached = ground == Ground::Back && index == 0 && !self.options.monitor;
            let forked = self.fork_into(job, ground, |shell| {
                if detached {
                    read_nothing();
                }
                connect(input, 0);
                connect(writer, 1);
                // It was opened for the next command.
                reader.into_iter().for_each(kernel::close);
                shell.run_command(command, source)
            });
            input.into_iter().chain(writer).for_each(kernel::close);
            input = reader;
            forked?;
        }
        Ok(())
    }

    fn new_pipe(&mut self) -> Outcome<(Option<RawFd>, Option<RawFd>)> {
        match kernel::pipe() {
            Ok((reader, writer)) => Ok((Some(reader), Some(writer))),
            Err(error) => self.fail(format_args!("cannot make a pipe: {}", error.desc())),
        }
    }

    /// `and_or &`
    pub fn run_in_background(&mut self, and_or: &AndOr) -> Outcome {
        let mut job = Job::new(&and_or.source);
        if and_or.rest.is_empty() && !and_or.first.negated {
            self.start_piped(&mut job, &and_or.first.commands, Ground::Back, &and_or.source)?;
        } else {
            let detached = !self.options.monitor;
            self.fork_into(&mut job, Ground::Back, |shell| {
                if detached {
                    read_nothing();
                }
                shell.run_and_or(and_or)
            })?;
        }
        self.last_background = job.processes.last().map(|process| process.pid);
        let number = self.jobs.add(job);
        if let Some(pid) = self.last_background.filter(|_| self.interactive) {
            let _ = kernel::write_all(2, format!("[{number}] {pid}\n").as_bytes());
        }
        self.status = 0;
        Ok(())
    }

    /// `$(list)`: what it prints, without the newlines at the end (XCU 2.6.3).
    pub fn substitute(&mut self, list: &List) -> Outcome<Text> {
        if list.items.is_empty() {
            (self.status, self.substitution) = (0, Some(0));
            return Ok(Text::new());
        }
        let mut text = match self.as_printing(list) {
            Some(command) => self.capture(command),
            None => self.read_from(list)?,
        };
        self.substitution = Some(self.status);
        let length = text
            .iter()
            .rposition(|byte| *byte != b'\n')
            .map_or(0, |last| last + 1);
        text.truncate(length);
        Ok(text)
    }

    fn read_from(&mut self, list: &List) -> Outcome<Text> {
        let (Some(reader), Some(writer)) = self.new_pipe()? else {
            return Ok(Text::new());
        };
        let forked = self.fork_plain(|shell| {
            kernel::close(reader);
            connect(Some(writer), 1);
            shell.run_list(list)
        });
        kernel::close(writer);
        let text = read_to_end(reader);
        kernel::close(reader);
        self.status = self.wait_for(forked?);
        Ok(text)
    }

    /// A substitution that needs no process: one command that only prints, and whose words change nothing.
    fn as_printing<'a>(&self, list: &'a List) -> Option<&'a Command> {
        let [
            AndOr {
                first,
                rest,
                background: false,
                ..
            },
        ] = list.items.as_slice()
        else {
            return None;
        };
        let ([command @ Command::Simple(simple)], false, true) =
            (first.commands.as_slice(), first.negated, rest.is_empty())
        else {
            return None;
        };
        let name = simple.words.first()?.literal()?;
        let prints = matches!(name, b"echo" | b"printf" | b"pwd")
            && !self.functions.contains_key(name)
            && simple.redirections.is_empty()
            && simple.assignments.is_empty()
            && simple
                .words
                .iter()
                .all(|word| word.parts.iter().all(changes_nothing));
        prints.then_some(command)
    }

    /// Runs a built-in command here, and takes what it prints. Whatever ends it ends only the substitution.
    fn capture(&mut self, command: &Command) -> Text {
        let (line, unguarded) = (self.line, self.unguarded);
        // The words are expanded before anything is captured, and they may contain substitutions.
        if let Command::Simple(simple) = command
            && let Ok(fields) = self.expand_fields(&simple.words)
            && let Some(builtin) = crate::builtins::find(&fields[0])
        {
            self.captures = true;
            let _ = self.run_builtin(builtin, &fields);
            self.captures = false;
        }
        (self.line, self.unguarded) = (line, unguarded);
        let mut text = std::mem::take(&mut self.out);
        text.retain(|byte| *byte != 0);
        text
    }

    /// Waits for a child to end; its status (XCU 2.8.2).
    pub fn wait_for(&mut self, pid: Pid) -> i32 {
        loop {
            match kernel::wait(pid.as_raw(), 0) {
                Ok(Some((_, change))) => return self.told_status(change),
                // A trap runs when the command has ended (XCU 2.11).
                Ok(None) | Err(Errno::EINTR) => {}
                Err(_) => return 127,
            }
        }
    }

    /// The status of an ended process; what a signal did to it is told.
    pub fn told_status(&self, change: Change) -> i32 {
        if let Change::Killed(signal) = change
            && !matches!(signal, libc::SIGINT | libc::SIGPIPE)
        {
            let text = format!("{}\n", crate::signals::description(signal));
            let _ = kernel::write_all(2, text.as_bytes());
        }
        status_of(change)
    }

    /// A file that the system cannot execute is run as a script, by what this process becomes.
    pub fn become_script(&mut self, path: &[u8], parameters: Vec<Text>) -> Outcome {
        let text = match std::fs::read(crate::glob::path_of(path)) {
            Ok(text) if !text[..text.len().min(128)].contains(&0) => text,
            _ => {
                self.complain(format_args!("{}: not a script", lossy(path)));
                self.status = 126;
                return Err(crate::shell::Flow::Exit);
            }
        };
        self.variables.keep_exported();
        self.functions.clear();
        self.aliases = crate::parser::Aliases::default();
        self.options = crate::options::Options::default();
        (self.loops, self.calls, self.unguarded) = (0, 0, 0);
        self.name = path.to_vec();
        self.parameters = parameters;
        self.status = 0;
        self.run_text(text)
    }
}

/// The status of a process that has changed.
pub(crate) fn status_of(change: Change) -> i32 {
    match change {
        Change::Exited(code) => code,
        Change::Killed(signal) | Change::Stopped(signal) => 128 + signal,
        Change::Continued => 0,
    }
}

/// Puts a process into a group, a new one of its own without one, and that into the foreground of a terminal.
fn join_group(pid: Pid, group: Option<Pid>, terminal: Option<RawFd>) {
    // In the parent this fails when the child has already executed, after doing it itself.
    let _ = setpgid(pid, group.unwrap_or(pid));
    if let Some(terminal) = terminal {
        let own = if pid.as_raw() == 0 {
            nix::unistd::getpid()
        } else {
            pid
        };
        let _ = kernel::set_foreground(terminal, group.unwrap_or(own));
    }
}

/// Moves a descriptor to a number.
fn connect(from: Option<RawFd>, to: RawFd) {
    if let Some(from) = from {
        let _ = kernel::duplicate(from, to);
        if from != to {
            kernel::close(from);
        }
    }
}

/// Nothing comes from standard input (XCU 2.9.3.1).
fn read_nothing() {
    connect(kernel::open(b"/dev/null", libc::O_RDONLY).ok(), 0);
}

fn read_to_end(reader: RawFd) -> Text {
    let mut text = Text::new();
    let mut block = [0; 8192];
    loop {
        match kernel::read(reader, &mut block) {
            Ok(0) => break,
            // A zero byte cannot be part of a word.
            Ok(count) => text.extend(block[..count].iter().filter(|byte| **byte != 0)),
            Err(Errno::EINTR) => {}
            Err(_) => break,
        }
    }
    text
}

/// Whether a part can be expanded without anything but its text coming of it.
fn changes_nothing(part: &Part) -> bool {
    let is_harmless = |word: &Word| word.parts.iter().all(changes_nothing);
    match part {
        Part::Literal(_) | Part::Quoted(_) | Part::Command(_) => true,
        Part::DoubleQuoted(parts) => parts.iter().all(changes_nothing),
        // An assignment has this sign.
        Part::Arithmetic(parts) => parts
            .iter()
            .all(|part| matches!(part, Part::Quoted(text) if !text.contains(&b'='))),
        Part::Parameter(parameter) => match &parameter.operation {
            Operation::Value | Operation::Length => true,
            Operation::Assign { .. } => false,
            Operation::Default { word, .. }
            | Operation::Demand { word, .. }
            | Operation::Alternative { word, .. } => is_harmless(word),
            Operation::Trim { pattern, .. } => {
                is_harmless(pattern) && !matches!(parameter.name, Name::Special(b'@' | b'*'))
            }
        },
    }
}
