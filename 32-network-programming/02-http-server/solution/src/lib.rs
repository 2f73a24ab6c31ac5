//! An HTTP server for static files: HTTP/1.1 from the socket up, and HTTP/2 behind the same handler.
//!
//! Without I/O, and so to be tested without a network:
//! - [`parser`]: bytes to requests; [`serialise`]: the way back; [`refusal`]: what is wrong with a request
//! - [`request`], [`response`]: what passes between a connection and a handler
//! - [`path`], [`conditional`], [`range`], [`mime`]: what a request for a file means
//! - [`access_log`]: the line that is left of it
//!
//! The server:
//! - `files`, `site`: the files, and the handler
//! - `transport`, `tls`: what bytes go over; `http1`, `http2`: what is spoken there
//! - `server`: threads, connections, and their end; [`limits`], [`cli`]: what bounds and configures it
//! - [`main`]: the program

pub mod access_log;
pub mod cli;
pub mod conditional;
mod date;
mod files;
mod http1;
mod http2;
pub mod limits;
pub mod mime;
pub mod parser;
pub mod path;
pub mod range;
pub mod refusal;
pub mod request;
pub mod response;
pub mod serialise;
mod server;
mod site;
mod tls;
mod transport;

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::thread;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use tokio_util::sync::CancellationToken;

use access_log::AccessLog;
use cli::Cli;
use server::Shared;
use site::Site;

/// Why the program could not do its work.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("cannot listen on {address}: {source}")]
    Listen { address: SocketAddr, source: io::Error },
    #[error("cannot serve {}: {source}", path.display())]
    Root { path: PathBuf, source: io::Error },
    #[error("cannot open {}: {source}", path.display())]
    Log { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Tls(#[from] tls::TlsError),
    #[error("cannot serve: {0}")]
    Serve(#[from] io::Error),
}

/// The program: parses its arguments, serves until SIGTERM or SIGINT.
///
/// The exit code is 0 when every request under way was answered, 1 when the server could not work, 2 for wrong
/// usage, and 3 when the grace period ended with connections that had to be cut.
pub fn main() -> ExitCode {
    let cli = match Cli::read() {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    match run(&cli) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(cut) => {
            eprintln!("http-server: {cut} connections were cut at the end of the grace period");
            ExitCode::from(3)
        }
        Err(error) => {
            eprintln!("http-server: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Serves on all threads, and returns how many connections were cut.
fn run(cli: &Cli) -> Result<u64, Error> {
    let threads = cli.threads.map_or_else(
        || thread::available_parallelism().map_or(1, usize::from),
        usize::from,
    );
    let tls = match (&cli.tls_cert, &cli.tls_key) {
        (Some(certificate), Some(key)) => Some(tls::acceptor(certificate, key)?),
        _ => None,
    };
    let log = match &cli.access_log {
        Some(path) => Some(Arc::new(AccessLog::open(path).map_err(|source| Error::Log {
            path: path.clone(),
            source,
        })?)),
        None => None,
    };
    let stop = CancellationToken::new();
    let open = Arc::new(AtomicUsize::new(0));
    let mut servers = Vec::new();
    let mut address = cli.listen;
    for _ in 0..threads {
        let listener =
            server::listen(address, threads > 1).map_err(|source| Error::Listen { address, source })?;
        // Port 0 is any free one for the first, and the same one for the others.
        address = listener.local_addr()?;
        let site = Site::new(&cli.root, cli.echo.as_deref()).map_err(|source| Error::Root {
            path: cli.root.clone(),
            source,
        })?;
        let shared = Shared {
            site,
            limits: cli.limits(),
            log: log.clone(),
            stop: stop.clone(),
            tls: tls.clone(),
            open: Arc::clone(&open),
        };
        servers.push((listener, shared));
    }
    stop_on_signal(stop)?;
    announce(address);
    let run = |(listener, shared)| thread::spawn(move || server::run(listener, shared));
    let running: Vec<_> = servers.into_iter().map(run).collect();
    running.into_iter().try_fold(0, |cut, thread| {
        Ok(cut + thread.join().expect("a serving thread does not panic")?)
    })
}

/// Says where the server listens; it serves on even when nobody reads that.
fn announce(address: SocketAddr) {
    let mut stdout = io::stdout().lock();
    let _ = writeln!(stdout, "listening on {address}").and_then(|()| stdout.flush());
}

/// Cancels `stop` at the first SIGTERM or SIGINT. The handlers are in place when this returns.
fn stop_on_signal(stop: CancellationToken) -> io::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGINT])?;
    thread::Builder::new().name("signals".into()).spawn(move || {
        if signals.forever().next().is_some() {
            stop.cancel();
        }
    })?;
    Ok(())
}
