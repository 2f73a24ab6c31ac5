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
//!
//! # What keeps the nonce from the code under test
//!
//! While the body runs, the nonce lies once in the memory of this process, and nowhere else: the pipe is empty and
//! closed, no child inherits the other one, and the copy is wiped when the test ends, be it by a panic. Safe Rust reads
//! its own memory only through the kernel, so that way is shut before the nonce is read: a process that is not
//! *dumpable* (`PR_SET_DUMPABLE`, prctl(2)) hands out neither `/proc/self/mem` nor its descriptors, and no other process
//! of the same user may trace it. This binds every user but root, and the grader's sandbox runs no test as root. A
//! program that the test starts is dumpable again, as exec makes it, and holds nothing worth looking for.
//!
//! Hiding the nonce better would gain nothing. Left in the pipe until the end, it could be read by number with fewer
//! means than it takes to search memory. In pages that the kernel itself cannot reach (memfd_secret(2)), it would be safe
//! from `/proc/self/mem`, through which an attacker would rather turn a failing assertion into a return and let this module
//! hand in real evidence. And against unsafe code in the same process no place is safe: there, wires, the audit
//! of the object code and a reviewer's eye stand in.

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
    receipt: Option<Receipt>,
}

/// The nonce and the test's name, and the descriptor that they go to.
struct Receipt {
    write: File,
    /// Never grows, so that no copy is left where it stood before; zeros once it has been dropped.
    bytes: Vec<u8>,
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
    let (read, write) = unsafe { (File::from_raw_fd(read), File::from_raw_fd(write)) };
    let path = module.split_once("::").map_or("", |(_, path)| path);
    Evidence {
        receipt: Some(Receipt::take(read, write, &test_name(path, name))),
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
        if let Some(mut receipt) = self.receipt {
            let Receipt { write, bytes } = &mut receipt;
            write.write_all(bytes).expect("the grader reads the evidence");
        }
    }
}

impl Receipt {
    /// Shuts the ways to this process's memory, then reads the nonce into it.
    fn take(mut read: File, write: File, name: &str) -> Self {
        for descriptor in [&read, &write] {
            // A child of the test must not inherit what proves the test.
            nix::fcntl::fcntl(
                descriptor,
                nix::fcntl::FcntlArg::F_SETFD(nix::fcntl::FdFlag::FD_CLOEXEC),
            )
            .expect("an open descriptor takes the flag");
        }
        #[cfg(target_os = "linux")]
        nix::sys::prctl::set_dumpable(false).expect("every process may renounce it");
        let mut bytes = Vec::with_capacity(NONCE_LEN + name.len());
        bytes.resize(NONCE_LEN, 0);
        read.read_exact(&mut bytes).expect("the grader wrote a nonce");
        bytes.extend_from_slice(name.as_bytes());
        Self { write, bytes }
    }

    /// Forgets the nonce.
    fn wipe(&mut self) {
        self.bytes.fill(0);
        // Nobody reads the zeros, so that without this the compiler might leave them out.
        std::hint::black_box(&self.bytes);
    }
}

impl Drop for Receipt {
    fn drop(&mut self) {
        self.wipe();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A receipt for `nonce`, and the end at which the grader reads.
    fn receipt(nonce: &[u8; NONCE_LEN]) -> (Receipt, File) {
        let (nonce_read, nonce_write) = nix::unistd::pipe().unwrap();
        let (evidence_read, evidence_write) = nix::unistd::pipe().unwrap();
        File::from(nonce_write).write_all(nonce).unwrap();
        let receipt = Receipt::take(nonce_read.into(), evidence_write.into(), "b::a");
        (receipt, evidence_read.into())
    }

    #[test]
    fn a_test_is_named_as_libtest_names_it() {
        assert_eq!(test_name("", "a"), "a");
        assert_eq!(test_name("b::c", "a"), "b::c::a");
    }

    #[test]
    fn without_a_grader_there_is_nothing_to_prove() {
        begin("crate::module", "name").complete();
    }

    #[test]
    fn a_completed_body_hands_back_nonce_and_name() {
        let (receipt, mut grader) = receipt(b"0123456789abcdef");
        let receipt = Some(receipt);
        Evidence { receipt }.complete();
        let mut evidence = Vec::new();
        grader.read_to_end(&mut evidence).unwrap();
        assert_eq!(evidence, b"0123456789abcdefb::a");
    }

    #[test]
    fn a_panic_leaves_no_evidence_and_no_nonce() {
        let (mut receipt, mut grader) = receipt(b"0123456789abcdef");
        receipt.wipe();
        assert!(receipt.bytes.iter().all(|byte| *byte == 0));
        drop(receipt);
        assert_eq!(grader.read_to_end(&mut Vec::new()).unwrap(), 0);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn whoever_holds_a_nonce_is_closed_to_others_and_its_children_are_not() {
        let _held = receipt(b"0123456789abcdef");
        assert!(!nix::sys::prctl::get_dumpable().unwrap());
        // The kernel gives the files of a process that is not dumpable to root.
        let child = crate::Program::new("sleep").arg("60").spawn();
        let owner = |id: &str| {
            let metadata = std::fs::metadata(format!("/proc/{id}/environ")).unwrap();
            std::os::unix::fs::MetadataExt::uid(&metadata)
        };
        assert_eq!(owner("self"), 0);
        assert_eq!(owner(&child.id().to_string()), nix::unistd::geteuid().as_raw());
    }
}
