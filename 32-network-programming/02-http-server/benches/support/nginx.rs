//! nginx with one worker and its cache of open files, on files of the bench.

use phase7::process::{Program, Running};
use phase7::{Scratch, net};

/// Starts it on the files of `files`, if it is installed.
pub fn start(files: &Scratch) -> Option<(Running, u16)> {
    std::process::Command::new("nginx").arg("-v").output().ok()?;
    let free = net::listener()
        .local_addr()
        .expect("a bound socket has an address");
    let root = files.path().display();
    let user = if nix::unistd::getuid().is_root() {
        "user root;"
    } else {
        ""
    };
    let configuration = format!(
        "{user} daemon off; worker_processes 1; pid {root}/nginx.pid; error_log {root}/nginx.log;
        events {{ worker_connections 1024; }}
        http {{
            access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000;
            open_file_cache max=1000; open_file_cache_valid 1s; types {{ text/plain txt; }}
            client_body_temp_path {root}/t1; proxy_temp_path {root}/t2; fastcgi_temp_path {root}/t3;
            uwsgi_temp_path {root}/t4; scgi_temp_path {root}/t5;
            server {{ listen {free}; root {root}; }}
        }}"
    );
    let path = files.write("nginx.conf", configuration);
    let running = Program::new("nginx").arg("-c").arg(path).spawn();
    // Connects as soon as it listens.
    drop(net::connect(free));
    Some((running, free.port()))
}
