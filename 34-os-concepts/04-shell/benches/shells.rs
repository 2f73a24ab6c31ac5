//! What a shell does all day, beside `dash` and `bash`: start, loop, parse, fork.
//!
//! `cargo bench -p shell-solution` measures the reference, `cargo bench -p shell` yours. Each work is run by each shell in
//! turn, round after round; what counts is the CPU time of the shell and of its children together (`getrusage`), which
//! other work on the machine disturbs less than the clock. A shell that is not there is left out.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use phase7::Scratch;

/// A work: its name, how often the shell is started for it, and the arguments.
struct Work {
    name: &'static str,
    starts: usize,
    arguments: Vec<String>,
}

/// Rounds of everything; the median is shown.
const ROUNDS: usize = 7;

fn works(scratch: &Scratch) -> Vec<Work> {
    let script = |name: &'static str, text: String| {
        let path = scratch
            .write(format!("{name}.sh"), text)
            .to_string_lossy()
            .into_owned();
        Work {
            name,
            starts: 1,
            arguments: vec![path],
        }
    };
    let line =
        "if [ \"$a\" = b ] && c \"$d\" 'e f' >g 2>&1; then h=${i:-j} k $(l | m) $((n + 1)); else o; fi\n";
    let parsed = scratch
        .write("parsed.sh", line.repeat(50_000))
        .to_string_lossy()
        .into_owned();
    vec![
        Work {
            name: "200 starts",
            starts: 200,
            arguments: vec!["-c".into(), ":".into()],
        },
        script(
            "300,000 rounds of a loop",
            "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done\n".into(),
        ),
        Work {
            name: "50,000 lines parsed",
            starts: 1,
            arguments: vec!["-n".into(), parsed],
        },
        script(
            "500 subshells",
            "i=0; while [ $i -lt 500 ]; do (:); i=$((i+1)); done\n".into(),
        ),
        script(
            "500 substitutions",
            "i=0; while [ $i -lt 500 ]; do x=$(echo a; echo b); i=$((i+1)); done\n".into(),
        ),
        script(
            "500 substitutions of echo",
            "i=0; while [ $i -lt 500 ]; do x=$(echo a); i=$((i+1)); done\n".into(),
        ),
        script(
            "1,000 programs",
            "i=0; while [ $i -lt 1000 ]; do /bin/true; i=$((i+1)); done\n".into(),
        ),
        script(
            "200 pipelines of three",
            "i=0; while [ $i -lt 200 ]; do echo a | cat | /bin/true; i=$((i+1)); done\n".into(),
        ),
    ]
}

/// CPU time of all children so far, in microseconds.
fn used() -> i64 {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("usage can be asked for");
    usage.user_time().num_microseconds() + usage.system_time().num_microseconds()
}

/// CPU time and wall-clock time of a work, in milliseconds.
fn measure(shell: &str, work: &Work, directory: &Path) -> (f64, f64) {
    let (before, started) = (used(), Instant::now());
    for _ in 0..work.starts {
        let status = Command::new(shell)
            .args(&work.arguments)
            .current_dir(directory)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status()
            .expect("the shell can be started");
        assert!(status.success(), "{shell} has failed at {}", work.name);
    }
    let wall = started.elapsed().as_secs_f64() * 1e3;
    #[expect(clippy::cast_precision_loss, reason = "microseconds of a bench fit")]
    let cpu = (used() - before) as f64 / 1e3;
    (cpu, wall)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// All of them.
pub fn main() {
    let scratch = Scratch::new();
    let own = env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME")));
    let shells: Vec<&str> = [own, "/bin/dash", "/bin/bash"]
        .into_iter()
        .filter(|path| Path::new(path).exists())
        .collect();
    println!(
        "{:<28}{:>22}{:>22}{:>22}",
        "CPU ms (wall ms)", "shell", "dash", "bash"
    );
    for work in works(&scratch) {
        let mut times = vec![(Vec::new(), Vec::new()); shells.len()];
        for _ in 0..ROUNDS {
            for (shell, (cpu, wall)) in shells.iter().zip(&mut times) {
                let (this_cpu, this_wall) = measure(shell, &work, scratch.path());
                cpu.push(this_cpu);
                wall.push(this_wall);
            }
        }
        print!("{:<28}", work.name);
        for (cpu, wall) in times {
            print!("{:>22}", format!("{:.0} ({:.0})", median(cpu), median(wall)));
        }
        println!();
    }
}
