//! The program: what each subcommand does, and one line for what it could not do.

use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Parser;
use clap::error::ErrorKind;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use tokio_util::sync::CancellationToken;

use crate::cert::{self, CertError};
use crate::cli::{Cli, Command, Connect, Serve};
use crate::client::{Client, Config};
use crate::connect::Transport;
use crate::net::{self, Endpoint, TlsError};
use crate::terminal::{self, SessionError};

/// Why the program could not do its work.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("cannot listen on {address}: {source}")]
    Listen { address: SocketAddr, source: io::Error },
    #[error("cannot serve: {0}")]
    Serve(#[from] io::Error),
    #[error(transparent)]
    Cert(#[from] CertError),
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error("{0}")]
    Usage(String),
}

/// Parses the command line and does what it says.
pub(crate) fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let done = match cli.command {
        Command::Cert(options) => cert::make(&options.out, options.names).map_err(Error::from),
        Command::Serve(options) => serve(&options),
        Command::Connect(options) => connect(options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("chat-protocol: {error}");
            ExitCode::from(if matches!(error, Error::Usage(_)) { 2 } else { 1 })
        }
    }
}

/// Help goes to standard output; an error is one line, where clap would print a paragraph.
fn usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    let text = match error.kind() {
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => "a command is missing; try --help".to_owned(),
        // The names stand below, one a line.
        ErrorKind::MissingRequiredArgument => error.to_string().replacen(":\n  ", ": ", 1),
        _ => error.to_string(),
    };
    let line = text.lines().next().unwrap_or_default();
    eprintln!("chat-protocol: {}", line.strip_prefix("error: ").unwrap_or(line));
    ExitCode::from(2)
}

fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

fn serve(options: &Serve) -> Result<(), Error> {
    let stop = CancellationToken::new();
    stop_on_signal(stop.clone())?;
    let tls = match (&options.cert, &options.key) {
        (Some(cert), Some(key)) => Some(net::server_config(cert, key)?),
        _ => None,
    };
    let mut endpoints = Vec::new();
    let mut lines = Vec::new();
    if let Some(address) = options.tcp {
        let listener = listen(
            address,
            TcpListener::bind,
            TcpListener::local_addr,
            "tcp",
            &mut lines,
        )?;
        endpoints.push(Endpoint::Tcp(listener));
    }
    if let (Some(address), Some(config)) = (options.tls, &tls) {
        let listener = listen(
            address,
            TcpListener::bind,
            TcpListener::local_addr,
            "tls",
            &mut lines,
        )?;
        endpoints.push(Endpoint::Tls(listener, config.clone()));
    }
    if let (Some(address), Some(config)) = (options.quic, &tls) {
        let socket = listen(
            address,
            UdpSocket::bind,
            UdpSocket::local_addr,
            "quic",
            &mut lines,
        )?;
        endpoints.push(Endpoint::Quic(socket, config.clone()));
    }
    // It serves on even when nobody reads that.
    let mut stdout = io::stdout().lock();
    let _ = stdout
        .write_all(lines.concat().as_bytes())
        .and_then(|()| stdout.flush());
    drop(stdout);
    Ok(runtime()?.block_on(net::serve(endpoints, options.limits(), stop))?)
}

/// Binds a socket, and notes where.
fn listen<S>(
    address: SocketAddr,
    bind: impl FnOnce(SocketAddr) -> io::Result<S>,
    local: impl FnOnce(&S) -> io::Result<SocketAddr>,
    name: &str,
    lines: &mut Vec<String>,
) -> Result<S, Error> {
    let socket = bind(address).map_err(|source| Error::Listen { address, source })?;
    lines.push(format!("listening on {name} {}\n", local(&socket)?));
    Ok(socket)
}

fn connect(options: Connect) -> Result<(), Error> {
    let config = match (&options.ca, options.target.transport) {
        (_, Transport::Tcp) => None,
        (Some(ca), _) => Some(net::client_config(ca)?),
        (None, _) => {
            let target = &options.target;
            return Err(Error::Usage(format!(
                "--ca is missing: whom to believe at {target}?"
            )));
        }
    };
    // Any number will do that differs from client to client.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let mut settings = Config::new(&options.nick);
    settings.seed = u64::from(since.subsec_nanos()) ^ u64::from(std::process::id()) << 32;
    let client = Client::new(settings, std::time::Duration::ZERO);
    let session = terminal::session(client, options.target, config, options.room);
    let done = runtime()?.block_on(session);
    Ok(done?)
}

/// Cancels `stop` at the first SIGTERM or SIGINT. The handlers are in place when this returns.
fn stop_on_signal(stop: CancellationToken) -> io::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGINT])?;
    let wait = move || {
        if signals.forever().next().is_some() {
            stop.cancel();
        }
    };
    std::thread::Builder::new().name("signals".into()).spawn(wait)?;
    Ok(())
}
