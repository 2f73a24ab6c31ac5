//! `/proc/diskstats` and `/proc/net/dev`.
//!
//! ```text
//!    8       0 sda 5382 1204 294402 4212 3051 2210 81920 5120 0 4100 9332
//!              │   reads      sectors    writes    sectors    │ └ ms doing I/O
//!              name                                           in progress
//!
//!   eth0: 9517926   47625    0    0    0     0          0         0  2737023   28984 …
//!         received: bytes, packets, errors, …, 8 columns            sent: the same
//! ```

use super::ParseError;

/// A sector of these statistics, whatever the device's own are.
const SECTOR_BYTES: u64 = 512;

/// A whole disk, and what it has done since the system started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disk {
    /// As below `/dev`.
    pub name: String,
    /// What was read from it.
    pub read_bytes: u64,
    /// What was written to it.
    pub written_bytes: u64,
    /// How long it had something to do, in milliseconds.
    pub busy_ms: u64,
}

/// A network interface, and what has passed it since it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interface {
    /// As `ip link` calls it.
    pub name: String,
    /// What has come in.
    pub received_bytes: u64,
    /// What has gone out.
    pub sent_bytes: u64,
}

/// Reads `/proc/diskstats`, without partitions and without devices that have never done anything.
///
/// # Errors
/// A line is damaged.
pub fn disks(bytes: &[u8]) -> Result<Vec<Disk>, ParseError> {
    todo!(
        "read {} bytes of diskstats, in sectors of {SECTOR_BYTES}",
        bytes.len()
    )
}

/// Reads `/proc/net/dev`.
///
/// # Errors
/// A line is damaged.
pub fn interfaces(bytes: &[u8]) -> Result<Vec<Interface>, ParseError> {
    todo!("read {} bytes of net/dev", bytes.len())
}
