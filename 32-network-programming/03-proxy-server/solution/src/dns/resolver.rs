//! Questions on the network: over UDP, over TCP when an answer does not fit, to one server after the other.
//!
//! Whoever can guess a query can forge its answer. So each query has a socket of its own, with a port that the kernel
//! picks, connected to the server that is asked; its id comes from a generator that nobody can follow; and an answer
//! has to repeat the question. What does not fit is ignored, and the true answer awaited.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::pin;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time;

use super::answer::{self, Answer};
use super::cache::Cache;
use super::message::{Family, Message, Question, UDP_MAX, decode, encode_query};
use super::name::{Name, NameError};

/// How often each server is asked before the resolver gives up.
pub const ROUNDS: usize = 2;

/// Answers that are kept.
pub const CACHE_CAPACITY: usize = 4096;

/// How long IPv4 addresses wait for IPv6 addresses (RFC 8305, section 3).
pub const RESOLUTION_DELAY: Duration = Duration::from_millis(50);

/// Why a name has no addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResolveError {
    /// It is no host name.
    #[error("{0}")]
    Name(#[from] NameError),
    /// There is no such name, or it has no addresses.
    #[error("no such name")]
    NotFound,
    /// No server has answered.
    #[error("no name server has answered")]
    Unanswered,
}

/// A stub resolver with its cache.
#[derive(Debug)]
pub struct Resolver {
    servers: Vec<SocketAddr>,
    /// How long one server may take for one answer.
    attempt: Duration,
    cache: Mutex<Cache>,
    /// A secret key. SipHash of a counter under it is a sequence that cannot be foretold without it.
    secret: RandomState,
    queries: AtomicU64,
}

impl Resolver {
    /// A resolver that asks these servers in this order, each for `attempt`.
    pub fn new(servers: Vec<SocketAddr>, attempt: Duration) -> Self {
        Self {
            servers,
            attempt,
            cache: Mutex::new(Cache::new(CACHE_CAPACITY)),
            secret: RandomState::new(),
            queries: AtomicU64::new(0),
        }
    }

    /// The addresses of `host`, IPv6 ones first.
    ///
    /// # Errors
    /// When it is no name, has no addresses, or nobody says so.
    pub async fn resolve(&self, host: &str) -> Result<Vec<IpAddr>, ResolveError> {
        let name: Name = host.parse()?;
        if name.labels().last() == Some(b"localhost") {
            // RFC 6761, section 6.3: not to be asked for, since a server could say anything.
            return Ok(vec![Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()]);
        }
        let ask = |family| {
            let name = name.clone();
            self.lookup(Question { name, family })
        };
        let (v6, v4) = both(ask(Family::V6), ask(Family::V4)).await;
        let mut addresses = Vec::new();
        let mut error = ResolveError::NotFound;
        for family in [v6, v4].into_iter().flatten() {
            match family {
                Ok(answer) => addresses.extend(answer.addresses),
                Err(failure) => error = failure,
            }
        }
        if addresses.is_empty() {
            Err(error)
        } else {
            Ok(addresses)
        }
    }

    /// The answer to one question, from the cache or from the first server that gives one.
    async fn lookup(&self, question: Question) -> Result<Answer, ResolveError> {
        if let Some(answer) = self.cache().get(&question, Instant::now()) {
            return Ok(answer.clone());
        }
        for _ in 0..ROUNDS {
            for &server in &self.servers {
                let answered = time::timeout(self.attempt, self.ask(server, &question)).await;
                let Ok(Ok(message)) = answered else { continue };
                let Ok(answer) = answer::read(&message, &question) else {
                    continue;
                };
                self.cache().insert(question, answer.clone(), Instant::now());
                return Ok(answer);
            }
        }
        Err(ResolveError::Unanswered)
    }

    /// Asks one server, over UDP and, if the answer does not fit, over TCP.
    async fn ask(&self, server: SocketAddr, question: &Question) -> io::Result<Message> {
        let id = self.next_id();
        let query = encode_query(id, question);
        let message = over_udp(server, &query, id, question).await?;
        if message.is_truncated {
            over_tcp(server, &query, id, question).await
        } else {
            Ok(message)
        }
    }

    fn next_id(&self) -> u16 {
        let number = self.queries.fetch_add(1, Ordering::Relaxed);
        let [high, low, ..] = self.secret.hash_one(number).to_be_bytes();
        u16::from_be_bytes([high, low])
    }

    fn cache(&self) -> std::sync::MutexGuard<'_, Cache> {
        self.cache.lock().expect("nobody panics with the lock held")
    }
}

/// Awaits both families; but IPv4 addresses that are there wait only a little for IPv6.
///
/// Not the other way round: without the IPv4 addresses there would be nothing to fall back on where IPv6 leads nowhere.
async fn both<T>(
    v6: impl Future<Output = Result<Answer, T>>,
    v4: impl Future<Output = Result<Answer, T>>,
) -> (Option<Result<Answer, T>>, Option<Result<Answer, T>>) {
    let (mut v6, mut v4) = (pin!(v6), pin!(v4));
    let first = tokio::select! {
        v6 = &mut v6 => return (Some(v6), Some(v4.await)),
        v4 = &mut v4 => v4,
    };
    if matches!(&first, Ok(answer) if !answer.addresses.is_empty()) {
        (time::timeout(RESOLUTION_DELAY, v6).await.ok(), Some(first))
    } else {
        (Some(v6.await), Some(first))
    }
}

/// Sends a query and waits for the datagram that answers it.
async fn over_udp(server: SocketAddr, query: &[u8], id: u16, question: &Question) -> io::Result<Message> {
    let any: IpAddr = match server {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind((any, 0)).await?;
    // Connected: the kernel drops what others send, and tells when nobody listens there.
    socket.connect(server).await?;
    socket.send(query).await?;
    let mut buffer = [0; UDP_MAX];
    loop {
        let count = socket.recv(&mut buffer).await?;
        if let Ok(message) = decode(&buffer[..count])
            && is_answer(&message, id, question)
        {
            return Ok(message);
        }
    }
}

/// Asks over TCP, where each message has its length in front, as two bytes.
async fn over_tcp(server: SocketAddr, query: &[u8], id: u16, question: &Question) -> io::Result<Message> {
    let mut stream = TcpStream::connect(server).await?;
    let length = u16::try_from(query.len()).expect("a query has one name and little else");
    let framed = [&length.to_be_bytes()[..], query].concat();
    stream.write_all(&framed).await?;
    let length = stream.read_u16().await?;
    let mut bytes = vec![0; usize::from(length)];
    stream.read_exact(&mut bytes).await?;
    let message = decode(&bytes).map_err(io::Error::other)?;
    if is_answer(&message, id, question) && !message.is_truncated {
        Ok(message)
    } else {
        Err(io::Error::other("the answer to another question"))
    }
}

fn is_answer(message: &Message, id: u16, question: &Question) -> bool {
    message.is_response && message.id == id && message.question.as_ref() == Some(question)
}
