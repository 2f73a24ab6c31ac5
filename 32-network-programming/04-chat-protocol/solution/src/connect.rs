//! How the client gets a connection: an address such as `tls://chat.example:7443`, and whom to believe there.

use std::fmt;
use std::future::Future;
use std::io;
use std::net::{Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;

use quinn::crypto::rustls::QuicClientConfig;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio_rustls::TlsConnector;

use crate::net::QuicStream;

/// A connection of any kind.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// A connection that is being made.
pub(crate) type Connecting = Pin<Box<dyn Future<Output = io::Result<Box<dyn Stream>>>>>;

/// What lies between the chat and the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transport {
    Tcp,
    Tls,
    Quic,
}

/// A server's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) transport: Transport,
    pub(crate) host: String,
    pub(crate) port: u16,
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let shape = || "expected tcp://HOST:PORT, tls://HOST:PORT or quic://HOST:PORT".to_owned();
        let (scheme, rest) = text.split_once("://").ok_or_else(shape)?;
        let transport = match scheme {
            "tcp" => Transport::Tcp,
            "tls" => Transport::Tls,
            "quic" => Transport::Quic,
            _ => return Err(shape()),
        };
        let (host, port) = rest.rsplit_once(':').ok_or_else(shape)?;
        let host = host.trim_start_matches('[').trim_end_matches(']');
        match port.parse() {
            Ok(port) if !host.is_empty() => Ok(Self {
                transport,
                host: host.to_owned(),
                port,
            }),
            _ => Err(shape()),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.transport {
            Transport::Tcp => "tcp",
            Transport::Tls => "tls",
            Transport::Quic => "quic",
        };
        let (host, port) = (&self.host, self.port);
        if host.contains(':') {
            write!(formatter, "{scheme}://[{host}]:{port}")
        } else {
            write!(formatter, "{scheme}://{host}:{port}")
        }
    }
}

/// Begins to connect. The configuration is there unless the transport is TCP.
pub(crate) fn connect(target: Target, config: Option<Arc<ClientConfig>>) -> Connecting {
    Box::pin(async move {
        let stream: Box<dyn Stream> = match (target.transport, config) {
            (Transport::Tcp, _) => Box::new(tcp(&target).await?),
            (_, None) => return Err(io::Error::other("no certificate to believe")),
            (Transport::Tls, Some(config)) => {
                let stream = tcp(&target).await?;
                let connector = TlsConnector::from(config);
                Box::new(connector.connect(server_name(&target)?, stream).await?)
            }
            (Transport::Quic, Some(config)) => Box::new(quic(&target, config).await?),
        };
        Ok(stream)
    })
}

async fn tcp(target: &Target) -> io::Result<TcpStream> {
    let stream = TcpStream::connect((&*target.host, target.port)).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

fn server_name(target: &Target) -> io::Result<ServerName<'static>> {
    ServerName::try_from(target.host.clone()).map_err(io::Error::other)
}

async fn quic(target: &Target, config: Arc<ClientConfig>) -> io::Result<QuicStream> {
    let crypto = QuicClientConfig::try_from(config).map_err(io::Error::other)?;
    let mut addresses = lookup_host((&*target.host, target.port)).await?;
    let address = addresses.next().ok_or_else(|| io::Error::other("no such host"))?;
    let any = match address {
        SocketAddr::V4(_) => SocketAddr::from(([0, 0, 0, 0], 0)),
        SocketAddr::V6(_) => SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)),
    };
    let endpoint = quinn::Endpoint::client(any)?;
    let config = quinn::ClientConfig::new(Arc::new(crypto));
    let connecting = endpoint.connect_with(config, address, &target.host);
    let connection = connecting.map_err(io::Error::other)?.await?;
    let (send, receive) = connection.open_bi().await?;
    Ok(QuicStream::new(connection, send, receive, Some(endpoint)))
}
