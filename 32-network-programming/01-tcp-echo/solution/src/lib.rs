//! An echo server three times: frames over TCP on threads and on tokio, datagrams over UDP.
//!
//! - [`frame`]: the framing, without I/O; [`refusal`]: how the server says no
//! - [`limits`]: what bounds a server; [`listen`]: its socket
//! - [`threads`], [`tasks`], [`udp`]: the servers, each a function `serve`
//! - [`main`]: the program
//!
//! A server is stopped through a [`CancellationToken`]: a thread asks it, a task awaits it.

mod cli;
mod ending;
pub mod frame;
pub mod limits;
pub mod listen;
pub mod refusal;
pub mod tasks;
pub mod threads;
pub mod udp;

use std::io::{self, Write};
use std::net::{SocketAddr, UdpSocket};
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use tokio_util::sync::CancellationToken;

use cli::{Cli, Server};
use limits::Summary;

/// How many tasks run before tokio asks the kernel for news, unless it runs out of tasks before. Its default of 61
/// is for tasks that compute; 64 connections that are ready at once would cost two calls where one does.
const TASKS_A_POLL: u32 = 256;

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
/// The exit code is 0 when everything in flight was finished, 1 when the server could not listen or serve, 2
/// for wrong usage, and 3 when the grace period ended with connections still open.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    match run(&cli.server) {
        Ok(Summary { cut: 0, .. }) => ExitCode::SUCCESS,
        Ok(Summary { cut, .. }) => {
            eprintln!("tcp-echo: {cut} connections were cut at the end of the grace period");
            ExitCode::from(3)
        }
        Err(error) => {
            eprintln!("tcp-echo: {error}");
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
    let text = match error.kind() {
        // Here clap would print the whole help.
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => "a server is missing; try --help".to_owned(),
        _ => error.to_string(),
    };
    let line = text.lines().next().unwrap_or_default();
    eprintln!("tcp-echo: {}", line.strip_prefix("error: ").unwrap_or(line));
    ExitCode::from(2)
}

fn run(server: &Server) -> Result<Summary, Error> {
    let stop = CancellationToken::new();
    stop_on_signal(stop.clone())?;
    match server {
        Server::Threads(options) => {
            let listener = tcp(options.listen)?;
            Ok(threads::serve(listener, &options.limits(), &stop)?)
        }
        Server::Tokio(options) => {
            let listener = tcp(options.listen)?;
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .event_interval(TASKS_A_POLL)
                .build()?;
            Ok(runtime.block_on(tasks::serve(listener, options.limits(), stop))?)
        }
        Server::Udp(options) => {
            let address = options.listen;
            let listen = |source| Error::Listen { address, source };
            let socket = UdpSocket::bind(address).map_err(listen)?;
            announce(socket.local_addr().map_err(listen)?);
            Ok(udp::serve(&socket, options.max_frame, &stop)?)
        }
    }
}

/// Listens and says where.
fn tcp(address: SocketAddr) -> Result<std::net::TcpListener, Error> {
    let listen = |source| Error::Listen { address, source };
    let listener = listen::listen(address).map_err(listen)?;
    announce(listener.local_addr().map_err(listen)?);
    Ok(listener)
}

/// Says where the server listens; it serves on even when nobody reads that.
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
