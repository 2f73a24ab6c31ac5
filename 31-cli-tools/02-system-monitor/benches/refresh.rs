//! The CPU time of 60 refreshes with 1,000 processes more, beside other monitors.
//!
//! `cargo bench -p system-monitor-solution` measures the reference, `cargo bench -p system-monitor` yours. Each monitor has
//! a terminal of 120 columns and 40 lines and reads every 0.3 seconds, the shortest time that all of them can be told:
//! htop knows tenths, and bottom nothing below 0.25. What counts is the CPU time that the kernel has charged, from the
//! start of the program to its end; the time on the clock is the same for all. Monitors that are not installed are left
//! out. Names on the command line choose among them: `cargo bench -p system-monitor -- htop`.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::{TimeVal, TimeValLike};
use phase7::Scratch;
use phase7::pty::Terminal;

const PROCESSES: usize = 1000;
const REFRESHES: u32 = 60;
const INTERVAL: Duration = Duration::from_millis(300);
const PROGRAM: &str = env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME")));

/// Processes that do nothing, ended with the bench.
struct Sleepers(Vec<Child>);

impl Sleepers {
    fn new() -> Self {
        let mut sleepers = Self(Vec::with_capacity(PROCESSES));
        for _ in 0..PROCESSES {
            let child = Command::new("sleep").arg("900").stdin(Stdio::null()).spawn();
            sleepers.0.push(child.expect("a process can be started"));
        }
        sleepers
    }
}

impl Drop for Sleepers {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
        }
        for child in &mut self.0 {
            let _ = child.wait();
        }
    }
}

/// The monitors: how to start each with the interval, and the key that ends it.
fn monitors(files: &Scratch) -> Vec<(&'static str, Command)> {
    let with = |program: &str, arguments: &[&str]| {
        let mut command = Command::new(program);
        command.args(arguments);
        command
    };
    files.write("btop/btop.conf", "update_ms = 300\n");
    let mut btop = with("btop", &["--utf-force"]);
    btop.env("XDG_CONFIG_HOME", files.path());
    let mut top = with("top", &["-d", "0.3"]);
    // Without a configuration of the user's own.
    top.env("HOME", files.path());
    let mut htop = with("htop", &["-d", "3"]);
    htop.env("HTOPRC", files.join("htoprc"));
    vec![
        ("system-monitor", with(PROGRAM, &["--delay", "0.3"])),
        ("btop", btop),
        ("top", top),
        ("htop", htop),
        ("bottom", with("btm", &["--rate", "300"])),
    ]
}

/// User and system time of all children that have ended and were waited for.
fn children_time() -> [Duration; 2] {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the kernel counts");
    let duration = |time: TimeVal| Duration::from_micros(time.num_microseconds().unsigned_abs());
    [duration(usage.user_time()), duration(usage.system_time())]
}

/// What a monitor needs for the refreshes.
fn measure(mut command: Command) -> [Duration; 2] {
    command.env("TERM", "xterm-256color").env("LC_ALL", "C.UTF-8");
    let before = children_time();
    let mut terminal = Terminal::spawn_command(command, 40, 120);
    // The first picture is there at once, and so is not one of the refreshes.
    std::thread::sleep(INTERVAL * REFRESHES + INTERVAL / 2);
    terminal.type_keys("q");
    terminal.wait();
    let after = children_time();
    [after[0] - before[0], after[1] - before[1]]
}

fn is_installed(command: &Command) -> bool {
    let program = command.get_program();
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|directory| directory.join(program).is_file())
}

/// Measures all that are installed and asked for.
pub fn main() {
    let asked: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with('-'))
        .collect();
    let files = Scratch::new();
    let _sleepers = Sleepers::new();
    println!("{REFRESHES} refreshes every {INTERVAL:?} with {PROCESSES} processes more: CPU time in ms");
    println!("{:16} {:>6} {:>6} {:>6}", "", "user", "system", "both");
    for (name, command) in monitors(&files) {
        if !asked.is_empty() && !asked.iter().any(|asked| asked == name) {
            continue;
        }
        if !is_installed(&command) {
            println!("{name:16} is not installed");
            continue;
        }
        let [user, system] = measure(command);
        let [user, system, both] = [user, system, user + system].map(|time| time.as_millis());
        println!("{name:16} {user:>6} {system:>6} {both:>6}");
    }
}
