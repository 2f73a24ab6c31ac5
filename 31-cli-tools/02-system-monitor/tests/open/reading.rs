//! Rules 1 to 11: files and samples.

use std::time::Duration;

use system_monitor::parse::{self, Fault};

use super::support::{CONTAINER, LINUX_3_10, LINUX_5_10, file, sample, sample_of, unpack};

/// The line of all cores, and one for each.
#[phase7::test(points = 1, rule = 1)]
fn processors_are_read() {
    let cpus = parse::cpus(&file(LINUX_3_10, "stat")).expect("a sound file");
    assert_eq!(
        cpus.total.columns(),
        [10132, 290, 3084, 466_280, 1300, 0, 25, 0],
        "all cores"
    );
    let cores: Vec<_> = cpus
        .cores
        .iter()
        .map(|core| (core.number, core.times.user))
        .collect();
    assert_eq!(cores, [(0, 5000), (1, 5132)], "number and user time of each");
}

/// Kibibytes become bytes.
#[phase7::test(points = 1, rule = 2)]
fn memory_is_read() {
    let memory = parse::memory(&file(LINUX_5_10, "meminfo")).expect("a sound file");
    assert_eq!(memory.total_bytes, 8_192_000_000, "MemTotal");
    assert_eq!(memory.used_bytes(), 3_072_000_000, "what is not available");
    assert_eq!(memory.swap_used_bytes(), 1_024_000_000, "what is swapped out");
}

/// Load and uptime.
#[phase7::test(points = 1, rule = 3)]
fn load_and_uptime_are_read() {
    let load = parse::load(&file(LINUX_5_10, "loadavg")).expect("a sound file");
    assert_eq!(load.averages, [0.52, 0.58, 0.59], "over 1, 5 and 15 minutes");
    let uptime_s = parse::uptime_s(&file(LINUX_5_10, "uptime")).expect("a sound file");
    assert_eq!(uptime_s, 273_905.12, "seconds");
}

/// A disk, without its partitions, and without a drive that has no disk.
#[phase7::test(points = 1, rule = 4)]
fn disks_are_read() {
    let disks = parse::disks(&file(LINUX_3_10, "diskstats")).expect("a sound file");
    assert_eq!(disks.len(), 1, "the only one: {disks:?}");
    let disk = &disks[0];
    assert_eq!(
        (disk.name.as_str(), disk.read_bytes, disk.written_bytes),
        ("sda", 602_110 * 512, 160_210 * 512),
        "in bytes"
    );
    assert_eq!(disk.busy_ms, 5020, "time with something to do");
}

/// Two interfaces, one of them glued to its number.
#[phase7::test(points = 1, rule = 5)]
fn interfaces_are_read() {
    let interfaces = parse::interfaces(&file(LINUX_3_10, "net/dev")).expect("a sound file");
    let interfaces: Vec<_> = interfaces
        .iter()
        .map(|interface| {
            let bytes = (interface.received_bytes, interface.sent_bytes);
            (interface.name.as_str(), bytes)
        })
        .collect();
    assert_eq!(
        interfaces,
        [("lo", (384_800, 384_800)), ("eth0", (91_202_331, 8_210_330))],
        "received and sent"
    );
}

/// A name is whatever its process wants it to be.
#[phase7::test(points = 2, rule = 6)]
fn a_name_may_hold_anything() {
    let bytes = file(LINUX_3_10, "1411/stat");
    let stat = parse::process(&bytes).expect("a sound file");
    assert_eq!(stat.name, b"a) S 1\n(b", "parentheses, blanks, a line feed");
    assert_eq!(
        (stat.pid, stat.ppid, stat.state),
        (1411, 857, 'R'),
        "what stands around it"
    );
    assert_eq!(
        (
            stat.cpu_ticks,
            stat.threads,
            stat.start_ticks,
            stat.resident_pages
        ),
        (4310, 3, 91220, 5120),
        "and far behind it"
    );
}

/// What is wrong is said, and where.
#[phase7::test(points = 1, rule = 7)]
fn damage_is_named() {
    let error = parse::memory(b"MemTotal:   12x kB\n").expect_err("no number");
    assert_eq!(
        (error.file, error.field.as_str(), error.fault),
        ("meminfo", "MemTotal", Fault::Invalid),
        "a value that is none"
    );
    let error = parse::memory(b"MemFree:   12 kB\n").expect_err("no total");
    assert_eq!(
        (error.field.as_str(), error.fault),
        ("MemTotal", Fault::Missing),
        "a line that is not there"
    );
}

/// Arguments in one line, fit for a terminal.
#[phase7::test(points = 1, rule = 8)]
fn a_command_line_is_one_line() {
    let line = parse::command_line(b"./a\0two words\0x\ty\0");
    assert_eq!(line.as_deref(), Some("./a two words x?y"), "arguments");
    assert_eq!(parse::command_line(b""), None, "a kernel thread has none");
    let uid = parse::uid(&file(LINUX_5_10, "2210/status"));
    assert_eq!(uid.expect("a sound file"), 1000, "the real user");
}

/// All of it together, of a machine and of a container that hides some of it.
#[phase7::test(points = 2, rule = 9)]
fn a_sample_has_what_is_there() {
    let machine = sample(LINUX_5_10);
    assert_eq!(machine.problems, [""; 0], "nothing is wrong");
    let pids: Vec<i32> = machine
        .processes
        .iter()
        .map(|process| process.identity.pid)
        .collect();
    assert_eq!(
        pids,
        [1, 2, 11, 640, 2210, 2290, 2301, 2302, 2400, 2410, 3001],
        "by PID"
    );
    assert_eq!(machine.processes[6].resident_bytes, 160_000 * 4096, "in bytes");
    let container = sample(CONTAINER);
    assert!(
        container.disks.is_none() && container.uptime_s.is_none(),
        "a file that is not there"
    );
    assert!(container.memory.is_some(), "one that is");
    assert_eq!(container.problems, [""; 0], "nothing is wrong either");
}

/// What a row shows beyond the sample.
#[phase7::test(points = 1, rule = 11)]
fn details_are_read_of_one_process() {
    let tree = unpack(LINUX_5_10);
    let sample = sample_of(tree.path(), Duration::from_secs(7));
    let rustc = sample.processes[6].details.as_deref().expect("it was described");
    assert_eq!(
        rustc.command_line.as_deref(),
        Some("rustc --crate-name demo src/lib.rs"),
        "its arguments"
    );
    assert_eq!(
        (rustc.uid, rustc.read_at),
        (Some(1000), Duration::from_secs(7)),
        "its user, and when"
    );
}
