//! One client's connection: what it speaks, what bounds it, what it is told at the end, what is written about it.

use std::net::{Shutdown, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{self, Instant};

use super::inbox::Inbox;
use super::{Proxy, forward, lock, tunnel};
use crate::end::End;
use crate::log::{Entry, Protocol};
use crate::meter::Meter;
use crate::race::race;
use crate::socks;
use crate::target::Target;

/// How long a client may take for the answer that says what went wrong, and to end its own stream behind it.
const LINGER: Duration = Duration::from_secs(1);

/// What is known of a connection. It outlives the future that serves it, which a timeout may drop.
pub(super) struct Session {
    pub(super) client: SocketAddr,
    pub(super) protocol: Option<Protocol>,
    pub(super) target: Option<Target>,
    pub(super) address: Option<SocketAddr>,
    pub(super) requests: u64,
    /// What the client waits for, if the connection ended now.
    pub(super) owed: Owed,
}

/// What a client has not been told yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owed {
    /// Nothing: it has asked for nothing, or has had a part of its answer.
    Nothing,
    /// A response.
    Response,
    /// The status of RFC 1929.
    Status,
    /// A reply.
    Reply,
}

/// Serves a connection to its end.
pub(super) async fn serve(mut stream: TcpStream, client: SocketAddr, proxy: Arc<Proxy>) {
    let (mut session, meter) = (Session::new(client), Meter::new());
    let end = match stream.set_nodelay(true) {
        Ok(()) => within_limits(&mut stream, &mut session, &meter, &proxy).await,
        Err(error) => error.into(),
    };
    if end == End::Cut {
        proxy.cut_count.fetch_add(1, Ordering::Relaxed);
    }
    proxy.log.write(session.entry(end, &meter));
    let answer = session.last_words(end);
    if !answer.is_empty() {
        let _ = time::timeout(LINGER, say(&mut stream, &answer)).await;
    }
    lock(&proxy.clients).leave(client.ip());
}

/// A client for which there is no room gets no answer: nobody knows yet what it speaks.
pub(super) fn turn_away(client: SocketAddr, proxy: &Proxy) {
    proxy
        .log
        .write(Session::new(client).entry(End::Limit, &Meter::new()));
}

/// Serves a connection until it ends, or one of its limits ends it.
async fn within_limits(stream: &mut TcpStream, session: &mut Session, meter: &Meter, proxy: &Proxy) -> End {
    let timeouts = &proxy.config.timeouts;
    let limits = async {
        tokio::select! {
            () = proxy.cut.cancelled() => End::Cut,
            () = time::sleep(timeouts.total) => End::Total,
            () = meter.idle(timeouts.idle) => End::Idle,
        }
    };
    let work = async {
        let served = converse(stream, session, meter, proxy).await;
        served.err().unwrap_or(End::Done)
    };
    race(work, limits).await
}

/// Finds out what the client speaks: no HTTP request starts with a 5.
async fn converse(
    stream: &mut TcpStream,
    session: &mut Session,
    meter: &Meter,
    proxy: &Proxy,
) -> Result<(), End> {
    let mut inbox = Inbox::default();
    let deadline = Instant::now() + proxy.config.timeouts.handshake;
    let first = async {
        tokio::select! {
            biased;
            count = inbox.read(stream) => Ok(count?),
            // It has not asked for anything, and will not any more.
            () = proxy.stop.cancelled() => Ok(0),
            () = time::sleep_until(deadline) => Err(End::Handshake),
        }
    };
    if first.await? == 0 {
        return Ok(());
    }
    if inbox.bytes()[0] == socks::VERSION {
        let asked = time::timeout_at(deadline, tunnel::socks(stream, &mut inbox, session, proxy)).await;
        let target = asked.map_err(|_| End::Handshake)??;
        tunnel::to(target, stream, inbox, session, meter, proxy).await
    } else {
        forward::requests(stream, inbox, deadline, session, meter, proxy).await
    }
}

/// Writes the last answer. Closing a socket with unread bytes in it sends a reset, which may destroy the answer on its
/// way; so the client is read from until it ends, too.
async fn say(stream: &mut TcpStream, answer: &[u8]) -> std::io::Result<()> {
    stream.write_all(answer).await?;
    SockRef::from(&*stream).shutdown(Shutdown::Write)?;
    let mut discarded = [0; 4096];
    while stream.read(&mut discarded).await? > 0 {}
    Ok(())
}

impl Session {
    fn new(client: SocketAddr) -> Self {
        Self {
            client,
            protocol: None,
            target: None,
            address: None,
            requests: 0,
            owed: Owed::Nothing,
        }
    }

    fn entry(&self, end: End, meter: &Meter) -> Entry {
        let (up, down) = meter.counts();
        Entry {
            protocol: self.protocol,
            client: self.client,
            target: self.target.clone(),
            address: self.address,
            requests: self.requests,
            up,
            down,
            duration: meter.elapsed(),
            end,
        }
    }

    /// What is still to be said to a client whose connection ends like this.
    fn last_words(&self, end: End) -> Vec<u8> {
        match self.owed {
            Owed::Nothing => Vec::new(),
            Owed::Status => vec![socks::PASSWORD_VERSION, 1],
            Owed::Reply => end.reply().map_or_else(Vec::new, |code| socks::reply(code, None)),
            Owed::Response => end.status().map_or_else(Vec::new, |(code, reason)| {
                let challenge = match end {
                    End::Auth => "Proxy-Authenticate: Basic realm=\"proxy-server\"\r\n",
                    _ => "",
                };
                let body = format!("proxy-server: {end}\n");
                format!(
                    "HTTP/1.1 {code} {reason}\r\n{challenge}Content-Type: text/plain\r\n\
                     Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
                    body.len()
                )
                .into_bytes()
            }),
        }
    }
}
