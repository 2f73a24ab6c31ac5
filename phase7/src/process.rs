//! Child processes with deadlines.
//!
//! - [`Program`]: what to start; [`Program::run`] to its end, or [`Program::spawn`] beside the test
//! - [`Running`]: a started child that is signalled, written to, read from, and killed on drop
//! - [`Output`]: status and text of a child that ended
//!
//! Each child leads a process group, so that dropping it ends what it started as well. Output is read by
//! threads and kept up to [`OUTPUT_MAX`]; a child that prints more is cut, never waited for.

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

pub use nix::sys::signal::Signal;
use nix::sys::signal::killpg;
use nix::unistd::Pid;

use crate::wait;

/// Bytes kept of each output stream.
pub const OUTPUT_MAX: usize = 64 << 20;

/// A program to start. Nothing of the test's standard input reaches it.
pub struct Program {
    command: Command,
    stdin: Option<Vec<u8>>,
    deadline: Duration,
}

/// What a child that ended has left.
#[derive(Debug, Clone)]
pub struct Output {
    /// Its exit code, or the signal that ended it.
    pub status: ExitStatus,
    /// Its standard output, kept to [`OUTPUT_MAX`] bytes.
    pub stdout_bytes: Vec<u8>,
    /// Its standard error, likewise.
    pub stderr_bytes: Vec<u8>,
}

/// A child that runs beside the test. Dropping it kills its whole process group.
pub struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: Stream,
    stderr: Stream,
    deadline: Duration,
}

/// One output stream: what was read so far, and the thread that reads it.
struct Stream {
    bytes: Arc<Mutex<Vec<u8>>>,
    reader: Option<std::thread::JoinHandle<()>>,
}

impl Program {
    /// The program at `path`, with no arguments, empty standard input and [`wait::DEADLINE`].
    pub fn new(path: impl AsRef<OsStr>) -> Self {
        Self {
            command: Command::new(path),
            stdin: None,
            deadline: wait::DEADLINE,
        }
    }

    /// Adds an argument.
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    /// Adds arguments.
    pub fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.command.args(arguments);
        self
    }

    /// Sets a variable of its environment.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Removes a variable from its environment.
    pub fn env_remove(mut self, name: impl AsRef<OsStr>) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Sets its working directory.
    pub fn dir(mut self, directory: impl AsRef<Path>) -> Self {
        self.command.current_dir(directory);
        self
    }

    /// Gives it this standard input, closed behind the last byte.
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = Some(bytes.into());
        self
    }

    /// Sets how long [`Program::run`] and the methods of [`Running`] wait.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Itself, started by `wrapper`, which has these arguments before the program and its own.
    pub(crate) fn under<A: AsRef<OsStr>>(
        mut self,
        wrapper: &str,
        arguments: impl IntoIterator<Item = A>,
    ) -> Self {
        let mut command = Command::new(wrapper);
        command
            .args(arguments)
            .arg(self.command.get_program())
            .args(self.command.get_args());
        for (name, value) in self.command.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        if let Some(directory) = self.command.get_current_dir() {
            command.current_dir(directory);
        }
        self.command = command;
        self
    }

    /// The arguments so far, for messages.
    fn line(&self) -> String {
        let words = std::iter::once(self.command.get_program()).chain(self.command.get_args());
        words
            .map(|word| word.to_string_lossy())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Runs it to its end.
    ///
    /// # Panics
    /// When it cannot be started, or has not ended at the deadline.
    #[track_caller]
    pub fn run(self) -> Output {
        let running = self.spawn();
        running.wait()
    }

    /// Starts it; standard input stays open unless [`Program::stdin`] gave its contents.
    ///
    /// # Panics
    /// When it cannot be started.
    #[track_caller]
    pub fn spawn(mut self) -> Running {
        self.command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0);
        let mut child = match self.command.spawn() {
            Ok(child) => child,
            Err(error) => panic!("cannot start {}: {error}", self.line()),
        };
        let mut stdin = child.stdin.take();
        if let Some(bytes) = self.stdin.take() {
            let mut pipe = stdin.take().expect("standard input is piped");
            // On a thread: a child that answers before it has read everything must not block the test. A child
            // that stops reading closes the pipe, which is its right.
            std::thread::spawn(move || {
                let _ = pipe.write_all(&bytes);
            });
        }
        let stdout = Stream::read(child.stdout.take().expect("standard output is piped"));
        let stderr = Stream::read(child.stderr.take().expect("standard error is piped"));
        Running {
            child,
            stdin,
            stdout,
            stderr,
            deadline: self.deadline,
        }
    }
}

impl Output {
    /// Standard output as text; bytes that are not UTF-8 are shown as replacement characters.
    pub fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.stdout_bytes).into_owned()
    }

    /// Standard error as text.
    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.stderr_bytes).into_owned()
    }

    /// The exit code; a child that a signal ended has 128 plus the signal's number, as a shell has it.
    pub fn code(&self) -> i32 {
        self.status
            .code()
            .unwrap_or_else(|| 128 + self.status.signal().expect("ended by code or by signal"))
    }

    /// Itself, if the exit code is `code`.
    ///
    /// # Panics
    /// When it is not, with everything that the child printed.
    #[track_caller]
    pub fn expect_code(self, code: i32) -> Self {
        assert_eq!(
            self.code(),
            code,
            "the exit code\nstdout: {}\nstderr: {}",
            self.stdout(),
            self.stderr()
        );
        self
    }
}

impl Running {
    /// Its process id.
    pub fn id(&self) -> i32 {
        i32::try_from(self.child.id()).expect("process ids fit an i32")
    }

    /// Writes to its standard input.
    #[track_caller]
    pub fn write(&mut self, bytes: impl AsRef<[u8]>) {
        let stdin = self.stdin.as_mut().expect("standard input is still open");
        stdin
            .write_all(bytes.as_ref())
            .and_then(|()| stdin.flush())
            .expect("the child reads its input");
    }

    /// Closes its standard input.
    pub fn close_stdin(&mut self) {
        self.stdin = None;
    }

    /// Sends a signal to the child alone. One that has ended already is left in peace.
    pub fn signal(&self, signal: Signal) {
        let _ = nix::sys::signal::kill(Pid::from_raw(self.id()), signal);
    }

    /// What it has printed so far.
    pub fn stdout_so_far(&self) -> String {
        String::from_utf8_lossy(&self.stdout.so_far()).into_owned()
    }

    /// What it has printed to standard error so far.
    pub fn stderr_so_far(&self) -> String {
        String::from_utf8_lossy(&self.stderr.so_far()).into_owned()
    }

    /// Waits until `find` answers from what stands on standard output.
    ///
    /// # Panics
    /// At the deadline, or when the child ends without it, with what it printed.
    #[track_caller]
    pub fn wait_for_stdout<T>(&mut self, what: &str, mut find: impl FnMut(&str) -> Option<T>) -> T {
        let started = Instant::now();
        wait::until_some(what, self.deadline + Duration::from_secs(1), || {
            let ended = self.has_ended();
            if ended {
                self.stdout.join(started + self.deadline);
            }
            let found = find(&self.stdout_so_far());
            assert!(
                found.is_some() || (!ended && started.elapsed() < self.deadline),
                "waited in vain for {what}\nstdout: {}\nstderr: {}",
                self.stdout_so_far(),
                self.stderr_so_far(),
            );
            found
        })
    }

    /// Waits until a line of standard output starts with `prefix`, and returns the rest of that line.
    ///
    /// # Panics
    /// As [`Running::wait_for_stdout`] does.
    #[track_caller]
    pub fn wait_for_line(&mut self, prefix: &str) -> String {
        self.wait_for_stdout(&format!("a line that starts with {prefix:?}"), |text| {
            let complete = &text[..text.rfind('\n').map_or(0, |end| end + 1)];
            complete
                .lines()
                .find_map(|line| line.strip_prefix(prefix))
                .map(str::to_owned)
        })
    }

    /// Whether it has ended.
    pub fn has_ended(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(Some(_)))
    }

    /// Waits for its end; standard input is closed first.
    ///
    /// # Panics
    /// At the deadline; the child and its group are killed.
    #[track_caller]
    pub fn wait(mut self) -> Output {
        self.stdin = None;
        let started = Instant::now();
        let mut pause = Duration::from_micros(200);
        let status = loop {
            if let Ok(Some(status)) = self.child.try_wait() {
                break status;
            }
            assert!(
                started.elapsed() < self.deadline,
                "the program did not end within {:?}\nstdout: {}\nstderr: {}",
                self.deadline,
                self.stdout_so_far(),
                self.stderr_so_far(),
            );
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(5));
        };
        // A grandchild may hold the pipes: what stands there by then is what counts.
        let until = Instant::now() + Duration::from_secs(2);
        self.stdout.join(until);
        self.stderr.join(until);
        Output {
            status,
            stdout_bytes: self.stdout.so_far().clone(),
            stderr_bytes: self.stderr.so_far().clone(),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = killpg(Pid::from_raw(self.id()), Signal::SIGKILL);
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Stream {
    /// Reads `source` to its end on a thread; bytes past the cap are read and dropped.
    fn read(mut source: impl Read + Send + 'static) -> Self {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&bytes);
        let reader = std::thread::spawn(move || {
            let mut block = vec![0; 64 << 10];
            while let Ok(count @ 1..) = source.read(&mut block) {
                let mut kept = kept.lock().expect("nobody panics with the lock held");
                let room = OUTPUT_MAX - kept.len();
                kept.extend_from_slice(&block[..count.min(room)]);
            }
        });
        Self {
            bytes,
            reader: Some(reader),
        }
    }

    fn so_far(&self) -> MutexGuard<'_, Vec<u8>> {
        self.bytes.lock().expect("nobody panics with the lock held")
    }

    /// Waits for the end of the stream, but not past `until`.
    fn join(&mut self, until: Instant) {
        while self.reader.as_ref().is_some_and(|reader| !reader.is_finished()) && Instant::now() < until {
            std::thread::sleep(Duration::from_micros(200));
        }
        if self
            .reader
            .as_ref()
            .is_some_and(std::thread::JoinHandle::is_finished)
        {
            self.reader = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_to_the_end_with_input_and_output() {
        let output = Program::new("cat").stdin("kept\n").run().expect_code(0);
        assert_eq!(output.stdout(), "kept\n");
    }

    #[test]
    fn a_signal_is_told_as_a_shell_tells_it() {
        let running = Program::new("sleep").arg("60").spawn();
        running.signal(Signal::SIGTERM);
        assert_eq!(running.wait().code(), 128 + 15);
    }

    #[test]
    #[should_panic(expected = "did not end within")]
    fn a_child_that_stays_is_killed_at_the_deadline() {
        Program::new("sleep")
            .arg("60")
            .deadline(Duration::from_millis(50))
            .run();
    }

    #[test]
    fn a_line_is_awaited_until_it_is_whole() {
        let mut running = Program::new("sh")
            .args(["-c", "printf 'port 4'; printf '2\\nmore\\n'; cat"])
            .spawn();
        assert_eq!(running.wait_for_line("port "), "42");
    }

    #[test]
    fn a_grandchild_that_holds_the_pipe_does_not_hold_the_test() {
        let started = Instant::now();
        let output = Program::new("sh").args(["-c", "sleep 60 & echo done"]).run();
        assert_eq!(output.stdout(), "done\n");
        assert!(started.elapsed() < Duration::from_secs(30));
    }
}
