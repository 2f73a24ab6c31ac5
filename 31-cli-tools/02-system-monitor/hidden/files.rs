//! Rules 1 to 8: kernels of several ages, and bytes that are damaged.

use system_monitor::parse::{self, Fault, ParseError};

use super::LINUX_6_6;
use super::support::{CONTAINER, LINUX_3_10, LINUX_5_10, file, files};

/// Cores that are switched off leave holes; old kernels have fewer columns, new ones more.
#[phase7::test(points = 1, rule = 1)]
fn processors_of_all_kernels_are_read() {
    let cpus = parse::cpus(&file(LINUX_6_6, "stat")).expect("a sound file");
    let numbers: Vec<u32> = cpus.cores.iter().map(|core| core.number).collect();
    assert_eq!(numbers, [0, 1, 3, 4, 6, 7], "the cores that are on");
    let old = parse::cpus(b"cpu 1 2 3 4\ncpu0 1 2 3 4\n").expect("four columns are enough");
    assert_eq!(
        old.total.columns(),
        [1, 2, 3, 4, 0, 0, 0, 0],
        "a kernel of long ago"
    );
    let new = parse::cpus(b"cpu 1 2 3 4 5 6 7 8 9 10 11 12\n").expect("what follows is not looked at");
    assert_eq!(
        new.total.columns(),
        [1, 2, 3, 4, 5, 6, 7, 8],
        "one that is to come"
    );
    let short = parse::cpus(b"cpu 1 2 3\n").expect_err("three are not enough");
    assert_eq!(
        (short.file, short.field.as_str(), short.fault),
        ("stat", "idle", Fault::Missing),
        "what is missing"
    );
}

/// What is free, and what can be read again, but not what is shared.
#[phase7::test(points = 1, rule = 2)]
fn available_memory_is_estimated() {
    let memory = parse::memory(&file(LINUX_3_10, "meminfo")).expect("a sound file");
    let available_kib = 400_000 + 20_000 + 200_000 + 30_000 - 16_000;
    assert_eq!(
        memory.available_bytes,
        available_kib * 1024,
        "without MemAvailable"
    );
    let odd = parse::memory(b"MemTotal: 10 kB\nMemAvailable: 20 kB\nSwapTotal: 1 kB\nSwapFree: 5 kB\n");
    let odd = odd.expect("odd, but sound");
    assert_eq!(
        (odd.used_bytes(), odd.swap_used_bytes()),
        (0, 0),
        "never less than nothing"
    );
    let swapless = parse::memory(&file(LINUX_6_6, "meminfo")).expect("a sound file");
    assert_eq!(swapless.swap_total_bytes, 0, "Zswap is no swap");
}

/// Only numbers that can be true.
#[phase7::test(points = 1, rule = 3)]
fn loads_are_finite() {
    for text in [
        &b"0.00 nan 0.05"[..],
        b"0.00 0.01 inf",
        b"0.00 -1 0.05",
        b"0.00 1e999 0.1",
    ] {
        let error = parse::load(text).expect_err("no load");
        assert_eq!(
            (error.file, error.fault),
            ("loadavg", Fault::Invalid),
            "{}",
            String::from_utf8_lossy(text)
        );
    }
    let error = parse::load(b"0.00 0.01\n").expect_err("two are not three");
    assert_eq!(
        (error.field.as_str(), error.fault),
        ("15 min", Fault::Missing),
        "what is missing"
    );
}

/// `nvme0n1p1` is a partition, `dm-0` and `sdb` are disks, `loop0` has never done anything.
#[phase7::test(points = 1, rule = 4)]
fn partitions_are_no_disks() {
    let names = |tree| -> Vec<String> {
        let disks = parse::disks(&file(tree, "diskstats")).expect("a sound file");
        disks.into_iter().map(|disk| disk.name).collect()
    };
    assert_eq!(names(LINUX_5_10), ["nvme0n1", "dm-0", "sdb"], "20 columns");
    assert_eq!(names(LINUX_6_6), ["mmcblk0"], "a card");
    let many: String = [
        "dm-1", "dm-10", "sda", "sdaa", "sdaa1", "md12", "md127", "md127p1",
    ]
    .iter()
    .map(|name| format!("8 0 {name} 1 0 8 1 1 0 8 1 0 1 1\n"))
    .collect();
    let disks = parse::disks(many.as_bytes()).expect("a sound file");
    let names: Vec<String> = disks.into_iter().map(|disk| disk.name).collect();
    assert_eq!(
        names,
        ["dm-1", "dm-10", "sda", "sdaa", "md12", "md127"],
        "names that begin alike"
    );
}

/// A name may have a colon.
#[phase7::test(points = 1, rule = 5)]
fn the_last_colon_ends_a_name() {
    let interfaces = parse::interfaces(&file(LINUX_5_10, "net/dev")).expect("a sound file");
    let last = interfaces.last().expect("there are three");
    assert_eq!(
        (last.name.as_str(), last.received_bytes, last.sent_bytes),
        ("br-1:2", 5, 7),
        "an alias"
    );
    let error = parse::interfaces(b"-\n-\neth0 12 13\n").expect_err("no colon");
    assert_eq!(error.fault, Fault::Missing, "a line without a name");
}

/// A resident set below zero, as some kernels tell for a moment; a name that is all parentheses.
#[phase7::test(points = 1, rule = 6)]
fn odd_processes_are_read() {
    let line = b"7 ())(() Z 0 7 7 0 -1 0 0 0 0 0 3 4 -1 0 20 -5 1 0 9 0 -3 0 0\n";
    let stat = parse::process(line).expect("a sound file");
    assert_eq!(stat.name, b"))((", "what stands between the outermost ones");
    assert_eq!(
        (stat.cpu_ticks, stat.resident_pages, stat.start_ticks),
        (7, 0, 9),
        "below zero is none"
    );
    assert_eq!(
        parse::process(&file(LINUX_6_6, "71/stat")).map(|stat| stat.name.len()),
        Ok(26),
        "kernel threads have longer names"
    );
}

/// Each beginning of each file, and each of their bytes replaced: values or errors, and never a panic.
#[phase7::test(points = 2, rule = 7)]
fn no_damage_makes_a_panic() {
    type Parser = fn(&[u8]) -> Result<(), ParseError>;
    let parsers: [(&str, Parser); 8] = [
        ("stat", |bytes| parse::cpus(bytes).map(drop)),
        ("meminfo", |bytes| parse::memory(bytes).map(drop)),
        ("loadavg", |bytes| parse::load(bytes).map(drop)),
        ("uptime", |bytes| parse::uptime_s(bytes).map(drop)),
        ("diskstats", |bytes| parse::disks(bytes).map(drop)),
        ("net/dev", |bytes| parse::interfaces(bytes).map(drop)),
        ("1/stat", |bytes| parse::process(bytes).map(drop)),
        ("1/status", |bytes| parse::uid(bytes).map(drop)),
    ];
    let mut errors = 0;
    for (path, parser) in parsers {
        let sound = file(LINUX_3_10, path);
        parser(&sound).expect("a sound file");
        for end in 0..sound.len() {
            errors += usize::from(parser(&sound[..end]).is_err());
        }
        for at in 0..sound.len() {
            for byte in [0, b')', b'-', b' ', b'\n', 0xff] {
                let mut damaged = sound.clone();
                damaged[at] = byte;
                errors += usize::from(parser(&damaged).is_err());
            }
        }
    }
    assert!(errors > 1000, "damage that was seen: {errors}");
    let large = b"99999999999999999999 (x) S 1";
    let error = parse::process(large).expect_err("no PID is so large");
    assert_eq!(error.file, "[pid]/stat", "the file's name in the manual");
    let error = parse::cpus(b"cpu 1 2 3 18446744073709551616\n").expect_err("one more than fits");
    assert_eq!(
        (error.field.as_str(), error.fault),
        ("idle", Fault::Invalid),
        "out of range"
    );
}

/// What could move the cursor of a terminal is shown as `?`.
#[phase7::test(points = 1, rule = 8)]
fn command_lines_are_harmless() {
    let line = parse::command_line(b"a\0\0b\x1b[2J\n\xff\0\0\0");
    assert_eq!(line.as_deref(), Some("a  b?[2J?\u{fffd}"), "all of it");
    assert_eq!(
        parse::command_line(b"\0\0"),
        None,
        "nothing but ends of arguments"
    );
    assert!(
        files(CONTAINER).any(|(path, _)| path == "17/status")
            && parse::uid(b"Name:\tx\nUid:\t33\t0\t0\t0\n") == Ok(33),
        "the real user, not the effective one"
    );
}
