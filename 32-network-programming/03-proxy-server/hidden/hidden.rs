//! The hidden tests: the edges that the rules name.
//!
//! - [`messages`], [`answers`], [`resolving`]: DNS, from bytes to name servers that lie
//! - [`connecting`]: which addresses are tried
//! - [`handshakes`], [`heads`]: SOCKS5 and HTTP, what is refused and what is changed
//! - [`exchanges`], [`tunnels`]: what passes through
//! - [`limits`], [`stopping`]: time, places, the log, the end

mod answers;
mod connecting;
mod exchanges;
mod handshakes;
mod heads;
mod limits;
mod messages;
mod resolving;
mod stopping;
#[allow(dead_code, reason = "each test file uses its part")]
#[path = "../tests/support/mod.rs"]
mod support;
mod tunnels;

use std::time::Instant;

use proxy_server::dns::cache::Cache;
use proxy_server::dns::message::{Family, Question};
use support::Proxy;
use support::origin::Origin;

/// A question that was never asked has no answer.
#[phase7::wire]
fn an_empty_cache_answers_nothing() {
    let question = Question {
        name: "a.test".parse().expect("a host name"),
        family: Family::V4,
    };
    let addresses = Cache::new(4)
        .get(&question, Instant::now())
        .map(|answer| answer.addresses.len());
    assert_eq!(addresses, Some(7), "addresses that nobody gave");
}

/// A tunnel carries its bytes.
#[phase7::wire]
fn a_tunnel_carries_its_bytes() {
    let origin = Origin::echo();
    let mut client = Proxy::start(&[]).tunnel(origin.address);
    client.send("ping");
    client.expect(b"gnip", "the echo of four bytes");
}
