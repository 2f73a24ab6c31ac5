//! The open tests under Miri, an interpreter that knows what undefined behaviour is.
//!
//! [`miri_open_tests!`](crate::miri_open_tests) in a hidden test with `needs = "miri"`; the exercise has
//! `sandbox = ["toolchain"]`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::Program;

/// The variable that names the directory to build into.
pub const TARGET_VARIABLE: &str = "PHASE7_MIRI_TARGET";

/// Interprets the open tests of the package that this stands in, and says how many passed; see
/// [`miri::open_tests`](crate::miri::open_tests).
#[macro_export]
macro_rules! miri_open_tests {
    () => {
        $crate::miri::open_tests(
            env!("CARGO_PKG_NAME"),
            ::std::path::Path::new(env!("CARGO_MANIFEST_DIR")),
            ::std::path::Path::new(env!("CARGO_TARGET_TMPDIR")),
        )
    };
}

/// Interprets the open tests of `package`, which lies in `directory`, and says how many passed. `temporary` is what Cargo
/// gives the package's tests to write to: Miri's target directory lies beside it, unless the variable says otherwise.
///
/// # Panics
/// When one does not pass, with the end of what Miri says about it.
#[track_caller]
pub fn open_tests(package: &str, directory: &Path, temporary: &Path) -> usize {
    // Where the reference is tested, all tests are modules of one target.
    let (target, filter) = if package.ends_with("-solution") {
        ("course", "open::")
    } else {
        ("open", "")
    };
    let into =
        std::env::var_os(TARGET_VARIABLE).map_or_else(|| temporary.with_file_name("miri"), PathBuf::from);
    let output = Program::new("rustup")
        .args([
            "run",
            "nightly",
            "cargo",
            "miri",
            "test",
            "--offline",
            "--color=never",
        ])
        .args(["--package", package, "--test", target])
        .arg("--target-dir")
        .arg(into)
        .args(["--", filter])
        .dir(directory)
        .env("MIRIFLAGS", "-Zmiri-strict-provenance")
        // The evidence is this test's own. The rest is what cargo set for it, of another toolchain.
        .env_remove("PHASE7_EVIDENCE")
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("CARGO")
        .env_remove("RUSTC")
        .env_remove("RUSTFLAGS")
        .env_remove("LD_LIBRARY_PATH")
        .deadline(Duration::from_secs(290))
        .run();
    let (stdout, stderr) = (output.stdout(), output.stderr());
    let passed = stdout
        .lines()
        .find_map(|line| line.strip_prefix("test result: ok. "))
        .and_then(first_number);
    match passed {
        Some(passed) if output.code() == 0 => passed,
        _ => panic!(
            "Miri objects (exit code {})\n{}\n{}",
            output.code(),
            end_of(&stdout),
            end_of(&stderr)
        ),
    }
}

fn first_number(text: &str) -> Option<usize> {
    text.split(' ').next()?.parse().ok()
}

/// The last lines: Miri's report, without the list of packages before it.
fn end_of(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(60)..].join("\n")
}
