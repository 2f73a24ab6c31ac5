//! One sample with its rates as JSON, for scripts.
//!
//! ```text
//! {"version":1, "interval_s":1.0, "uptime_s":…, "load":[…], "cpu":{…}, "memory":{…},
//!  "disks":[…], "interfaces":[…], "processes":[…], "problems":[…]}
//! ```
//!
//! Names end in their unit. What the sample has not is `null`. Fields may be added without a new version.

use std::io::{self, Write};

use serde::Serialize;

use crate::draw::Screen;
use crate::rates::{DiskRate, InterfaceRate};

/// Raised when a field changes its meaning or goes.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    interval_s: f64,
    uptime_s: Option<f64>,
    load: Option<[f64; 3]>,
    cpu: Option<Cpu>,
    memory: Option<Memory>,
    disks: Option<Vec<Disk<'a>>>,
    interfaces: Option<Vec<Interface<'a>>>,
    processes: Vec<Process<'a>>,
    problems: &'a [String],
}

#[derive(Serialize)]
struct Cpu {
    percent: f64,
    cores: Vec<Core>,
}

#[derive(Serialize)]
struct Core {
    core: u32,
    percent: f64,
}

#[derive(Serialize)]
struct Memory {
    total_bytes: u64,
    used_bytes: u64,
    available_bytes: u64,
    swap_total_bytes: u64,
    swap_used_bytes: u64,
}

#[derive(Serialize)]
struct Disk<'a> {
    name: &'a str,
    read_bytes_per_s: f64,
    written_bytes_per_s: f64,
    busy_percent: f64,
}

#[derive(Serialize)]
struct Interface<'a> {
    name: &'a str,
    received_bytes_per_s: f64,
    sent_bytes_per_s: f64,
}

#[derive(Serialize)]
struct Process<'a> {
    pid: i32,
    ppid: i32,
    start_ticks: u64,
    name: &'a str,
    command_line: Option<&'a str>,
    uid: Option<u32>,
    user: Option<&'a str>,
    state: char,
    threads: u64,
    cpu_percent: f64,
    resident_bytes: u64,
}

/// Writes what `screen` would show, with all of its rows, as one line.
///
/// # Errors
/// `out` takes no more.
pub fn write(screen: &Screen<'_>, mut out: impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut out, &document(screen))?;
    out.write_all(b"\n")
}

fn document<'a>(screen: &Screen<'a>) -> Document<'a> {
    let (sample, rates) = (screen.sample, screen.rates);
    Document {
        version: VERSION,
        interval_s: rates.interval.as_secs_f64(),
        uptime_s: sample.uptime_s,
        load: sample.load.map(|load| load.averages),
        cpu: rates.cpu.as_ref().map(|cpu| Cpu {
            percent: cpu.percent,
            cores: cpu
                .cores
                .iter()
                .map(|&(core, percent)| Core { core, percent })
                .collect(),
        }),
        memory: sample.memory.map(|memory| Memory {
            total_bytes: memory.total_bytes,
            used_bytes: memory.used_bytes(),
            available_bytes: memory.available_bytes,
            swap_total_bytes: memory.swap_total_bytes,
            swap_used_bytes: memory.swap_used_bytes(),
        }),
        disks: rates
            .disks
            .as_ref()
            .map(|disks| disks.iter().map(Disk::from).collect()),
        interfaces: rates
            .interfaces
            .as_ref()
            .map(|interfaces| interfaces.iter().map(Interface::from).collect()),
        processes: screen.rows.iter().map(|row| process(screen, row.index)).collect(),
        problems: &sample.problems,
    }
}

fn process<'a>(screen: &Screen<'a>, index: usize) -> Process<'a> {
    let process = &screen.sample.processes[index];
    let uid = process.details.as_ref().and_then(|details| details.uid);
    Process {
        pid: process.identity.pid,
        ppid: process.ppid,
        start_ticks: process.identity.start_ticks,
        name: &process.name,
        command_line: process.command_line(),
        uid,
        user: uid.and_then(|uid| screen.users.name(uid)),
        state: process.state,
        threads: process.threads,
        cpu_percent: screen.rates.processes[index],
        resident_bytes: process.resident_bytes,
    }
}

impl<'a> From<&'a DiskRate> for Disk<'a> {
    fn from(rate: &'a DiskRate) -> Self {
        Self {
            name: &rate.name,
            read_bytes_per_s: rate.read_bytes_per_s,
            written_bytes_per_s: rate.written_bytes_per_s,
            busy_percent: rate.busy_percent,
        }
    }
}

impl<'a> From<&'a InterfaceRate> for Interface<'a> {
    fn from(rate: &'a InterfaceRate) -> Self {
        Self {
            name: &rate.name,
            received_bytes_per_s: rate.received_bytes_per_s,
            sent_bytes_per_s: rate.sent_bytes_per_s,
        }
    }
}
