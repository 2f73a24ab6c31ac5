//! The viewer beside `less` and `lnav` on 1 GiB, and the filter beside `ripgrep` and `awk` on 100 MiB.
//!
//! `cargo bench -p log-viewer-solution` measures the reference, `cargo bench -p log-viewer` yours. Peers that are not
//! installed are left out. The log lies in the temporary directory, which is cleared at the end.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use phase7::pty::Terminal;

const PROGRAM: &str = env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME")));
const VIEWED_BYTES: u64 = 1 << 30;
const FILTERED_BYTES: u64 = 100 << 20;
/// What the first screen shows, whoever draws it: a part of the fifth line.
const FIRST_SCREEN: &str = "worker-5";
/// How often each filter runs.
const RUNS: u32 = 10;
/// How often each viewer starts. The median counts: the first start reads the program from the disk.
const STARTS: usize = 9;
/// Ticks of `/proc/self/stat`, a second.
const TICKS: f64 = 100.0;

/// Runs all comparisons.
pub fn main() {
    // Cargo's own flags, as `--bench`, say nothing here.
    let directory = phase7::Scratch::new();
    let large = generate(&directory.join("large.log"), VIEWED_BYTES);
    println!("| viewer of 1 GiB | first screen | PSS then | CPU when indexed | PSS then |");
    println!("|---|---|---|---|---|");
    let settled: fn(&str) -> bool = |screen| screen.contains("records") && !screen.contains("so far");
    view("log-viewer", PROGRAM, &["--zone", "UTC"], &large, Some(settled));
    view("less", "less", &[], &large, None);
    view("lnav", "lnav", &[], &large, Some(|_| false));
    std::fs::remove_file(&large).expect("it was made here");

    let small = generate(&directory.join("small.log"), FILTERED_BYTES);
    let small = small.to_str().expect("a path of letters");
    println!("\n| filter of 100 MiB | CPU |\n|---|---|");
    let own = |filter| vec!["--no-tui", "--zone", "UTC", "-e", filter, small];
    filter("log-viewer, level=error", PROGRAM, &own("level=error"));
    filter("log-viewer, text", PROGRAM, &own("\"timeout while\""));
    filter("log-viewer, field", PROGRAM, &own("user=u77 and took<50"));
    filter("ripgrep", "rg", &["timeout while", small]);
    filter("awk", "awk", &["/timeout while/", small]);
    filter("awk, field", "awk", &["$7 == \"user=u77\"", small]);
}

/// Views `path` on a terminal until `is_indexed`, or for eleven seconds.
fn view(name: &str, program: &str, flags: &[&str], path: &Path, is_indexed: Option<fn(&str) -> bool>) {
    if !is_installed(program) {
        return;
    }
    let path = path.to_str().expect("a path of letters");
    let start = || {
        let started = Instant::now();
        let terminal = Terminal::spawn(program, &[flags, &[path]].concat(), 24, 100);
        while !terminal.screen().contains(FIRST_SCREEN) {
            assert!(
                started.elapsed() < Duration::from_secs(60),
                "{}",
                terminal.screen()
            );
            std::thread::sleep(Duration::from_micros(100));
        }
        (started, started.elapsed(), terminal)
    };
    let mut firsts = Vec::new();
    for _ in 1..STARTS {
        // Dropped with its program: lnav takes its time to obey a key.
        let (_, first, _terminal) = start();
        firsts.push(first);
    }
    let (started, first, terminal) = start();
    firsts.push(first);
    firsts.sort();
    let first = firsts[STARTS / 2];
    let first_kib = pss_kib(terminal.id());
    let mut row = format!(
        "| {name} | {:.1} ms | {first_kib} KiB |",
        first.as_secs_f64() * 1e3
    );
    if let Some(is_indexed) = is_indexed {
        while !is_indexed(&terminal.screen()) && started.elapsed() < Duration::from_secs(11) {
            std::thread::sleep(Duration::from_millis(2));
        }
        let cpu = ticks(&format!("/proc/{}/stat", terminal.id()), 14) / TICKS;
        row.push_str(&format!(" {cpu:.2} s | {} KiB |", pss_kib(terminal.id())));
    } else {
        row.push_str(" | |");
    }
    println!("{row}");
}

/// Runs a filter, and prints what CPU it takes.
fn filter(name: &str, program: &str, arguments: &[&str]) {
    if !is_installed(program) {
        return;
    }
    let before = ticks("/proc/self/stat", 16);
    for _ in 0..RUNS {
        let status = Command::new(program)
            .args(arguments)
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status();
        status.expect("it is installed");
    }
    let spent = ticks("/proc/self/stat", 16) - before;
    println!("| {name} | {:.0} ms |", spent / TICKS * 1e3 / f64::from(RUNS));
}

/// Two neighbouring fields of a `stat` of `/proc`, user and system time, added up; the first is number `first`.
fn ticks(path: &str, first: usize) -> f64 {
    let stat = std::fs::read_to_string(path).unwrap_or_default();
    // The second field is a name in brackets, and may hold blanks.
    let behind = stat.rsplit_once(") ").map_or("", |(_, behind)| behind);
    // What is left begins with the third.
    let numbers = behind.split(' ').skip(first - 3).take(2);
    numbers.filter_map(|number| number.parse::<f64>().ok()).sum()
}

/// The process's share of the memory in use.
fn pss_kib(process: i32) -> u64 {
    let rollup = std::fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap_or_default();
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.unwrap_or(0)
}

fn is_installed(program: &str) -> bool {
    let probe = Command::new("sh")
        .args(["-c", "command -v \"$0\" > /dev/null", program])
        .status();
    probe.is_ok_and(|status| status.success())
}

/// Writes a log of a service with sixteen workers, a hundred records a second, the same at each run.
fn generate(path: &Path, bytes: u64) -> PathBuf {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path).expect("there is room"));
    let levels = ["INFO", "INFO", "INFO", "DEBUG", "INFO", "INFO", "WARN", "INFO"];
    let mut written = 0;
    for number in 0_u64.. {
        let (second, level) = (number / 100, levels[number as usize % 8]);
        let level = if number % 101 == 0 { "ERROR" } else { level };
        let extra = if number % 997 == 0 {
            " timeout while reading"
        } else {
            ""
        };
        let line = format!(
            "2026-11-{:02}T{:02}:{:02}:{:02}.{:03}Z {level} worker-{} request id={:08x} path=/api/v1/items/{} took={} user=u{}{extra}\n",
            1 + second / 86_400 % 28,
            second / 3600 % 24,
            second / 60 % 60,
            second % 60,
            number % 100 * 10,
            number % 16,
            number.wrapping_mul(2_654_435_761) & 0xffff_ffff,
            number % 977,
            number % 331,
            number % 5003,
        );
        out.write_all(line.as_bytes()).expect("there is room");
        written += line.len() as u64;
        if written >= bytes {
            break;
        }
    }
    out.flush().expect("there is room");
    path.to_owned()
}
