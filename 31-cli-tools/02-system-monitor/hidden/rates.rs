//! Rules 12 to 15: counters that go back, processes that are new, and no time.

use std::time::Duration;

use phase7::Scratch;
use system_monitor::rates::{growth, rates};
use system_monitor::sample::Sample;

use super::support::{CONTAINER, LINUX_3_10, TICKS_PER_S, file, reader, sample, sample_of, unpack};

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
