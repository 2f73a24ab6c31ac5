//! What stands between client and server: nothing, this proxy, nginx, haproxy. The last one is what others are compared to.

use std::net::SocketAddr;

use phase7::{Program, Running, Scratch};

use super::load::Route;

/// A proxy, running.
pub struct Peer {
    pub name: &'static str,
    /// Nobody for the direct way.
    pub running: Option<Running>,
    pub route: Route,
    /// Its settings, which it may look at again.
    _scratch: Option<Scratch>,
}

/// Everybody who is on this machine, in front of `server`.
pub fn all(server: SocketAddr, is_http: bool) -> Vec<Peer> {
    let direct = Peer {
        name: "direct",
        running: None,
        route: reverse(server),
        _scratch: None,
    };
    let mut peers = vec![direct, ours(server)];
    if is_http {
        peers.extend(nginx(server));
    }
    peers.extend(haproxy(server, is_http));
    peers
}

/// A way without a greeting.
fn reverse(address: SocketAddr) -> Route {
    Route {
        address,
        greeting: String::new(),
        url: "/".into(),
    }
}

fn ours(server: SocketAddr) -> Peer {
    let program = env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME")));
    let mut running = Program::new(program)
        .args([
            "--listen",
            "127.0.0.1:0",
            "--allow-private",
            "--upstream-idle",
            "64",
        ])
        .spawn();
    let address = running.wait_for_line("listening on ");
    Peer {
        name: "proxy-server",
        running: Some(running),
        route: Route {
            address: address.parse().expect("the line ends in an address"),
            greeting: format!("CONNECT {server} HTTP/1.1\r\nHost: {server}\r\n\r\n"),
            url: format!("http://{server}/"),
        },
        _scratch: None,
    }
}

/// Splices where it thinks that it is worth it; one thread, as the others have.
fn haproxy(server: SocketAddr, is_http: bool) -> Option<Peer> {
    let mode = if is_http { "http" } else { "tcp" };
    let reuse = if is_http { "http-reuse always" } else { "" };
    start("haproxy", "/usr/sbin/haproxy", &["-db", "-f"], |address| {
        format!(
            "global\n  nbthread 1\n  maxconn 1000\ndefaults\n  mode {mode}\n  timeout connect 5s\n  timeout client 60s\n  \
             timeout server 60s\n  option splice-auto\n{reuse}\nlisten bench\n  bind {address}\n  server one {server}\n"
        )
    })
}

fn nginx(server: SocketAddr) -> Option<Peer> {
    start(
        "nginx",
        "/usr/sbin/nginx",
        &["-e", "/dev/null", "-c"],
        |address| {
            format!(
                "daemon off; worker_processes 1; pid /dev/null; events {{ worker_connections 1000; }}\n\
             http {{ access_log off; keepalive_requests 100000000;\n\
             upstream one {{ server {server}; keepalive 64; keepalive_requests 100000000; }}\n\
             server {{ listen {address}; location / {{ proxy_pass http://one; proxy_http_version 1.1; proxy_set_header Connection \"\"; }} }} }}\n"
            )
        },
    )
}

/// Starts a daemon with the settings that `settings` writes for its address, if it is on this machine.
fn start(
    name: &'static str,
    program: &str,
    options: &[&str],
    settings: impl Fn(SocketAddr) -> String,
) -> Option<Peer> {
    if !std::path::Path::new(program).exists() {
        return None;
    }
    let free = phase7::net::listener()
        .local_addr()
        .expect("a bound socket has an address");
    let scratch = Scratch::new();
    let path = scratch.write("settings", settings(free));
    let running = Program::new(program).args(options).arg(&path).spawn();
    // Connects as soon as it listens.
    drop(phase7::net::connect(free));
    Some(Peer {
        name,
        running: Some(running),
        route: reverse(free),
        _scratch: Some(scratch),
    })
}
