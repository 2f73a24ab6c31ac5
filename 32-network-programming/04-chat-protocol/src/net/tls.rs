//! Certificates and keys, as TLS and QUIC want them.

use std::path::Path;
use std::sync::Arc;

use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore, ServerConfig};

/// What both sides name as the protocol inside; a client of something else is refused.
pub const ALPN: &[u8] = b"chat";

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read, or has no PEM of that kind.
    #[error("cannot read {what} in {path}: {source}")]
    Pem {
        /// `certificates` or `the key`.
        what: &'static str,
        /// The file.
        path: String,
        /// Why.
        source: rustls::pki_types::pem::Error,
    },
    /// A file has no certificate at all.
    #[error("no certificate in {path}")]
    Empty {
        /// The file.
        path: String,
    },
    /// What was read does not go together.
    #[error("cannot use {path}: {source}")]
    Unusable {
        /// The file.
        path: String,
        /// Why.
        source: rustls::Error,
    },
}

/// What a server shows: the certificates in `cert`, and the key in `key`.
///
/// # Errors
/// When the files cannot be read, or do not go together.
pub fn server_config(cert: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsError> {
    let chain = certificates(cert)?;
    let private = PrivateKeyDer::from_pem_file(key).map_err(|source| TlsError::Pem {
        what: "the key",
        path: key.display().to_string(),
        source,
    })?;
    let unusable = |source| TlsError::Unusable {
        path: cert.display().to_string(),
        source,
    };
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(unusable)?
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .map_err(unusable)?;
    config.alpn_protocols = vec![ALPN.to_vec()];
    Ok(Arc::new(config))
}

/// Whom a client believes: servers that show a certificate signed by one of those in `ca`, or one of them itself.
///
/// # Errors
/// When the file cannot be read, or has nothing to believe in.
pub fn client_config(ca: &Path) -> Result<Arc<ClientConfig>, TlsError> {
    let unusable = |source| TlsError::Unusable {
        path: ca.display().to_string(),
        source,
    };
    let mut roots = RootCertStore::empty();
    for certificate in certificates(ca)? {
        roots.add(certificate).map_err(unusable)?;
    }
    let mut config = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(unusable)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![ALPN.to_vec()];
    Ok(Arc::new(config))
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let name = || path.display().to_string();
    let pem = |source| TlsError::Pem {
        what: "certificates",
        path: name(),
        source,
    };
    let read: Result<Vec<_>, _> = CertificateDer::pem_file_iter(path).map_err(pem)?.collect();
    let read = read.map_err(pem)?;
    if read.is_empty() {
        return Err(TlsError::Empty { path: name() });
    }
    Ok(read)
}
