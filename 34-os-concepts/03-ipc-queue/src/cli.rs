//! The commands: make a queue, send lines or a number of messages, receive, remove it.
//!
//! | exit code | meaning |
//! |---|---|
//! | 0 | done; for `recv` without `--count`: until no sender was left |
//! | 1 | not done |
//! | 2 | the command line is wrong |

use std::io::{self, BufRead, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use crate::pipe::{PipeReceiver, PipeSender};
use crate::queue::{Batch, OpenError, Options, Receiver, RecvError, SendError, Sender, Wait};
use crate::socket::{SocketReceiver, SocketSender};
use crate::transport::{self, Transport};

/// Messages between processes, over four transports.
#[derive(Parser)]
#[command(name = "ipc-queue", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a queue
    Create {
        #[command(flatten)]
        queue: Queue,
        /// Messages that wait in it at most
        #[arg(long, default_value_t = 8)]
        capacity: usize,
        /// Bytes of the longest message
        #[arg(long, default_value_t = 1024)]
        max_message: usize,
        /// One sender and one receiver at a time (ring)
        #[arg(long)]
        sole: bool,
    },
    /// Send each line of standard input, or a number of messages
    Send {
        #[command(flatten)]
        queue: Queue,
        /// Send so many messages "NAME 0", "NAME 1", … instead of lines
        #[arg(long)]
        count: Option<u64>,
        /// The name in those messages
        #[arg(long, default_value = "message")]
        name: String,
        /// Give up when a message, or a receiver, takes longer
        #[arg(long, value_name = "MS")]
        timeout: Option<u64>,
    },
    /// Print each message as a line, until no sender is left
    Recv {
        #[command(flatten)]
        queue: Queue,
        /// End behind so many messages
        #[arg(long)]
        count: Option<u64>,
        /// Give up when a message takes longer
        #[arg(long, value_name = "MS")]
        timeout: Option<u64>,
    },
    /// Remove a queue
    Remove {
        #[command(flatten)]
        queue: Queue,
    },
}

#[derive(Args)]
struct Queue {
    /// How messages go
    #[arg(long, value_enum)]
    transport: Transport,
    /// The queue; for send and recv "-" is standard input: an end of a pipe or a socket
    path: PathBuf,
}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
enum CliError {
    #[error("{}: {error}", path.display())]
    Open {
        path: PathBuf,
        #[source]
        error: OpenError,
    },
    #[error("cannot send: {0}")]
    Send(#[from] SendError),
    #[error("cannot receive: {0}")]
    Receive(#[from] RecvError),
    #[error("cannot read standard input: {0}")]
    Read(#[source] io::Error),
    #[error("cannot print: {0}")]
    Print(#[source] io::Error),
    #[error("only an end of a pipe or a socket can be standard input, and lines cannot then")]
    StandardInput,
}

/// The program.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    match execute(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(CliError::Print(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "ipc-queue: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Help and version as they are; of a mistake the first line, which names it.
fn usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    let _ = writeln!(io::stderr(), "ipc-queue: {}", line.trim_start_matches("error: "));
    ExitCode::from(2)
}

fn execute(command: Command) -> Result<(), CliError> {
    match command {
        Command::Create {
            queue,
            capacity,
            max_message,
            sole,
        } => {
            let options = Options {
                capacity,
                max_message,
                sole,
            };
            transport::create(queue.transport, &queue.path, &options).map_err(|error| queue.failed(error))
        }
        Command::Send {
            queue,
            count,
            name,
            timeout,
        } => {
            if count.is_none() && queue.is_standard_input() {
                return Err(CliError::StandardInput);
            }
            let sender = queue.sender(timeout)?;
            match count {
                Some(count) => send_messages(sender, &name, count, timeout),
                None => send_lines(sender, timeout),
            }
        }
        Command::Recv {
            queue,
            count,
            timeout,
        } => print_messages(queue.receiver()?, count, timeout),
        Command::Remove { queue } => {
            transport::remove(queue.transport, &queue.path).map_err(|error| queue.failed(error))
        }
    }
}

impl Queue {
    fn is_standard_input(&self) -> bool {
        self.path == Path::new("-")
    }

    fn failed(&self, error: OpenError) -> CliError {
        CliError::Open {
            path: self.path.clone(),
            error,
        }
    }

    fn sender(&self, timeout: Option<u64>) -> Result<Box<dyn Sender>, CliError> {
        if !self.is_standard_input() {
            return transport::open_sender(self.transport, &self.path, wait(timeout))
                .map_err(|error| self.failed(error));
        }
        let sender: Result<Box<dyn Sender>, _> = match self.transport {
            Transport::Pipe => PipeSender::from_end(standard_input()?).map(|end| Box::new(end) as _),
            Transport::Socket => SocketSender::from_end(standard_input()?).map(|end| Box::new(end) as _),
            Transport::Mq | Transport::Ring => return Err(CliError::StandardInput),
        };
        sender.map_err(|error| self.failed(error))
    }

    fn receiver(&self) -> Result<Box<dyn Receiver>, CliError> {
        if !self.is_standard_input() {
            return transport::open_receiver(self.transport, &self.path).map_err(|error| self.failed(error));
        }
        let receiver: Result<Box<dyn Receiver>, _> = match self.transport {
            Transport::Pipe => PipeReceiver::from_end(standard_input()?).map(|end| Box::new(end) as _),
            Transport::Socket => SocketReceiver::from_end(standard_input()?).map(|end| Box::new(end) as _),
            Transport::Mq | Transport::Ring => return Err(CliError::StandardInput),
        };
        receiver.map_err(|error| self.failed(error))
    }
}

/// Standard input as an end; a copy, for the original is the program's as long as it runs.
fn standard_input() -> Result<OwnedFd, CliError> {
    io::stdin().as_fd().try_clone_to_owned().map_err(CliError::Read)
}

fn wait(timeout: Option<u64>) -> Wait {
    timeout.map_or(Wait::Forever, |ms| Wait::at_most(Duration::from_millis(ms)))
}

fn send_lines(mut sender: Box<dyn Sender>, timeout: Option<u64>) -> Result<(), CliError> {
    for line in io::stdin().lock().split(b'\n') {
        let line = line.map_err(CliError::Read)?;
        sender.send_within(&line, wait(timeout))?;
    }
    Ok(())
}

fn send_messages(
    mut sender: Box<dyn Sender>,
    name: &str,
    count: u64,
    timeout: Option<u64>,
) -> Result<(), CliError> {
    for number in 0..count {
        sender.send_within(format!("{name} {number}").as_bytes(), wait(timeout))?;
    }
    Ok(())
}

/// Prints what there is, and shows it before it waits for more.
fn print_messages(
    mut receiver: Box<dyn Receiver>,
    count: Option<u64>,
    timeout: Option<u64>,
) -> Result<(), CliError> {
    const AT_ONCE: u64 = 32;
    let max_message = receiver.max_message();
    let mut left = count.unwrap_or(u64::MAX);
    let mut batch = Batch::new(AT_ONCE as usize, max_message);
    let mut stdout = io::stdout().lock();
    while left > 0 {
        if left < AT_ONCE {
            batch = Batch::new(left as usize, max_message);
        }
        match receiver.recv_batch(&mut batch, wait(timeout)) {
            Ok(()) => {}
            Err(RecvError::Disconnected) if count.is_none() => break,
            Err(error) => return Err(error.into()),
        }
        let mut text = Vec::new();
        for index in 0..batch.len() {
            text.extend_from_slice(batch.message(index));
            text.push(b'\n');
        }
        left -= batch.len() as u64;
        stdout
            .write_all(&text)
            .and_then(|()| stdout.flush())
            .map_err(CliError::Print)?;
    }
    Ok(())
}
