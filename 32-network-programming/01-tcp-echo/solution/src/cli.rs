//! The command line: what it says, and what is meant.

use std::net::SocketAddr;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use crate::limits::{Limits, MAX_FRAME_CEILING};
use crate::udp::MAX_DATAGRAM;

/// Echo servers: frames over TCP, on threads or on tokio, and datagrams over UDP.
#[derive(Debug, Parser)]
#[command(name = "tcp-echo", version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) server: Server,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Server {
    /// Echo frames, with a thread for each connection
    Threads(Tcp),
    /// Echo frames, with a task for each connection
    Tokio(Tcp),
    /// Echo datagrams
    Udp(Udp),
}

/// What both TCP servers take.
#[derive(Debug, Args)]
pub(crate) struct Tcp {
    /// Address to listen on; port 0 is any free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7007")]
    pub(crate) listen: SocketAddr,
    /// Longest payload of a frame, in bytes, up to 16 MiB
    #[arg(long, value_name = "BYTES", default_value = "65536", value_parser = frame_len)]
    max_frame: usize,
    /// Connections served at a time
    #[arg(long, value_name = "COUNT", default_value = "1024", value_parser = count)]
    max_connections: usize,
    /// How long a peer may take for its next whole frame, for example 30s or 250ms
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = positive_duration)]
    read_timeout: Duration,
    /// How long a peer may leave an echo untouched
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = positive_duration)]
    write_timeout: Duration,
    /// How long connections may finish what they have begun when the server stops
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = duration)]
    grace: Duration,
}

/// What the UDP server takes.
#[derive(Debug, Args)]
pub(crate) struct Udp {
    /// Address to listen on; port 0 is any free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7007")]
    pub(crate) listen: SocketAddr,
    /// Longest datagram, in bytes, up to 65507
    #[arg(long, value_name = "BYTES", default_value = "65507", value_parser = datagram_len)]
    pub(crate) max_frame: usize,
}

impl Tcp {
    /// The limits that the options name.
    pub(crate) fn limits(&self) -> Limits {
        Limits {
            max_frame: self.max_frame,
            max_connections: self.max_connections,
            read_timeout: self.read_timeout,
            write_timeout: self.write_timeout,
            grace: self.grace,
        }
    }
}

/// A number from 1 to `max`.
fn up_to(max: usize, text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number) if (1..=max).contains(&number) => Ok(number),
        _ => Err(format!("expected a number from 1 to {max}")),
    }
}

fn frame_len(text: &str) -> Result<usize, String> {
    up_to(MAX_FRAME_CEILING, text)
}

fn datagram_len(text: &str) -> Result<usize, String> {
    up_to(MAX_DATAGRAM, text)
}

fn count(text: &str) -> Result<usize, String> {
    up_to(1_000_000, text)
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

/// A deadline: the system has no timeout of zero.
fn positive_duration(text: &str) -> Result<Duration, String> {
    duration(text).and_then(|duration| match duration {
        Duration::ZERO => Err("expected more than no time".to_owned()),
        duration => Ok(duration),
    })
}
