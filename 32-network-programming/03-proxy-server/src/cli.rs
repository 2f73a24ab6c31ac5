//! The command line: what it says, and what is meant.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use clap::Parser;

use crate::clients::ClientLimits;
use crate::config::{Config, Credentials, Timeouts};
use crate::policy::{Cidr, Policy};
use crate::pool::PoolLimits;

/// Where the system keeps the addresses of its name servers.
const RESOLV_CONF: &str = "/etc/resolv.conf";

/// A forward proxy for HTTP, CONNECT and SOCKS5, on one port.
#[derive(Debug, Parser)]
#[command(name = "proxy-server", version)]
pub(crate) struct Cli {
    /// Address to listen on; port 0 is any free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:1080")]
    pub(crate) listen: SocketAddr,
    /// Name server, with or without a port; several are asked in turn [default: those of /etc/resolv.conf]
    #[arg(long, value_name = "ADDRESS", value_parser = name_server)]
    dns: Vec<SocketAddr>,
    /// Block of addresses to connect to although it is not public, for example 10.0.0.0/8
    #[arg(long, value_name = "CIDR")]
    allow: Vec<Cidr>,
    /// Connect to every address, private ones too
    #[arg(long)]
    allow_private: bool,
    /// Serve only who names this user and this password
    #[arg(long, value_name = "NAME:PASSWORD", env = "PROXY_SERVER_USER", hide_env_values = true, value_parser = user)]
    user: Option<Credentials>,
    /// Clients' connections at a time
    #[arg(long, value_name = "COUNT", default_value = "1024", value_parser = count)]
    max_connections: usize,
    /// Connections of one client at a time
    #[arg(long, value_name = "COUNT", default_value = "256", value_parser = count)]
    client_connections: usize,
    /// New connections of one client in a second
    #[arg(long, value_name = "COUNT", default_value = "1000", value_parser = rate)]
    client_rate: u32,
    /// Connections to one upstream at a time
    #[arg(long, value_name = "COUNT", default_value = "256", value_parser = count)]
    upstream_connections: usize,
    /// Idle connections to one upstream
    #[arg(long, value_name = "COUNT", default_value = "16", value_parser = count)]
    upstream_idle: usize,
    /// How long an upstream's connection may be idle
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = positive_duration)]
    pool_idle: Duration,
    /// How old an upstream's connection may be when it is used again
    #[arg(long, value_name = "TIME", default_value = "300s", value_parser = positive_duration)]
    pool_age: Duration,
    /// How long a client may take to say what it wants
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = positive_duration)]
    handshake_timeout: Duration,
    /// How long one name server may take for one answer
    #[arg(long, value_name = "TIME", default_value = "1500ms", value_parser = positive_duration)]
    dns_timeout: Duration,
    /// How long a name may take to become addresses
    #[arg(long, value_name = "TIME", default_value = "8s", value_parser = positive_duration)]
    resolve_timeout: Duration,
    /// How long addresses may take to become a connection
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = positive_duration)]
    connect_timeout: Duration,
    /// How long nothing may move
    #[arg(long, value_name = "TIME", default_value = "300s", value_parser = positive_duration)]
    idle_timeout: Duration,
    /// How long a connection may last
    #[arg(long, value_name = "TIME", default_value = "86400s", value_parser = positive_duration)]
    total_timeout: Duration,
    /// How long connections may go on when the proxy is told to stop
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = duration)]
    grace: Duration,
}

impl Cli {
    /// What the options ask for.
    pub(crate) fn config(&self) -> Config {
        let mut allowed = self.allow.clone();
        if self.allow_private {
            allowed
                .extend(["0.0.0.0/0", "::/0"].map(|all| all.parse::<Cidr>().expect("a block of addresses")));
        }
        Config {
            name_servers: if self.dns.is_empty() {
                system_name_servers()
            } else {
                self.dns.clone()
            },
            policy: Policy::new(allowed),
            credentials: self.user.clone(),
            timeouts: Timeouts {
                handshake: self.handshake_timeout,
                attempt: self.dns_timeout,
                resolve: self.resolve_timeout,
                connect: self.connect_timeout,
                idle: self.idle_timeout,
                total: self.total_timeout,
                grace: self.grace,
            },
            connections: self.max_connections,
            client: ClientLimits {
                connections: self.client_connections,
                rate: self.client_rate,
            },
            pool: PoolLimits {
                idle_per_upstream: self.upstream_idle,
                per_upstream: self.upstream_connections,
                idle: self.pool_idle,
                age: self.pool_age,
            },
        }
    }
}

/// The `nameserver` lines of `resolv.conf(5)`; without any, the one on this machine.
fn system_name_servers() -> Vec<SocketAddr> {
    let text = std::fs::read_to_string(RESOLV_CONF).unwrap_or_default();
    let lines = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("nameserver"));
    let mut servers: Vec<_> = lines
        .filter_map(|address| name_server(address.trim()).ok())
        .collect();
    if servers.is_empty() {
        servers.push(([127, 0, 0, 1], 53).into());
    }
    servers
}

/// An address, and port 53 if none is named.
fn name_server(text: &str) -> Result<SocketAddr, String> {
    let alone = || text.parse::<IpAddr>().ok().map(|address| (address, 53).into());
    let server = text.parse().ok().or_else(alone);
    server.ok_or_else(|| "expected an address such as 192.0.2.1 or 127.0.0.1:5353".to_owned())
}

fn user(text: &str) -> Result<Credentials, String> {
    match text.split_once(':') {
        Some((user, password)) if (1..=255).contains(&user.len()) && password.len() <= 255 => {
            Ok(Credentials {
                user: user.to_owned(),
                password: password.to_owned(),
            })
        }
        _ => Err("expected a name and a password, such as user:secret".to_owned()),
    }
}

fn count(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number @ 1..=1_000_000) => Ok(number),
        _ => Err("expected a number from 1 to 1000000".to_owned()),
    }
}

fn rate(text: &str) -> Result<u32, String> {
    count(text).map(|number| u32::try_from(number).expect("at most a million"))
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

fn positive_duration(text: &str) -> Result<Duration, String> {
    duration(text).and_then(|duration| match duration {
        Duration::ZERO => Err("expected more than no time".to_owned()),
        duration => Ok(duration),
    })
}
