//! TLS with rustls, and what the client and the server agree to speak in it.

use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

/// The name of HTTP/2 in ALPN (RFC 7301).
pub(crate) const H2: &[u8] = b"h2";

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TlsError {
    #[error("cannot read the certificate: {0}")]
    Certificate(pem::Error),
    #[error("cannot read the key: {0}")]
    Key(pem::Error),
    #[error("cannot use the certificate and the key: {0}")]
    Config(#[from] rustls::Error),
}

/// What accepts handshakes with this certificate chain and key, both in PEM.
///
/// The client's list decides what it may be, the order here decides what it is: HTTP/2 if the client has it.
pub(crate) fn acceptor(certificate: &Path, key: &Path) -> Result<TlsAcceptor, TlsError> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_file_iter(certificate)
        .map_err(TlsError::Certificate)?
        .collect();
    let key = PrivateKeyDer::from_pem_file(key).map_err(TlsError::Key)?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain.map_err(TlsError::Certificate)?, key)?;
    config.alpn_protocols = vec![H2.to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
