//! Runs the open tests under Miri, an interpreter that knows what undefined behaviour is.

use std::path::{Path, PathBuf};
use std::time::Duration;

use phase7::Program;

/// Interprets the open tests and returns how many passed.
///
/// # Panics
/// When one does not pass, with the end of what Miri says about it.
#[track_caller]
pub fn open_tests() -> usize {
    // Where the reference is tested, all tests are modules of one target.
    let is_reference = env!("CARGO_PKG_NAME").ends_with("-solution");
    let (target, filter) = if is_reference {
        ("course", "open::")
    } else {
        ("open", "")
    };
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
        .args(["--package", env!("CARGO_PKG_NAME"), "--test", target])
        .arg("--target-dir")
        .arg(target_directory())
        .args(["--", filter])
        .dir(env!("CARGO_MANIFEST_DIR"))
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

/// A target directory beside this build's own, or as the variable says.
fn target_directory() -> PathBuf {
    std::env::var_os("PHASE7_MIRI_TARGET").map_or_else(
        || Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("miri"),
        PathBuf::from,
    )
}
