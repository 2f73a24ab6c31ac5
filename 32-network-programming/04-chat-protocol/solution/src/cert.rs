//! Makes a certificate for trying things out: signed by itself, good for one host.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CertError {
    #[error("cannot make a certificate: {0}")]
    Make(#[from] rcgen::Error),
    #[error("cannot write {path}: {source}")]
    Write { path: String, source: io::Error },
}

/// Writes `cert.pem` and `key.pem` into `directory`. The names are what a client may call the server by.
pub(crate) fn make(directory: &Path, names: Vec<String>) -> Result<(), CertError> {
    let made = rcgen::generate_simple_self_signed(names)?;
    let written = |path: &Path, result: io::Result<()>| {
        let path = path.display().to_string();
        result.map_err(|source| CertError::Write { path, source })
    };
    written(directory, fs::create_dir_all(directory))?;
    let (cert, key) = (directory.join("cert.pem"), directory.join("key.pem"));
    written(&cert, fs::write(&cert, made.cert.pem()))?;
    // Whoever reads the key is the server.
    let private = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&key);
    written(
        &key,
        private.and_then(|mut file| file.write_all(made.signing_key.serialize_pem().as_bytes())),
    )
}
