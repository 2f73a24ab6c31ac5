//! From the bytes of `/proc` to values: pure functions, one a file, as proc(5) describes them.
//!
//! - [`cpus()`], [`memory()`], [`load()`], [`uptime_s()`]: the system
//! - [`disks()`], [`interfaces()`]: the devices
//! - [`process()`], [`uid()`], [`command_line()`], [`printable()`]: one process
//!
//! Nothing here allocates but names and lists, and nothing panics, whatever the bytes are: a damaged file is a
//! [`ParseError`] that names the file and the field.

mod devices;
mod memory;
mod process;
mod system;

pub use devices::{Disk, Interface, disks, interfaces};
pub use memory::{Memory, memory};
pub use process::{Stat, command_line, printable, process, uid};
pub use system::{Core, CpuTimes, Cpus, Load, cpus, load, uptime_s};

/// A file of `/proc` that does not say what it should.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {field} {fault}")]
pub struct ParseError {
    /// The file below `/proc`; that of a process is called `[pid]/stat`.
    pub file: &'static str,
    /// The field, as proc(5) calls it.
    pub field: String,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The file, or the line, ends before it.
    #[error("is missing")]
    Missing,
    /// It stands there, and is no such value, or one that is out of range.
    #[error("is not valid")]
    Invalid,
}
