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

use super::fields::{Fields, error, lines};
use super::{Fault, ParseError};

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
    let mut disks: Vec<Disk> = Vec::new();
    for line in lines(bytes) {
        let mut fields = Fields::new("diskstats", line);
        fields.skip(2, "major and minor number")?;
        let name = String::from_utf8_lossy(fields.word("device name")?);
        fields.skip(2, "reads merged")?;
        let read_sectors = fields.number("sectors read")?;
        fields.skip(3, "writes merged")?;
        let written_sectors = fields.number("sectors written")?;
        fields.skip(2, "I/Os in progress")?;
        let busy_ms = fields.number("time spent doing I/Os")?;
        if read_sectors | written_sectors == 0 || disks.iter().any(|disk| is_partition(&name, &disk.name)) {
            continue;
        }
        disks.push(Disk {
            name: name.into_owned(),
            read_bytes: read_sectors.saturating_mul(SECTOR_BYTES),
            written_bytes: written_sectors.saturating_mul(SECTOR_BYTES),
            busy_ms,
        });
    }
    Ok(disks)
}

/// Whether `name` is a partition of `disk`: `sda1` of `sda`, but `nvme0n1p1` of `nvme0n1`, since there the disk's own
/// name ends in a digit.
fn is_partition(name: &str, disk: &str) -> bool {
    let Some(rest) = name.strip_prefix(disk) else {
        return false;
    };
    let number = if disk.ends_with(|last: char| last.is_ascii_digit()) {
        rest.strip_prefix('p').unwrap_or_default()
    } else {
        rest
    };
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads `/proc/net/dev`.
///
/// # Errors
/// A line is damaged.
pub fn interfaces(bytes: &[u8]) -> Result<Vec<Interface>, ParseError> {
    let mut interfaces = Vec::new();
    // Two lines of headings.
    for line in lines(bytes).skip(2) {
        // Old kernels leave no blank behind the colon; a name may have one of its own.
        let colon = line.iter().rposition(|&byte| byte == b':');
        let colon = colon.ok_or_else(|| error("net/dev", "interface name", Fault::Missing))?;
        let mut fields = Fields::new("net/dev", &line[colon + 1..]);
        let received_bytes = fields.number("bytes received")?;
        fields.skip(7, "multicast")?;
        let sent_bytes = fields.number("bytes transmitted")?;
        interfaces.push(Interface {
            name: String::from_utf8_lossy(line[..colon].trim_ascii()).into_owned(),
            received_bytes,
            sent_bytes,
        });
    }
    Ok(interfaces)
}
