//! Rules 12 to 15: what happens between two samples.

use std::time::Duration;

use phase7::Scratch;
use system_monitor::rates::{growth, rates};

use super::support::{CONTAINER, LINUX_3_10, TICKS_PER_S, file, reader, sample_of, unpack};

/// The interval between two samples, in ticks of the processors.
#[phase7::test(points = 1, rule = 12)]
fn processors_are_busy_in_percent() {
    let tree = Scratch::new();
    let look = |stat: &str, at_s| {
        tree.write("stat", stat);
        sample_of(tree.path(), Duration::from_secs(at_s))
    };
    let before = look("cpu 100 0 100 800 0 0 0 0\ncpu0 100 0 100 800 0 0 0 0\n", 0);
    let after = look(
        "cpu 130 10 105 840 10 1 2 2 9 9\ncpu0 130 10 105 840 10 1 2 2 9 9\n",
        1,
    );
    let cpu = rates(&before, &after, TICKS_PER_S).cpu.expect("there is a stat");
    assert_eq!(
        (cpu.percent, cpu.cores),
        (50.0, vec![(0, 50.0)]),
        "50 of 100 ticks were neither idle nor waiting"
    );
}

/// Bytes a second, over two seconds.
#[phase7::test(points = 1, rule = 13)]
fn devices_have_rates() {
    let tree = unpack(LINUX_3_10);
    let before = sample_of(tree.path(), Duration::from_secs(10));
    let disks = "8 0 sda 0 0 602114 0 0 0 160220 0 0 5520 0\n";
    tree.write("diskstats", disks);
    tree.write("net/dev", "-\n-\neth0: 91203331 0 0 0 0 0 0 0 8210332 0\n");
    let after = sample_of(tree.path(), Duration::from_secs(12));
    let rates = rates(&before, &after, TICKS_PER_S);
    let disk = &rates.disks.expect("there are disks")[0];
    assert_eq!(
        (disk.read_bytes_per_s, disk.written_bytes_per_s, disk.busy_percent),
        (1024.0, 2560.0, 25.0),
        "4 and 10 sectors, 500 ms"
    );
    let net = &rates.interfaces.expect("there are interfaces")[0];
    assert_eq!(
        (net.received_bytes_per_s, net.sent_bytes_per_s),
        (500.0, 1.0),
        "bytes a second"
    );
}

/// A counter that fell has wrapped, or begun anew.
#[phase7::test(points = 1, rule = 13)]
fn counters_wrap() {
    assert_eq!(growth(1000, 1500), 500, "as usual");
    assert_eq!(growth(4_294_967_000, 204), 500, "over the edge of 32 bits");
    assert_eq!(growth(1000, 10), 0, "anew");
}

/// Of one core, as top(1) has it.
#[phase7::test(points = 1, rule = 14)]
fn processes_have_rates() {
    let tree = unpack(CONTAINER);
    let mut reader = reader(tree.path());
    let (mut before, mut after) = Default::default();
    reader.read(Duration::from_millis(500), &after, &mut before);
    let stat = String::from_utf8(file(CONTAINER, "17/stat")).expect("text");
    tree.write("17/stat", stat.replace(" 20 10 17 9 ", " 60 20 17 9 "));
    reader.read(Duration::from_secs(1), &before, &mut after);
    let rates = rates(&before, &after, TICKS_PER_S);
    assert_eq!(rates.processes, [0.0, 100.0], "50 ticks in half a second");
    assert_eq!(rates.interval, Duration::from_millis(500), "the interval");
}
