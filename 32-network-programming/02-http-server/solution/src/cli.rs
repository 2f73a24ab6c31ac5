//! The command line: what it says, and what is meant.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use crate::limits::Limits;

/// The name that errors begin with.
const NAME: &str = "http-server";

/// Serve the files below a directory over HTTP.
#[derive(Debug, Parser)]
#[command(name = NAME, version)]
pub struct Cli {
    /// Directory whose files are served
    pub root: PathBuf,
    /// Address to listen on; port 0 is any free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Threads that accept and serve; one for each processor when not given
    #[arg(long, value_name = "COUNT")]
    pub threads: Option<NonZeroUsize>,
    /// Certificate chain in PEM: serve over TLS, with HTTP/2 for those who ask for it
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Private key in PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// File that a line is appended to for each response
    #[arg(long, value_name = "FILE")]
    pub access_log: Option<PathBuf>,
    /// Path where a POST is answered with its own body, for trying clients out
    #[arg(long, value_name = "PATH", value_parser = path)]
    pub echo: Option<String>,
    /// Most bytes of a request's head
    #[arg(long, value_name = "BYTES", default_value = "16384", value_parser = head_size)]
    max_head: usize,
    /// Most fields of a request's head
    #[arg(long, value_name = "COUNT", default_value = "100")]
    max_fields: usize,
    /// Most bytes of a request's body
    #[arg(long, value_name = "BYTES", default_value = "1048576")]
    max_body: u64,
    /// Connections served at a time
    #[arg(long, value_name = "COUNT", default_value = "1024")]
    max_connections: NonZeroUsize,
    /// How long the head of a request may take, for example 10s or 250ms
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = positive_duration)]
    head_timeout: Duration,
    /// How long a body may be waited for, beside a second for each KiB of it
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = positive_duration)]
    body_timeout: Duration,
    /// How long a connection may be idle between two requests
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = positive_duration)]
    idle_timeout: Duration,
    /// How long a client may take nothing of a response
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = positive_duration)]
    write_timeout: Duration,
    /// How long requests under way may take when the server stops
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = duration)]
    grace: Duration,
}

impl Cli {
    /// Parses the program's arguments.
    ///
    /// # Errors
    /// With the exit code, when help was asked for, or the arguments are wrong; what there is to say has been printed.
    pub fn read() -> Result<Self, ExitCode> {
        Self::try_parse().map_err(|error| {
            if !error.use_stderr() {
                // A reader that has seen enough closes the pipe, which is its right.
                let _ = error.print();
                return ExitCode::SUCCESS;
            }
            // clap prints a paragraph; an error of this program is a line.
            let text = error.to_string();
            let mut lines = text.lines().map(str::trim).take_while(|line| !line.is_empty());
            let line = lines.by_ref().take(2).collect::<Vec<_>>().join(" ");
            eprintln!("{NAME}: {}", line.strip_prefix("error: ").unwrap_or(&line));
            ExitCode::from(2)
        })
    }

    /// The limits that the options name.
    pub fn limits(&self) -> Limits {
        Limits {
            max_head: self.max_head,
            max_fields: self.max_fields,
            max_body: self.max_body,
            max_connections: self.max_connections.get(),
            head_timeout: self.head_timeout,
            body_timeout: self.body_timeout,
            idle_timeout: self.idle_timeout,
            write_timeout: self.write_timeout,
            grace: self.grace,
        }
    }
}

/// The path of a target.
fn path(text: &str) -> Result<String, String> {
    let is_path = text.starts_with('/')
        && text.bytes().all(|byte| matches!(byte, 0x21..=0x7E))
        && !text.contains(['?', '#']);
    is_path
        .then(|| text.to_owned())
        .ok_or_else(|| "expected a path such as /echo".to_owned())
}

/// From what the shortest request takes, to a MiB.
fn head_size(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (64..=1 << 20).contains(number));
    number.ok_or_else(|| "expected a number from 64 to 1048576".to_owned())
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

/// A deadline.
fn positive_duration(text: &str) -> Result<Duration, String> {
    duration(text).and_then(|duration| match duration {
        Duration::ZERO => Err("expected more than no time".to_owned()),
        duration => Ok(duration),
    })
}
