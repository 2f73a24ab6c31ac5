//! Tunnels: SOCKS5 asks for one in binary, CONNECT in text; from then on they are the same.

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::Proxy;
use super::connection::{Owed, Session};
use super::dial::dial;
use super::inbox::Inbox;
use crate::config::Credentials;
use crate::end::End;
use crate::log::Protocol;
use crate::meter::Meter;
use crate::relay::relay;
use crate::socks::{self, METHOD_NONE, METHOD_PASSWORD, METHOD_REFUSED, Reply, SocksError};
use crate::target::Target;

/// The conversation of SOCKS5, up to the request.
pub(super) async fn socks(
    stream: &mut TcpStream,
    inbox: &mut Inbox,
    session: &mut Session,
    proxy: &Proxy,
) -> Result<Target, End> {
    session.protocol = Some(Protocol::Socks5);
    let wanted = match proxy.config.credentials {
        Some(_) => METHOD_PASSWORD,
        None => METHOD_NONE,
    };
    let offers = read(stream, inbox, |bytes| {
        Ok(socks::greeting(bytes)?.map(|(methods, length)| (methods.contains(&wanted), length)))
    });
    if !offers.await? {
        stream.write_all(&[socks::VERSION, METHOD_REFUSED]).await?;
        return Err(End::Auth);
    }
    stream.write_all(&[socks::VERSION, wanted]).await?;
    if let Some(credentials) = &proxy.config.credentials {
        session.owed = Owed::Status;
        let is_known = read(stream, inbox, |bytes| {
            let read = socks::credentials(bytes)?;
            Ok(read.map(|(given, length)| (credentials.are(given.user, given.password), length)))
        });
        if !is_known.await? {
            return Err(End::Auth);
        }
        stream.write_all(&[socks::PASSWORD_VERSION, 0]).await?;
    }
    session.owed = Owed::Reply;
    let request = read(stream, inbox, socks::request).await?;
    session.requests = 1;
    request.target.ok_or(End::Unsupported)
}

/// Reads until `parse` has what it looks for.
async fn read<T>(
    stream: &mut TcpStream,
    inbox: &mut Inbox,
    parse: impl Fn(&[u8]) -> Result<Option<(T, usize)>, SocksError>,
) -> Result<T, End> {
    loop {
        if let Some((found, length)) = parse(inbox.bytes())? {
            inbox.consume(length);
            return Ok(found);
        }
        if inbox.read(stream).await? == 0 {
            return Err(End::Malformed);
        }
    }
}

/// Connects to the target, says so, and relays.
pub(super) async fn to(
    target: Target,
    stream: &mut TcpStream,
    mut inbox: Inbox,
    session: &mut Session,
    meter: &Meter,
    proxy: &Proxy,
) -> Result<(), End> {
    session.target = Some(target.clone());
    let mut upstream = dial(&target, false, session, proxy).await?;
    let answer = match session.owed {
        Owed::Reply => socks::reply(Reply::Succeeded, upstream.stream.local_addr().ok()),
        _ => b"HTTP/1.1 200 Connection established\r\n\r\n".to_vec(),
    };
    session.owed = Owed::Nothing;
    stream.write_all(&answer).await?;
    meter.watch(true);
    // The client need not have waited for the answer.
    relay(stream, &mut upstream.stream, inbox.take(), meter).await?;
    Ok(())
}

impl Credentials {
    /// Whether these are the ones. The time that it takes says nothing about where they differ.
    pub(super) fn are(&self, user: &[u8], password: &[u8]) -> bool {
        is_equal(self.user.as_bytes(), user) & is_equal(self.password.as_bytes(), password)
    }
}

fn is_equal(expected: &[u8], given: &[u8]) -> bool {
    let difference = expected.iter().zip(given).fold(0, |all, (a, b)| all | (a ^ b));
    (expected.len() == given.len()) & (std::hint::black_box(difference) == 0)
}
