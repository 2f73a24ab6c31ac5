//! `/proc/stat`, `/proc/loadavg`, `/proc/uptime`.
//!
//! ```text
//! cpu  4705 356 584 3699176 23060 0 277 0 0 0          all cores together
//! cpu0 1393 280 32 898751 12027 0 251 0 0 0            user nice system idle iowait irq softirq steal guest guest_nice
//! cpu2 …                                               a core that is switched off has no line
//! ```

use super::fields::{Fields, decimal, error, lines};
use super::{Fault, ParseError};

/// What a processor has done since the system started, in ticks. A guest's time is contained in `user`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CpuTimes {
    /// Programs.
    pub user: u64,
    /// Programs of low priority.
    pub nice: u64,
    /// The kernel.
    pub system: u64,
    /// Nothing.
    pub idle: u64,
    /// Nothing, while somebody waited for a disk.
    pub iowait: u64,
    /// Interrupts.
    pub irq: u64,
    /// What interrupts left for later.
    pub softirq: u64,
    /// What the hypervisor gave to somebody else.
    pub steal: u64,
}

/// One core's times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Core {
    /// As in its line, `cpu3`.
    pub number: u32,
    /// What it has done.
    pub times: CpuTimes,
}

/// `/proc/stat`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cpus {
    /// All cores together.
    pub total: CpuTimes,
    /// Each core that is switched on, in the order of the file.
    pub cores: Vec<Core>,
}

/// `/proc/loadavg`.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Load {
    /// How many tasks were running or waiting for a disk, averaged over 1, 5 and 15 minutes.
    pub averages: [f64; 3],
}

/// Reads `/proc/stat`. Columns that an older kernel lacks, behind `idle`, are 0.
///
/// # Errors
/// There is no line `cpu`, or one of the lines is damaged.
pub fn cpus(bytes: &[u8]) -> Result<Cpus, ParseError> {
    let mut total = None;
    let mut cores = Vec::new();
    for line in lines(bytes) {
        let mut fields = Fields::new("stat", line);
        let Some(number) = fields.next_word().and_then(|word| word.strip_prefix(b"cpu")) else {
            // The processors stand first; interrupts, a long line, need not be looked at.
            break;
        };
        let times = times(&mut fields)?;
        if number.is_empty() {
            total = Some(times);
        } else {
            let number = decimal(number).and_then(|number| u32::try_from(number).ok());
            let number = number.ok_or_else(|| error("stat", "cpu number", Fault::Invalid))?;
            cores.push(Core { number, times });
        }
    }
    let total = total.ok_or_else(|| error("stat", "cpu", Fault::Missing))?;
    Ok(Cpus { total, cores })
}

fn times(fields: &mut Fields<'_>) -> Result<CpuTimes, ParseError> {
    let [user, nice, system, idle] = ["user", "nice", "system", "idle"].map(|field| fields.number(field));
    let mut later = |field| match fields.number(field) {
        Err(error) if error.fault == Fault::Missing => Ok(0),
        result => result,
    };
    Ok(CpuTimes {
        user: user?,
        nice: nice?,
        system: system?,
        idle: idle?,
        iowait: later("iowait")?,
        irq: later("irq")?,
        softirq: later("softirq")?,
        steal: later("steal")?,
    })
}

/// Reads `/proc/loadavg`: `0.20 0.18 0.12 1/80 11206`.
///
/// # Errors
/// One of the three averages is missing or no number.
pub fn load(bytes: &[u8]) -> Result<Load, ParseError> {
    let mut fields = Fields::new("loadavg", bytes);
    let [one, five, fifteen] =
        ["1 min", "5 min", "15 min"].map(|field| finite(&mut fields, "loadavg", field));
    Ok(Load {
        averages: [one?, five?, fifteen?],
    })
}

/// Reads `/proc/uptime`: seconds since the system started.
///
/// # Errors
/// They are missing or no number.
pub fn uptime_s(bytes: &[u8]) -> Result<f64, ParseError> {
    finite(&mut Fields::new("uptime", bytes), "uptime", "uptime")
}

/// A number that is not negative. Rust would read `inf` and `NaN` as well.
fn finite(fields: &mut Fields<'_>, file: &'static str, field: &str) -> Result<f64, ParseError> {
    let value: f64 = fields.value(field)?;
    if value.is_finite() && value >= 0.0 {
        Ok(value)
    } else {
        Err(error(file, field, Fault::Invalid))
    }
}

impl CpuTimes {
    /// The times in the order of the file.
    pub fn columns(&self) -> [u64; 8] {
        [
            self.user,
            self.nice,
            self.system,
            self.idle,
            self.iowait,
            self.irq,
            self.softirq,
            self.steal,
        ]
    }
}
