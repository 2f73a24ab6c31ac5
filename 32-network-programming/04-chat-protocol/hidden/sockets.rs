//! The server on real sockets: a thousand clients, an old client, and a proxy that treats its connections badly.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use phase7::{net, wait};

use super::support::hall::roomy;
use super::support::net::{Chat, Daemon, Peer};
use super::support::random::Random;
use chat_protocol::limits::Limits;

/// Clients of the big room.
const CROWD: usize = 1000;

/// A thousand clients in one room hear all that two of them say, in one order.
#[phase7::test(points = 3, rule = 40, timeout_s = 60)]
fn a_thousand_clients_hear_everything() {
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE).expect("a limit can be read");
    setrlimit(Resource::RLIMIT_NOFILE, hard.min(8192), hard).expect("up to the hard limit");
    let chat = Chat::start(roomy());
    let mut crowd: Vec<Peer> = (0..CROWD)
        .map(|at| Peer::enter(chat.address, &format!("c{at}"), 1, "rust"))
        .collect();
    for round in 0..10_u32 {
        for speaker in [1, 998] {
            let line = format!("Say {} rust {speaker} in round {round}", round + 2);
            crowd[speaker].send(&[&line]);
        }
    }
    let mut expected: Option<Vec<String>> = None;
    for (at, peer) in crowd.iter_mut().enumerate() {
        let mut heard = peer.wait_for("Message rust 20 ");
        heard.retain(|line| line.starts_with("Message"));
        assert_eq!(heard.len(), 20, "what client {at} heard: {heard:?}");
        let expected = expected.get_or_insert_with(|| heard.clone());
        assert_eq!(&heard, expected, "client {at} heard the same as client 0");
    }
    let expected = expected.unwrap_or_default();
    for speaker in [1, 998] {
        let said = expected
            .iter()
            .filter(|line| line.contains(&format!("c{speaker} {speaker} in round")))
            .count();
        assert_eq!(said, 10, "what client {speaker} said");
    }
}

/// Clients that read nothing cost their windows; the others notice nothing.
#[phase7::test(points = 2, rule = 27, timeout_s = 60)]
fn stalled_readers_do_not_grow_the_server() {
    let limits = Limits {
        window_frames: 200,
        window_bytes: 64 << 10,
        stall_timeout: Duration::from_secs(1000),
        ..roomy()
    };
    let chat = Chat::start(limits);
    let mut stalled: Vec<Peer> = (0..20)
        .map(|at| Peer::enter(chat.address, &format!("stalled{at}"), 2, "rust"))
        .collect();
    let mut ada = Peer::enter(chat.address, "ada", 1, "rust");
    let text = "x".repeat(1900);
    let say = |ada: &mut Peer, id: usize| {
        ada.send(&[&format!("Say {id} rust {text}")]);
        ada.wait_for(&format!("Said {id} "));
    };
    // What the kernel takes for each of them is the kernel's.
    let mut id = 2;
    while id < 3000 {
        say(&mut ada, id);
        id += 1;
    }
    // What did not fit the window was let go, and a reader that reads again is told so.
    let heard = stalled[0].wait_for("Gap ");
    assert!(
        heard.len() > 10,
        "what was sent before the gap is there: {} frames",
        heard.len()
    );
}

/// An old client on a new server: it is served as ever, and never hears a frame that it does not know.
#[phase7::test(points = 1, rule = 18, timeout_s = 20)]
fn an_old_client_is_served_by_a_new_server() {
    let chat = Chat::start(roomy());
    let mut old = Peer::enter(chat.address, "old", 1, "rust");
    let mut new = Peer::enter(chat.address, "new", 2, "rust");
    new.send(&["Say 2 rust hello", "Whisper 3 old psst", "Rename 4 newer"]);
    new.wait_for("Done 4");
    let gone = Peer::enter(chat.address, "gone", 2, "rust");
    drop(gone);
    new.wait_for("Presence 3 rust gone");
    old.send(&["Who 2 rust", "History 3 rust 0 9", "Bye"]);
    let heard = old.rest();
    let expected = [
        "Message rust 1 new hello",
        "Whispered new psst",
        "Members 2 0 gone newer old",
        "Past 3 1 new hello",
        "PastEnd 3 1",
        "Goodbye 1",
    ];
    assert_eq!(heard, expected);
    new.wait_for("Presence 2 rust old");
}

/// A token tells nothing of any other.
#[phase7::test(points = 1, rule = 23, timeout_s = 20)]
fn tokens_cannot_be_guessed() {
    let mut tokens = Vec::new();
    for chat in [Chat::start(roomy()), Chat::start(roomy())] {
        for at in 0..20 {
            let mut peer = Peer::connect(chat.address);
            peer.send(&[&format!("Hello 2 2 c{at}")]);
            tokens.extend(peer.wait_for("Welcome 2 "));
        }
    }
    let bits: Vec<u128> = tokens
        .iter()
        .map(|line| u128::from_str_radix(&line["Welcome 2 ".len()..], 16).expect("a token"))
        .collect();
    for (at, one) in bits.iter().enumerate() {
        for other in &bits[..at] {
            // Of 128 random bits 64 differ, give or take 5.7 (one standard deviation); 28 is off by more than six.
            let differ = (one ^ other).count_ones();
            assert!(
                (28..=100).contains(&differ),
                "{differ} bits differ between {one:032x} and {other:032x}"
            );
        }
    }
}

/// A server that is told to stop says so, and ends; one that nobody reads from ends too.
#[phase7::test(points = 1, rule = 31, timeout_s = 30)]
fn a_server_ends_when_it_is_told() {
    let chat = Chat::start(Limits {
        grace: Duration::from_millis(500),
        stall_timeout: Duration::from_secs(1000),
        ..roomy()
    });
    let address = chat.address;
    let mut ada = Peer::enter(address, "ada", 2, "rust");
    let _deaf = Peer::enter(address, "deaf", 2, "rust");
    // More than the kernel takes for one that does not read.
    let text = "x".repeat(1900);
    for batch in 0..40 {
        let ids = batch * 100 + 2..batch * 100 + 102;
        let lines: Vec<String> = ids.clone().map(|id| format!("Say {id} rust {text}")).collect();
        ada.send(&lines.iter().map(String::as_str).collect::<Vec<_>>());
        ada.wait_for(&format!("Said {} ", ids.end - 1));
    }
    chat.stop.cancel();
    assert_eq!(ada.rest(), ["Goodbye 11"]);
    chat.join();
    assert!(TcpStream::connect(address).is_err(), "nobody listens any more");
}

/// Carries connections to `server`, each in small pieces, and cuts it after some bytes.
fn start_proxy(server: SocketAddr, seed: u64) -> SocketAddr {
    let listener = net::listener();
    let address = listener.local_addr().expect("a bound socket has an address");
    std::thread::spawn(move || {
        let mut random = Random::new(seed);
        for client in listener.incoming().map_while(Result::ok) {
            let Ok(upstream) = TcpStream::connect(server) else {
                return;
            };
            let budget = 400 + random.below(1200);
            for (from, to, seed) in [(&client, &upstream, 1), (&upstream, &client, 2)] {
                let (from, to) = (from.try_clone(), to.try_clone());
                let (from, to) = (
                    from.expect("descriptors suffice"),
                    to.expect("descriptors suffice"),
                );
                let random = Random::new(seed + random.below(1 << 20) as u64);
                std::thread::spawn(move || carry(from, to, budget, random));
            }
        }
    });
    address
}

/// Carries bytes one way, in pieces, until the budget is used up: then both ways end, wherever a frame may be.
fn carry(mut from: TcpStream, mut to: TcpStream, mut budget: usize, mut random: Random) {
    let mut block = [0; 64];
    to.set_nodelay(true).expect("TCP has no delay to set");
    while budget > 0 {
        let most = (1 + random.below(block.len())).min(budget);
        match from.read(&mut block[..most]) {
            Ok(count @ 1..) if to.write_all(&block[..count]).is_ok() => budget -= count,
            _ => break,
        }
        if random.once_in(8) {
            std::thread::yield_now();
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}

/// Two programs behind a proxy that cuts them off again and again: each prints everything, once and in order.
#[phase7::test(points = 3, rule = 41, timeout_s = 60)]
fn a_bad_proxy_costs_nothing_but_time() {
    let mut daemon = Daemon::start();
    let server = daemon
        .target("tcp")
        .trim_start_matches("tcp://")
        .parse()
        .expect("an address");
    let proxy = start_proxy(server, 11);
    let client = |nick| {
        let target = format!("tcp://{proxy}");
        let mut running = phase7::program!()
            .args(["connect", &target, "--nick", nick, "--room", "rust"])
            .spawn();
        running.wait_for_line("* in rust");
        running
    };
    let (mut ada, mut bob) = (client("ada"), client("bob"));
    let input: String = (0..100).map(|number| format!("line {number}\n")).collect();
    ada.write(input);
    let expected: Vec<String> = (0..100)
        .map(|number| format!("[rust] ada: line {number}"))
        .collect();
    for client in [&mut ada, &mut bob] {
        client.wait_for_stdout("the last line", |text| text.contains("line 99\n").then_some(()));
        let printed = client.stdout_so_far();
        let heard: Vec<&str> = printed.lines().filter(|line| line.starts_with('[')).collect();
        assert_eq!(heard, expected);
        assert!(
            printed.contains("* disconnected: ") && printed.contains("resumed"),
            "the proxy has cut: {printed}"
        );
    }
    wait::until("both to be there still", wait::DEADLINE, || {
        !ada.has_ended() && !bob.has_ended()
    });
}
