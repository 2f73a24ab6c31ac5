//! From a target to a connection: its name's addresses, those of them that are allowed, those that are well, the first
//! of them that answers.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use socket2::SockRef;
use tokio::io::Interest;
use tokio::net::TcpStream;
use tokio::time;

use super::connection::Session;
use super::{Proxy, lock};
use crate::end::End;
use crate::eyeballs::{self, ATTEMPT_DELAY};
use crate::pool::Taken;
use crate::target::{Host, Target};

/// A connection to an upstream, and where it leads, which need not be asked again for each request.
pub(super) struct Connected {
    stream: TcpStream,
    address: SocketAddr,
}

/// A connection to an upstream, with its place in the pool.
pub(super) struct Upstream<'p> {
    pub(super) stream: TcpStream,
    address: SocketAddr,
    pub(super) is_reused: bool,
    born: Instant,
    place: Place<'p>,
}

/// One of the connections that an upstream may have; dropping it gives it back.
struct Place<'p> {
    proxy: &'p Proxy,
    target: Target,
    is_released: bool,
}

impl Upstream<'_> {
    /// Keeps the connection for another request.
    pub(super) fn keep(mut self) {
        let proxy = self.place.proxy;
        self.place.is_released = true;
        let (stream, address) = (self.stream, self.address);
        let connected = Connected { stream, address };
        lock(&proxy.pool).put(&self.place.target, connected, self.born, Instant::now());
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if !self.is_released {
            lock(&self.proxy.pool).release(&self.target);
        }
    }
}

/// Connects to a target, or finds a connection to it that is idle.
pub(super) async fn dial<'p>(
    target: &Target,
    may_reuse: bool,
    session: &mut Session,
    proxy: &'p Proxy,
) -> Result<Upstream<'p>, End> {
    let taken = lock(&proxy.pool).take(target, Instant::now(), may_reuse, is_alive);
    let place = |proxy| Place {
        proxy,
        target: target.clone(),
        is_released: false,
    };
    let place = match taken {
        Taken::Full => return Err(End::Busy),
        Taken::Idle(Connected { stream, address }, born) => {
            session.address = Some(address);
            return Ok(Upstream {
                stream,
                address,
                is_reused: true,
                born,
                place: place(proxy),
            });
        }
        Taken::Room => place(proxy),
    };
    let Connected { stream, address } = connect(target, proxy).await?;
    session.address = Some(address);
    Ok(Upstream {
        stream,
        address,
        is_reused: false,
        born: Instant::now(),
        place,
    })
}

/// Whether an idle connection is as it was left: open, and with nothing to read, since nothing was asked.
///
/// The kernel is asked only if tokio has heard of something since the last read: what had come before the request that
/// wants the connection did, the `epoll_wait` that told of the request would have told of it too.
fn is_alive(connected: &Connected) -> bool {
    let stream = &connected.stream;
    let mut byte = [std::mem::MaybeUninit::uninit()];
    let peeked = stream.try_io(Interest::READABLE, || SockRef::from(stream).peek(&mut byte));
    matches!(peeked, Err(error) if error.kind() == io::ErrorKind::WouldBlock)
}

async fn connect(target: &Target, proxy: &Proxy) -> Result<Connected, End> {
    let timeouts = &proxy.config.timeouts;
    let addresses = match &target.host {
        Host::Address(address) => vec![*address],
        Host::Name(name) => time::timeout(timeouts.resolve, proxy.resolver.resolve(name))
            .await
            .map_err(|_| End::Resolve)??,
    };
    let addresses = candidates(&addresses, target.port, proxy)?;
    let attempts = eyeballs::connect(&addresses, ATTEMPT_DELAY, |address| {
        let failures = Arc::clone(&proxy.health);
        async move {
            let connected = TcpStream::connect(address).await;
            match &connected {
                Ok(_) => lock(&failures).succeeded(address),
                Err(_) => lock(&failures).failed(address, Instant::now()),
            }
            connected
        }
    });
    match time::timeout(timeouts.connect, attempts).await {
        Ok(Ok((stream, address))) => {
            stream.set_nodelay(true)?;
            Ok(Connected { stream, address })
        }
        Ok(Err(error)) if error.kind() == io::ErrorKind::TimedOut => Err(End::Connect),
        Ok(Err(_)) => Err(End::Refused),
        Err(_) => {
            // Nobody has said no, and nobody has answered.
            for address in addresses {
                lock(&proxy.health).failed(address, Instant::now());
            }
            Err(End::Connect)
        }
    }
}

/// The addresses to try, in their order. They are judged here, behind the resolver: what a name says does not count, and
/// what is judged is what is connected to.
fn candidates(addresses: &[IpAddr], port: u16, proxy: &Proxy) -> Result<Vec<SocketAddr>, End> {
    let mut allowed = eyeballs::order(addresses);
    allowed.retain(|address| proxy.config.policy.permits(*address));
    if allowed.is_empty() {
        return Err(End::Denied);
    }
    let health = lock(&proxy.health);
    let now = Instant::now();
    let candidates = allowed.into_iter().map(|address| SocketAddr::new(address, port));
    let fit: Vec<_> = candidates
        .filter(|address| health.is_fit(*address, now))
        .collect();
    if fit.is_empty() { Err(End::Busy) } else { Ok(fit) }
}
