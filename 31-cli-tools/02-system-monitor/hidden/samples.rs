//! Rules 9 to 15: samples of trees that are damaged or change, and rates that are odd.

use std::sync::Arc;
use std::time::Duration;

use phase7::Scratch;
use system_monitor::rates::{growth, rates};
use system_monitor::sample::Sample;

use super::DAMAGED;
use super::support::{CONTAINER, LINUX_3_10, TICKS_PER_S, file, reader, sample, sample_of, unpack};

/// Each damaged file is a problem of its own, and the rest is read.
#[phase7::test(points = 2, rule = 9)]
fn damaged_files_are_problems() {
    let sample = sample(DAMAGED);
    let problems: Vec<&str> = sample.problems.iter().map(String::as_str).collect();
    let parts = [
        "stat: idle is missing",
        "meminfo: MemAvailable is not valid",
        "loadavg: 5 min is not valid",
        "uptime: uptime is missing",
        "diskstats: sectors read is not valid",
        "net/dev: multicast is missing",
    ];
    assert_eq!(problems[..6], parts, "the parts of the sample");
    assert!(
        sample.cpus.is_none() && sample.memory.is_none() && sample.load.is_none(),
        "no part is made up"
    );
}

/// What has vanished is nothing to speak of; what is damaged is.
#[phase7::test(points = 2, rule = 10)]
fn processes_vanish_and_are_damaged() {
    let sample = sample(DAMAGED);
    let pids: Vec<i32> = sample
        .processes
        .iter()
        .map(|process| process.identity.pid)
        .collect();
    assert_eq!(pids, [1, 26], "those that are as they should be");
    let problems: Vec<&str> = sample.problems.iter().skip(6).map(String::as_str).collect();
    assert_eq!(problems.len(), 5, "20 to 23 and 25, but not 24: {problems:?}");
    assert_eq!(
        problems[2], "22/stat: utime is not valid",
        "the process, the field, the fault"
    );
}

/// Names and details go from sample to sample, but not to another process.
#[phase7::test(points = 2, rule = 11)]
fn details_belong_to_their_process() {
    let tree = unpack(CONTAINER);
    let mut reader = reader(tree.path());
    let [mut first, mut second, mut third] = [const { None::<Sample> }; 3].map(Option::unwrap_or_default);
    reader.read(Duration::ZERO, &Sample::default(), &mut first);
    assert!(
        first.processes[1].details.is_none(),
        "a sample has none by itself"
    );
    for process in &mut first.processes {
        reader.describe(Duration::ZERO, process);
    }
    tree.write("17/cmdline", "serve\0--port=81\0");
    reader.read(Duration::from_secs(4), &first, &mut second);
    reader.describe(Duration::from_secs(4), &mut second.processes[1]);
    assert!(
        Arc::ptr_eq(&first.processes[1].name, &second.processes[1].name),
        "the name is not made anew"
    );
    assert_eq!(
        second.processes[1].command_line(),
        Some("serve --port=80"),
        "four seconds are young enough"
    );
    reader.describe(Duration::from_secs(5), &mut second.processes[1]);
    assert_eq!(
        second.processes[1].command_line(),
        Some("serve --port=81"),
        "five are not"
    );
    let stat = String::from_utf8(file(CONTAINER, "17/stat")).expect("text");
    tree.write("17/stat", stat.replace(" 0 5100 ", " 0 6100 "));
    reader.read(Duration::from_secs(6), &second, &mut third);
    assert!(
        third.processes[1].details.is_none(),
        "another process has the same PID and name"
    );
    let stat = stat
        .replace("(serve)", "(worker)")
        .replace(" 0 5100 ", " 0 6100 ");
    tree.write("17/stat", stat);
    reader.describe(Duration::from_secs(6), &mut third.processes[1]);
    reader.read(Duration::from_secs(7), &third, &mut second);
    assert!(
        second.processes[1].details.is_none() && &*second.processes[1].name == "worker",
        "the same process runs another program"
    );
}

/// Counters of waiting go back at times; a core may come.
#[phase7::test(points = 1, rule = 12)]
fn processors_come_and_count_backwards() {
    let tree = Scratch::new();
    let look = |stat: &str, at_s| {
        tree.write("stat", stat);
        sample_of(tree.path(), Duration::from_secs(at_s))
    };
    let before = look("cpu 10 0 0 100 50\ncpu0 10 0 0 100 50\ncpu3 0 0 0 0 0\n", 0);
    let after = look(
        "cpu 20 0 0 110 40\ncpu0 10 0 0 100 50\ncpu1 9 0 0 1 0\ncpu3 1 0 0 3 0\n",
        1,
    );
    let cpu = rates(&before, &after, TICKS_PER_S).cpu.expect("there is a stat");
    assert_eq!(cpu.percent, 50.0, "what went back did not happen");
    assert_eq!(
        cpu.cores,
        [(0, 0.0), (1, 0.0), (3, 25.0)],
        "one stood still, one is new, one is found by its number"
    );
}

/// Half of the range of 32 bits is where a wrap ends and a new beginning starts.
#[phase7::test(points = 1, rule = 13)]
fn a_new_beginning_is_no_wrap() {
    let range = 1_u64 << 32;
    assert_eq!(growth(range / 2 + 1, 0), range / 2 - 1, "just less than half");
    assert_eq!(growth(range / 2, 0), 0, "half");
    assert_eq!(
        growth(range + 5, 1),
        0,
        "a counter of more than 32 bits does not wrap"
    );
    let tree = unpack(LINUX_3_10);
    let before = sample_of(tree.path(), Duration::from_secs(1));
    tree.write(
        "diskstats",
        "8 0 sda 0 0 1 0 0 0 1 0 0 90000 0\n8 16 sdb 0 0 9 0 0 0 9 0 0 9 0\n",
    );
    tree.write("net/dev", "-\n-\nwg0: 5000 0 0 0 0 0 0 0 5000 0\n");
    let after = sample_of(tree.path(), Duration::from_secs(2));
    let rates = rates(&before, &after, TICKS_PER_S);
    let disks = rates.disks.expect("there are disks");
    assert_eq!(
        (disks[0].read_bytes_per_s, disks[0].busy_percent),
        (0.0, 100.0),
        "a disk that began anew, and never more than all of the time"
    );
    assert_eq!(disks[1].written_bytes_per_s, 0.0, "a disk that was not there");
    let net = rates.interfaces.expect("there are interfaces");
    assert_eq!(
        net[0].received_bytes_per_s, 0.0,
        "an interface that was not there"
    );
}

/// New processes count from their start, and so do those that got a used PID.
#[phase7::test(points = 2, rule = 14)]
fn new_processes_count_from_their_start() {
    let tree = unpack(CONTAINER);
    let mut reader = reader(tree.path());
    let (mut before, mut after) = (Sample::default(), Sample::default());
    reader.read(Duration::ZERO, &Sample::default(), &mut before);
    let stat = String::from_utf8(file(CONTAINER, "17/stat")).expect("text");
    // The same PID, a later start, and less time than its predecessor.
    tree.write(
        "17/stat",
        stat.replace(" 20 10 17 9 ", " 4 1 17 9 ")
            .replace(" 0 5100 ", " 0 9000 "),
    );
    tree.write("9/stat", stat.replace("17 (serve)", "9 (new)"));
    tree.write("99/stat", stat.replace("17 (serve)", "99 (new)"));
    reader.read(Duration::from_secs(1), &before, &mut after);
    let rates = rates(&before, &after, TICKS_PER_S);
    assert_eq!(rates.processes, [0.0, 30.0, 5.0, 30.0], "of 1, 9, 17 and 99");
}

/// No time, or less than none.
#[phase7::test(points = 1, rule = 15)]
fn no_time_makes_no_rate() {
    let early = sample(CONTAINER);
    let tree = unpack(CONTAINER);
    tree.write(
        "stat",
        "cpu  990 0 300 8010 10 0 1 0\ncpu0 990 0 300 8010 10 0 1 0\n",
    );
    tree.write("net/dev", "-\n-\neth0: 9999 0 0 0 0 0 0 0 9999 0\n");
    let stat = String::from_utf8(file(CONTAINER, "17/stat")).expect("text");
    tree.write("17/stat", stat.replace(" 20 10 17 9 ", " 60 20 17 9 "));
    let same = sample_of(tree.path(), Duration::ZERO);
    let late = {
        let mut late = early.clone();
        late.at = Duration::from_secs(3);
        late
    };
    for (before, what) in [(&early, "at the same time"), (&late, "before its predecessor")] {
        let rates = rates(before, &same, TICKS_PER_S);
        assert_eq!(rates.interval, Duration::ZERO, "{what}");
        assert_eq!(rates.processes, [0.0, 0.0], "processes {what}");
        let net = &rates.interfaces.expect("there are interfaces")[0];
        assert_eq!(
            (net.received_bytes_per_s, net.sent_bytes_per_s),
            (0.0, 0.0),
            "interfaces {what}"
        );
        assert_eq!(
            rates.cpu.expect("there is a stat").percent,
            0.0,
            "processors {what}"
        );
    }
}
