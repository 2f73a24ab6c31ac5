//! Evidence that a test body ran to its end.
//!
//! The grader starts each test with two inherited descriptors named in `PHASE7_EVIDENCE=READ,WRITE`:
//!
//! ```text
//! grader ──nonce (16 bytes)──▶ READ    taken before any code under test runs, then closed
//! grader ◀─nonce ‖ name────── WRITE   written once, when the body has completed
//! ```
//!
//! An exit code proves nothing (`std::process::exit(0)` in a learner's function makes one), printed text
//! proves nothing; only the nonce does, and the code under test has never seen it. Without the variable, as
//! under plain `cargo test`, there is nobody to convince and the body simply runs.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{FromRawFd, RawFd};
use std::sync::OnceLock;

/// The variable that names the two descriptors.
pub const VARIABLE: &str = "PHASE7_EVIDENCE";

/// Bytes in a nonce.
pub const NONCE_LEN: usize = 16;

/// A test that has begun. Dropped without [`Evidence::complete`], as a panic does, it leaves no trace.
#[must_use = "a test without evidence earns nothing"]
pub struct Evidence {
    /// What to write back, and where; absent outside the grader.
    receipt: Option<(File, Vec<u8>)>,
}

/// Takes the nonce, before the first line of the test's body.
///
/// `module` is the test's `module_path!()`, whose first part is the test crate and is left out of the name.
///
/// # Panics
/// When the grader's descriptors are named but cannot be read, or when two tests run in one process: each
/// nonce serves one test.
pub fn begin(module: &str, name: &str) -> Evidence {
    static TAKEN: OnceLock<()> = OnceLock::new();
    let Some(variable) = std::env::var_os(VARIABLE) else {
        return Evidence { receipt: None };
    };
    let (read, write) = variable
        .to_str()
        .and_then(|text| text.split_once(','))
        .and_then(|(read, write)| Some((read.parse::<RawFd>().ok()?, write.parse::<RawFd>().ok()?)))
        .expect("the grader names two descriptors");
    assert!(TAKEN.set(()).is_ok(), "each graded test has a process of its own");

    // SAFETY: the grader opened both descriptors for this process and named them to nobody else; `TAKEN`
    // makes this the only place and the only time that they are adopted.
    let (mut read, write) = unsafe { (File::from_raw_fd(read), File::from_raw_fd(write)) };
    for descriptor in [&read, &write] {
        // A child of the test must not inherit what proves the test.
        nix::fcntl::fcntl(
            descriptor,
            nix::fcntl::FcntlArg::F_SETFD(nix::fcntl::FdFlag::FD_CLOEXEC),
        )
        .expect("an open descriptor takes the flag");
    }
    let mut receipt = vec![0; NONCE_LEN];
    read.read_exact(&mut receipt).expect("the grader wrote a nonce");
    let path = module.split_once("::").map_or("", |(_, path)| path);
    receipt.extend_from_slice(test_name(path, name).as_bytes());
    Evidence {
        receipt: Some((write, receipt)),
    }
}

/// The name that libtest lists: the module path below the crate, then the function.
fn test_name(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}::{name}")
    }
}

impl Evidence {
    /// Hands the nonce back: the body has completed.
    ///
    /// # Panics
    /// When the grader is gone.
    pub fn complete(self) {
        let Some((mut write, receipt)) = self.receipt else {
            return;
        };
        write.write_all(&receipt).expect("the grader reads the evidence");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_is_named_as_libtest_names_it() {
        assert_eq!(test_name("", "a"), "a");
        assert_eq!(test_name("b::c", "a"), "b::c::a");
    }

    #[test]
    fn without_a_grader_there_is_nothing_to_prove() {
        begin("crate::module", "name").complete();
    }
}
