//! The command line: what it says, and what is meant.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgGroup, Args, Parser, Subcommand};

use crate::connect::Target;
use crate::limits::Limits;

/// A chat over TCP, TLS and QUIC.
#[derive(Debug, Parser)]
#[command(name = "chat-protocol", version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a self-signed certificate: cert.pem and key.pem
    Cert(Cert),
    /// Serve a chat
    Serve(Serve),
    /// Take part in a chat
    Connect(Connect),
}

#[derive(Debug, Args)]
pub(crate) struct Cert {
    /// Directory to write to
    #[arg(long, value_name = "DIRECTORY", default_value = ".")]
    pub(crate) out: PathBuf,
    /// What clients call the server by: a host name or an IP address
    #[arg(long = "name", value_name = "NAME", default_values = ["localhost", "127.0.0.1", "::1"])]
    pub(crate) names: Vec<String>,
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("endpoint").required(true).multiple(true).args(["tcp", "tls", "quic"])))]
pub(crate) struct Serve {
    /// Address to serve plain TCP on; port 0 is any free one
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) tcp: Option<SocketAddr>,
    /// Address to serve TLS on
    #[arg(long, value_name = "ADDRESS", requires = "cert")]
    pub(crate) tls: Option<SocketAddr>,
    /// Address to serve QUIC on
    #[arg(long, value_name = "ADDRESS", requires = "cert")]
    pub(crate) quic: Option<SocketAddr>,
    /// The server's certificate, in PEM
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(crate) cert: Option<PathBuf>,
    /// The certificate's key, in PEM
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub(crate) key: Option<PathBuf>,
    /// Connections at a time
    #[arg(long, value_name = "COUNT", default_value = "4096", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    max_connections: u32,
    /// Messages kept of each room
    #[arg(long, value_name = "COUNT", default_value = "256", value_parser = clap::value_parser!(u32).range(0..=100_000))]
    history: u32,
    /// Frames a second that a client may send for long
    #[arg(long, value_name = "COUNT", default_value = "50", value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    rate: u32,
    /// Frames that a client may send at once
    #[arg(long, value_name = "COUNT", default_value = "200", value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    burst: u32,
    /// How long a session waits for its client to come back
    #[arg(long, value_name = "TIME", default_value = "120s", value_parser = duration)]
    resume_timeout: Duration,
    /// How long connections may take what waits for them when the server stops
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = duration)]
    grace: Duration,
}

#[derive(Debug, Args)]
pub(crate) struct Connect {
    /// tcp://HOST:PORT, tls://HOST:PORT or quic://HOST:PORT
    pub(crate) target: Target,
    /// The name to be known by
    #[arg(long)]
    pub(crate) nick: String,
    /// A room to enter at once
    #[arg(long)]
    pub(crate) room: Option<String>,
    /// The certificates to believe, in PEM
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
}

impl Serve {
    /// The limits that the options name.
    pub(crate) fn limits(&self) -> Limits {
        Limits {
            max_connections: usize::try_from(self.max_connections).expect("at most a million"),
            history: usize::try_from(self.history).expect("at most a hundred thousand"),
            rate_per_s: self.rate,
            burst: self.burst,
            resume_timeout: self.resume_timeout,
            grace: self.grace,
            ..Limits::default()
        }
    }
}

/// A whole number and its unit, `s` or `ms`, up to a day.
fn duration(text: &str) -> Result<Duration, String> {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let parsed = match text.strip_suffix("ms") {
        Some(number) => number.parse().ok().map(Duration::from_millis),
        None => text
            .strip_suffix('s')
            .and_then(|number| number.parse().ok())
            .map(Duration::from_secs),
    };
    let accepted = parsed.filter(|duration| *duration <= DAY);
    accepted.ok_or_else(|| "expected a time such as 30s or 250ms, up to a day".to_owned())
}
