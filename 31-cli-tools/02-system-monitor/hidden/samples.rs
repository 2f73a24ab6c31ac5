//! Rules 9 to 11: samples of trees that are damaged or change.

use std::sync::Arc;
use std::time::Duration;

use system_monitor::sample::Sample;

use super::DAMAGED;
use super::support::{CONTAINER, file, reader, sample, unpack};

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
