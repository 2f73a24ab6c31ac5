//! The commands. `run` is the supervisor, `check` looks at a configuration, the others are clients of a supervisor.
//!
//! | exit code | meaning |
//! |---|---|
//! | 0 | done |
//! | 1 | not done: the supervisor refused, could not be reached, or could not begin |
//! | 2 | not understood: the command line or the configuration is wrong |

use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::protocol::{Reply, Request, Status};
use crate::supervisor::{self, RunError};

/// Starts services, watches them, restarts them.
#[derive(Parser)]
#[command(name = "process-supervisor", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Supervise the services of FILE until told to shut down
    Run {
        /// The configuration
        file: PathBuf,
        /// Where to listen for the other commands
        #[arg(long, value_name = "PATH", default_value = DEFAULT_SOCKET)]
        socket: PathBuf,
    },
    /// Check FILE, and print its services in start order
    Check {
        /// The configuration
        file: PathBuf,
    },
    /// Show all services
    Status(Client),
    /// Start a service and what it depends on
    Start(ServiceClient),
    /// Stop a service and what depends on it; wait until it is down
    Stop(ServiceClient),
    /// Stop a service and start it again
    Restart(ServiceClient),
    /// Read the configuration again
    Reload(Client),
    /// Stop all services and the supervisor; wait until they are down
    Shutdown(Client),
}

#[derive(Args)]
struct Client {
    /// Where the supervisor listens
    #[arg(long, value_name = "PATH", default_value = DEFAULT_SOCKET)]
    socket: PathBuf,
    /// Print the reply as it is, a line of JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
struct ServiceClient {
    /// The service
    name: String,
    #[command(flatten)]
    client: Client,
}

const DEFAULT_SOCKET: &str = "supervisor.sock";

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
enum CliError {
    #[error(transparent)]
    Run(#[from] RunError),
    #[error("{}: {error}", path.display())]
    Connection {
        path: PathBuf,
        #[source]
        error: io::Error,
    },
    #[error("{0}")]
    Refused(String),
    #[error("cannot print: {0}")]
    Print(#[source] io::Error),
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
            let _ = writeln!(io::stderr(), "process-supervisor: {error}");
            let misunderstood = matches!(
                error,
                CliError::Run(RunError::Config { .. } | RunError::Read { .. })
            );
            ExitCode::from(if misunderstood { 2 } else { 1 })
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
    let _ = writeln!(
        io::stderr(),
        "process-supervisor: {}",
        line.trim_start_matches("error: ")
    );
    ExitCode::from(2)
}

fn execute(command: Command) -> Result<(), CliError> {
    match command {
        Command::Run { file, socket } => Ok(supervisor::run(&file, &socket)?),
        Command::Check { file } => {
            let config = supervisor::load(&file)?;
            let names: String = config.order.iter().map(|name| format!("{name}\n")).collect();
            print(&names)
        }
        Command::Status(client) => ask(&client, &Request::Status),
        Command::Start(it) => ask(&it.client, &Request::Start(it.name)),
        Command::Stop(it) => ask(&it.client, &Request::Stop(it.name)),
        Command::Restart(it) => ask(&it.client, &Request::Restart(it.name)),
        Command::Reload(client) => ask(&client, &Request::Reload),
        Command::Shutdown(client) => ask(&client, &Request::Shutdown),
    }
}

/// Sends a request, waits for the reply and shows it.
fn ask(client: &Client, request: &Request) -> Result<(), CliError> {
    let (line, reply) = exchange(&client.socket, request).map_err(|error| CliError::Connection {
        path: client.socket.clone(),
        error,
    })?;
    if client.json {
        print(&line)?;
    }
    if let Some(error) = reply.error {
        return Err(CliError::Refused(error));
    }
    if client.json {
        return Ok(());
    }
    let mut text = reply
        .services
        .map(|services| table(&services))
        .unwrap_or_default();
    if let Some(changes) = reply.changes {
        for (word, names) in [
            ("added", changes.added),
            ("removed", changes.removed),
            ("changed", changes.changed),
        ] {
            text.extend(names.iter().map(|name| format!("{word} {name}\n")));
        }
    }
    print(&text)
}

fn exchange(socket: &Path, request: &Request) -> io::Result<(String, Reply)> {
    let mut stream = UnixStream::connect(socket)?;
    stream.write_all(format!("{request}\n").as_bytes())?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    if line.is_empty() {
        return Err(io::Error::new(
            io::ErrorKind::UnexpectedEof,
            "the supervisor closed the connection",
        ));
    }
    let reply = serde_json::from_str(&line)?;
    Ok((line, reply))
}

fn print(text: &str) -> Result<(), CliError> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(CliError::Print)
}

/// Services in columns.
fn table(services: &[Status]) -> String {
    let width = services
        .iter()
        .map(|service| service.name.len())
        .max()
        .unwrap_or(0)
        .max("NAME".len());
    let mut text = format!(
        "{:width$}  STATE         PID    UPTIME  RESTARTS  LAST EXIT\n",
        "NAME"
    );
    for service in services {
        let state = format!("{:?}", service.state).to_lowercase();
        let pid = service.pid.map_or_else(|| "-".to_owned(), |pid| pid.to_string());
        let uptime = service
            .uptime_ms
            .map_or_else(|| "-".to_owned(), |ms| format!("{}s", ms / 1000));
        let last = service
            .last_exit
            .map_or_else(|| "-".to_owned(), |exit| exit.to_string());
        text += &format!(
            "{:width$}  {state:8}  {pid:>7}  {uptime:>8}  {:>8}  {last}\n",
            service.name, service.restarts
        );
    }
    text
}
