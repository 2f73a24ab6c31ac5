//! Tunnels: both directions, slow readers, bulk.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::channel;
use std::time::Duration;

use phase7::{net, wait};

use super::support::origin::Origin;
use super::support::{Client, Proxy, connect_request, pattern};

/// A tunnel that was asked for with SOCKS5.
fn socks_tunnel(proxy: &Proxy, target: SocketAddr) -> Client {
    let mut client = proxy.connect();
    client.socks(&connect_request(target));
    assert_eq!(net::read_exact(&mut client.stream, 10)[..2], [5, 0], "the reply");
    client
}

/// Pipes that a process has.
fn pipes(proxy: &Proxy) -> usize {
    let links = std::fs::read_dir(format!("/proc/{}/fd", proxy.running.id())).expect("/proc is mounted");
    let targets = links
        .flatten()
        .filter_map(|link| std::fs::read_link(link.path()).ok());
    targets
        .filter(|target| target.to_string_lossy().starts_with("pipe:"))
        .count()
}

/// The server ends first, and still hears everything.
#[phase7::test(points = 1, rule = 28, timeout_s = 30)]
fn the_server_may_end_first() {
    let (heard, hears) = channel();
    let origin = Origin::start(move |mut stream, _| {
        let _ = stream.write_all(b"that is all");
        let _ = stream.shutdown(Shutdown::Write);
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let _ = heard.send(bytes);
    });
    let mut proxy = Proxy::start(&[]);
    let mut client = proxy.tunnel(origin.address);
    client.expect_last(b"that is all", "what the server said, then its end");
    let bytes = pattern(300_000);
    client.send(&bytes);
    client.end();
    let heard = hears
        .recv_timeout(Duration::from_secs(10))
        .expect("the server hears the end");
    assert!(
        heard == bytes,
        "the server heard {} bytes of {}",
        heard.len(),
        bytes.len()
    );
    let line = proxy.line();
    assert_eq!((line.up, line.down, line.end.as_str()), (300_000, 11, "done"));
}

/// Sixteen megabytes each way at once, in blocks of all sizes.
#[phase7::test(points = 2, rule = 28, timeout_s = 60)]
fn nothing_is_lost_or_overtaken() {
    const LENGTH: usize = 16 << 20;
    let origin = Origin::start(|mut stream, _| {
        let mut copy = stream.try_clone().expect("a descriptor can be duplicated");
        let _ = std::io::copy(&mut copy, &mut stream);
        let _ = stream.shutdown(Shutdown::Write);
    });
    let mut proxy = Proxy::start(&[]);
    let mut client = socks_tunnel(&proxy, origin.address);
    let bytes = pattern(LENGTH);
    let sent = bytes.clone();
    let mut sending = client.stream.try_clone().expect("a descriptor can be duplicated");
    let sender = std::thread::spawn(move || {
        let (mut at, mut block) = (0, 1);
        // Small blocks between large ones: the proxy changes its way of reading often.
        while at < sent.len() {
            let end = (at + block).min(sent.len());
            sending
                .write_all(&sent[at..end])
                .expect("the proxy takes what it is sent");
            at = end;
            block = if block > 400_000 { 1 } else { block * 3 };
        }
        sending.shutdown(Shutdown::Write).expect("the connection is open");
    });
    let echo = client.rest("the echo of 16 MiB");
    sender.join().expect("the sender does not panic");
    let at = echo.iter().zip(&bytes).take_while(|(a, b)| a == b).count();
    assert_eq!(
        (at, echo.len()),
        (LENGTH, LENGTH),
        "the bytes that are right, and those that came"
    );
    let line = proxy.line();
    assert_eq!(
        (line.up, line.down),
        (LENGTH as u64, LENGTH as u64),
        "the counts in the log"
    );
}

/// A server that pours, and a client that does not drink.
#[phase7::test(points = 2, rule = 29, timeout_s = 60)]
fn a_slow_reader_costs_no_memory() {
    let poured = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&poured);
    let origin = Origin::start(move |mut stream, _| {
        let _ = stream.set_write_timeout(Some(Duration::from_millis(500)));
        let block = pattern(1 << 20);
        while counted.load(SeqCst) < 192 << 20 {
            match stream.write(&block) {
                Ok(count) => counted.fetch_add(count, SeqCst),
                Err(_) => break,
            };
        }
        let _ = stream.read(&mut [0]);
    });
    let proxy = Proxy::start(&[]);
    let memory_kb = || {
        let status = std::fs::read_to_string(format!("/proc/{}/status", proxy.running.id()))
            .expect("/proc is mounted");
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .expect("a line of memory");
        line.trim()
            .trim_end_matches(" kB")
            .parse::<usize>()
            .expect("a number")
    };
    let before = memory_kb();
    let client = proxy.tunnel(origin.address);
    let mut last = usize::MAX;
    // Two looks a quarter of a second apart that are equal: nothing moves any more.
    wait::until("the server to be held up", Duration::from_secs(30), || {
        std::thread::park_timeout(Duration::from_millis(250));
        let now = poured.load(SeqCst);
        now > 0 && std::mem::replace(&mut last, now) == now
    });
    let (poured, grown) = (poured.load(SeqCst), memory_kb().saturating_sub(before));
    assert!(
        poured < 128 << 20,
        "the server poured out {poured} bytes that nobody read"
    );
    assert!(
        grown < 8 << 10,
        "the proxy grew by {grown} KiB for {poured} bytes"
    );
    drop(client);
}

fn check_splice(open: fn(&Proxy, SocketAddr) -> Client) {
    let origin = Origin::start(|mut stream, _| {
        let block = pattern(1 << 20);
        while stream.write_all(&block).is_ok() {}
    });
    let proxy = Proxy::start(&[]);
    let mut client = open(&proxy, origin.address);
    let before = pipes(&proxy);
    let mut buffer = vec![0; 1 << 20];
    wait::until(
        "a pipe in the bulk transfer's way",
        Duration::from_secs(10),
        || {
            let mut read = |stream: &mut TcpStream| stream.read(&mut buffer).expect("bytes without end");
            assert!(read(&mut client.stream) > 0, "the server does not end");
            pipes(&proxy) > before
        },
    );
}

/// A bulk transfer has a pipe in its way, as `/proc` shows.
#[phase7::test(points = 2, rule = 30, timeout_s = 30)]
fn bulk_goes_through_a_pipe() {
    check_splice(|proxy, target| proxy.tunnel(target));
    check_splice(socks_tunnel);
}
