//! A supervisor under test, in a directory of its own.
//!
//! It is started in the test's own process group, so that whatever ends the test ends it; its services are expected
//! to die with it. Should they not, [`Supervisor`] kills all descendants that it can find when it is dropped, and no
//! service of these tests lives longer than its `sleep 30`.

#![allow(dead_code, reason = "each of the two test files uses its part")]

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use phase7::{Scratch, wait};
use serde_json::Value;

/// How long a test waits for what must happen.
pub const DEADLINE: Duration = Duration::from_secs(8);

/// A running supervisor; its configuration is `supervisor.toml` in its directory, its socket is `socket`.
pub struct Supervisor {
    child: Child,
    /// Where its services run, and their logs are in `logs`.
    pub scratch: Scratch,
    descendants: Vec<i32>,
}

impl Supervisor {
    /// Starts it and waits until it answers.
    #[track_caller]
    pub fn start(config: &str) -> Self {
        Self::start_in(Scratch::new(), config)
    }

    /// The same in a directory that has been prepared.
    #[track_caller]
    pub fn start_in(scratch: Scratch, config: &str) -> Self {
        // As a job that a shell starts in the background.
        Self::start_ignoring("INT,QUIT", scratch, config)
    }

    /// The same, started by somebody who ignores `signals`. No shell does it: dash never ignores SIGCHLD.
    #[track_caller]
    pub fn start_ignoring(signals: &str, scratch: Scratch, config: &str) -> Self {
        scratch.write("supervisor.toml", config);
        let errors = std::fs::File::create(scratch.join("stderr")).expect("a file can be made");
        let child = Command::new("env")
            .arg(format!("--ignore-signal={signals}"))
            .arg(env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME"))))
            .args(["run", "supervisor.toml", "--socket", "socket"])
            .current_dir(scratch.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(errors)
            .spawn()
            .expect("the program can be started");
        let mut supervisor = Self {
            child,
            scratch,
            descendants: Vec::new(),
        };
        wait::until("the supervisor to listen", DEADLINE, || {
            let ended = supervisor.child.try_wait().expect("a child can be asked");
            assert_eq!(
                ended,
                None,
                "the supervisor ended: {}",
                supervisor.scratch.read("stderr")
            );
            UnixStream::connect(supervisor.socket()).is_ok()
        });
        supervisor
    }

    /// The path of its socket.
    pub fn socket(&self) -> PathBuf {
        self.scratch.join("socket")
    }

    /// Its process id.
    pub fn pid(&self) -> i32 {
        i32::try_from(self.child.id()).expect("process ids fit an i32")
    }

    /// Sends it a signal.
    pub fn signal(&mut self, signal: Signal) {
        self.descendants.extend(descendants(self.pid()));
        kill(Pid::from_raw(self.pid()), signal).expect("the supervisor is there");
    }

    /// Waits for its end; the exit code, or 128 plus the signal's number.
    #[track_caller]
    pub fn wait(&mut self) -> i32 {
        let ended = || self.child.try_wait().expect("a child can be asked");
        let status = wait::until_some("the supervisor's end", DEADLINE, ended);
        status
            .code()
            .unwrap_or_else(|| 128 + status.signal().expect("ended by code or by signal"))
    }

    /// A connection of its own.
    #[track_caller]
    pub fn connect(&self) -> Client {
        let stream = UnixStream::connect(self.socket()).expect("the supervisor listens");
        stream
            .set_read_timeout(Some(DEADLINE))
            .expect("a deadline that is not zero");
        stream
            .set_write_timeout(Some(DEADLINE))
            .expect("a deadline that is not zero");
        Client {
            reader: BufReader::new(stream),
        }
    }

    /// Sends a request on a new connection, and returns its reply.
    #[track_caller]
    pub fn request(&self, line: &str) -> Value {
        let mut client = self.connect();
        client.send(format!("{line}\n"));
        client.reply()
    }

    /// Sends a request that must be done.
    #[track_caller]
    pub fn done(&self, line: &str) {
        let reply = self.request(line);
        assert_eq!(
            reply["ok"],
            Value::Bool(true),
            "{line:?} is done, the reply is {reply}"
        );
    }

    /// The status of one service; `Null` when there is none of that name.
    #[track_caller]
    pub fn status(&self, name: &str) -> Value {
        let reply = self.request("status");
        let services = reply["services"].as_array().expect("a status lists services");
        services
            .iter()
            .find(|service| service["name"] == name)
            .cloned()
            .unwrap_or(Value::Null)
    }

    /// Waits until a service is in this state, and returns its status.
    #[track_caller]
    pub fn until_state(&self, name: &str, state: &str) -> Value {
        wait::until_some(&format!("{name} to be {state}"), DEADLINE, || {
            Some(self.status(name)).filter(|status| status["state"] == state)
        })
    }

    /// Waits until a service runs, and returns its process id.
    #[track_caller]
    pub fn until_running(&self, name: &str) -> i32 {
        pid_of(&self.until_state(name, "running"))
    }

    /// The log of a service.
    pub fn log(&self, name: &str) -> String {
        self.scratch.read(format!("logs/{name}.log"))
    }

    /// Waits until the log of a service contains this text.
    #[track_caller]
    pub fn until_logged(&self, name: &str, text: &str) {
        wait::until(&format!("{text:?} in the log of {name}"), DEADLINE, || {
            self.log(name).contains(text)
        });
    }

    /// Waits until a service has written a whole line with a number into a file of the directory.
    #[track_caller]
    pub fn until_number(&self, file: &str) -> i32 {
        wait::until_some(&format!("a number in {file}"), DEADLINE, || {
            self.scratch.read(file).strip_suffix('\n')?.trim().parse().ok()
        })
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.descendants.extend(descendants(self.pid()));
        let _ = self.child.kill();
        let _ = self.child.wait();
        for pid in &self.descendants {
            let _ = kill(Pid::from_raw(*pid), Signal::SIGKILL);
        }
    }
}

/// A connection to the control socket.
pub struct Client {
    reader: BufReader<UnixStream>,
}

impl Client {
    /// Sends these bytes as they are.
    #[track_caller]
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.reader
            .get_mut()
            .write_all(bytes.as_ref())
            .expect("the supervisor reads");
    }

    /// Sends as many of these bytes as the socket takes without waiting.
    #[track_caller]
    pub fn flood(&mut self, mut bytes: &[u8]) {
        self.reader
            .get_ref()
            .set_nonblocking(true)
            .expect("a socket can be made so");
        while let Ok(count @ 1..) = self.reader.get_mut().write(bytes) {
            bytes = &bytes[count..];
        }
    }

    /// The next reply; `Null` when the supervisor has closed the connection.
    #[track_caller]
    pub fn reply(&mut self) -> Value {
        let mut line = String::new();
        self.reader.read_line(&mut line).expect("the supervisor replies");
        if line.is_empty() {
            return Value::Null;
        }
        serde_json::from_str(&line).expect("a reply is a line of JSON")
    }
}

/// The process id in a status.
#[track_caller]
pub fn pid_of(status: &Value) -> i32 {
    let pid = status["pid"].as_i64().and_then(|pid| i32::try_from(pid).ok());
    pid.unwrap_or_else(|| panic!("no process id in {status}"))
}

/// Whether there is no such process any more, not even a zombie.
pub fn is_reaped(pid: i32) -> bool {
    kill(Pid::from_raw(pid), None) == Err(Errno::ESRCH)
}

/// Whether a process has ended; who reaps it may take his time.
pub fn has_ended(pid: i32) -> bool {
    is_reaped(pid) || stat(pid).is_none_or(|(state, _)| state == 'Z' || state == 'X')
}

/// The parent of a process.
pub fn parent(pid: i32) -> Option<i32> {
    stat(pid).map(|(_, parent)| parent)
}

/// State and parent as `/proc/PID/stat` has them, behind the name in parentheses.
fn stat(pid: i32) -> Option<(char, i32)> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = text[text.rfind(')')? + 1..].split_whitespace();
    Some((fields.next()?.chars().next()?, fields.next()?.parse().ok()?))
}

/// All processes below this one.
fn descendants(pid: i32) -> Vec<i32> {
    let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    let mut found: Vec<i32> = children
        .split_whitespace()
        .filter_map(|pid| pid.parse().ok())
        .collect();
    let below: Vec<i32> = found.iter().flat_map(|child| descendants(*child)).collect();
    found.extend(below);
    found
}
