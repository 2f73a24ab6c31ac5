//! What one test process may use.

use std::time::Duration;

use nix::errno::Errno;
use nix::sys::resource::{Resource, setrlimit};
use serde::{Deserialize, Serialize};

/// Bytes of output that are kept.
pub const OUTPUT_KEPT: usize = 1 << 20;

/// Bytes of output after which the test is ended.
pub const OUTPUT_MAX: usize = 16 << 20;

/// Bytes of the largest file that a test may write.
const FILE_MAX: u64 = 4 << 30;

/// Descriptors that a test may hold.
const OPEN_FILES: u64 = 8192;

/// The limits of one test.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Limits {
    /// Wall clock.
    pub wall: Duration,
    /// Processor time of each of its processes.
    pub cpu: Duration,
    /// Address space of each of its processes, in MiB.
    pub memory_mb: u64,
    /// Processes and threads; the kernel does not hold root to it.
    pub processes: u64,
}

impl Limits {
    /// Puts them on the calling process; for use between fork and exec.
    ///
    /// # Errors
    /// When the kernel refuses one that is not stricter already.
    pub fn apply(&self) -> Result<(), Errno> {
        let limits = [
            (Resource::RLIMIT_AS, self.memory_mb << 20),
            (Resource::RLIMIT_CPU, self.cpu.as_secs().max(1)),
            (Resource::RLIMIT_FSIZE, FILE_MAX),
            (Resource::RLIMIT_NOFILE, OPEN_FILES),
            (Resource::RLIMIT_NPROC, self.processes),
            (Resource::RLIMIT_CORE, 0),
        ];
        for (resource, limit) in limits {
            let (_, hard) = nix::sys::resource::getrlimit(resource)?;
            let limit = limit.min(hard);
            setrlimit(resource, limit, limit)?;
        }
        Ok(())
    }
}
