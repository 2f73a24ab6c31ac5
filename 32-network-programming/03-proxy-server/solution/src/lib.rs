//! A forward proxy: HTTP requests, CONNECT and SOCKS5 on one port, with a stub resolver of its own.
//!
//! Without I/O, in the order in which a connection meets them:
//!
//! - [`socks`], [`http`], [`target`]: what a client wants
//! - [`dns`]: from a name to addresses; of it, only [`dns::resolver`] has sockets
//! - [`policy`], [`health`], [`clients`], [`pool`]: who may go where, and how often
//! - [`end`], [`log`]: how a connection ends, and what is written about it
//!
//! With I/O: [`eyeballs`] connects, [`relay`] moves bytes within the bounds of [`race`] and [`meter`], and [`server`]
//! puts it all together. [`config`] has the bounds, and [`main`] is the program.

mod cli;
pub mod clients;
pub mod config;
pub mod dns;
pub mod end;
pub mod eyeballs;
pub mod health;
pub mod http;
pub mod log;
pub mod meter;
pub mod policy;
pub mod pool;
pub mod race;
pub mod relay;
pub mod server;
pub mod socks;
pub mod target;

use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use socket2::{Domain, Socket, Type};
use tokio_util::sync::CancellationToken;

use cli::Cli;
use config::Summary;
use log::Log;

/// Connections that the kernel completes ahead of `accept`.
const BACKLOG: i32 = 4096;

/// How many tasks run before tokio asks the kernel for news, unless it runs out of tasks before.
const TASKS_A_POLL: u32 = 256;

/// How long the end of the program waits for the last lines of the log to be taken.
const LOG_PATIENCE: Duration = Duration::from_secs(1);

/// Why the program could not do its work.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("cannot listen on {address}: {source}")]
    Listen { address: SocketAddr, source: io::Error },
    #[error("cannot serve: {0}")]
    Serve(#[from] io::Error),
}

/// The program: parses its arguments, serves until SIGTERM or SIGINT.
///
/// The exit code is 0 when everything under way was finished, 1 when the proxy could not listen or serve, 2 for wrong
/// usage, and 3 when the grace period ended with connections still open.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    match run(&cli) {
        Ok(Summary { cut: 0, .. }) => ExitCode::SUCCESS,
        Ok(Summary { cut, .. }) => {
            eprintln!("proxy-server: {cut} connections were cut at the end of the grace period");
            ExitCode::from(3)
        }
        Err(error) => {
            eprintln!("proxy-server: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Help goes to standard output; an error is one line, where clap would print a paragraph.
fn usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        // A reader that has seen enough closes the pipe, which is its right.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    eprintln!("proxy-server: {}", line.strip_prefix("error: ").unwrap_or(line));
    ExitCode::from(2)
}

fn run(cli: &Cli) -> Result<Summary, Error> {
    let stop = CancellationToken::new();
    stop_on_signal(stop.clone())?;
    let address = cli.listen;
    let failed = |source| Error::Listen { address, source };
    let listener = listen(address).map_err(failed)?;
    announce(listener.local_addr().map_err(failed)?);
    let (log, written) = Log::new(io::stdout());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .event_interval(TASKS_A_POLL)
        .build()?;
    let summary = runtime.block_on(server::serve(listener, cli.config(), log, stop))?;
    // The last lines are written before the program ends, unless nobody reads.
    let _ = written.recv_timeout(LOG_PATIENCE);
    Ok(summary)
}

fn listen(address: SocketAddr) -> io::Result<std::net::TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    // Connections of an earlier run may be in TIME-WAIT: they do not stand in the way of a new listener.
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

/// Says where the proxy listens; it serves on even when nobody reads that.
fn announce(address: SocketAddr) {
    let mut stdout = io::stdout().lock();
    let _ = writeln!(stdout, "listening on {address}").and_then(|()| stdout.flush());
}

/// Cancels `stop` at the first SIGTERM or SIGINT. The handlers are in place when this returns.
fn stop_on_signal(stop: CancellationToken) -> io::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGINT])?;
    std::thread::Builder::new()
        .name("signals".into())
        .spawn(move || {
            if signals.forever().next().is_some() {
                stop.cancel();
            }
        })?;
    Ok(())
}
