//! This program as Cargo's `RUSTC_WORKSPACE_WRAPPER`: what the grader adds to a learner's compilation.
//!
//! Cargo calls `xtask RUSTC ARGUMENTS…` for the packages of the stage, and only for them. A safe exercise's
//! library gets `-F unsafe_code`, which no attribute in it can take back and which reaches neither its tests nor
//! its dependencies; and every staged compilation has a limit on processor time and memory.

use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

use nix::sys::resource::{Resource, setrlimit};

/// The variable that makes this program the wrapper: the names of the safe library crates, with commas.
pub const SAFE_CRATES: &str = "PHASE7_SAFE_CRATES";

/// Processor time of one compilation, in seconds.
const CPU_S: u64 = 120;

/// Address space of one compilation, in bytes.
const MEMORY: u64 = 8 << 30;

/// Whether this process was started as the wrapper.
pub fn is_asked_for() -> bool {
    std::env::var_os(SAFE_CRATES).is_some()
        && std::env::args_os().nth(1).is_some_and(|compiler| {
            std::path::Path::new(&compiler)
                .file_stem()
                .is_some_and(|name| name == "rustc" || name == "clippy-driver")
        })
}

/// Becomes the compiler.
pub fn run() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let Some(compiler) = arguments.next() else {
        return ExitCode::from(2);
    };
    let arguments: Vec<_> = arguments.collect();
    let safe_crates = std::env::var(SAFE_CRATES).unwrap_or_default();
    let mut command = Command::new(compiler);
    command.args(&arguments).env_remove(SAFE_CRATES);
    let text: Vec<_> = arguments
        .iter()
        .map(|argument| argument.to_string_lossy())
        .collect();
    if is_safe_library(&text, &safe_crates) {
        command.arg("-Funsafe_code");
    }
    for (resource, limit) in [(Resource::RLIMIT_CPU, CPU_S), (Resource::RLIMIT_AS, MEMORY)] {
        // A lower limit that the machine already sets is as good.
        let _ = setrlimit(resource, limit, limit);
    }
    let error = command.exec();
    eprintln!("xtask: cannot start the compiler: {error}");
    ExitCode::from(2)
}

/// Whether these are the arguments that compile the library of a safe exercise.
fn is_safe_library(arguments: &[std::borrow::Cow<'_, str>], safe_crates: &str) -> bool {
    let after = |flag: &str| {
        let index = arguments.iter().position(|argument| argument == flag)?;
        arguments.get(index + 1).map(AsRef::as_ref)
    };
    let is_library = after("--crate-type").is_some_and(|kind| kind == "lib");
    let name = after("--crate-name").unwrap_or_default();
    is_library && safe_crates.split(',').any(|safe| safe == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_safe(line: &str) -> bool {
        let arguments: Vec<_> = line.split(' ').map(std::borrow::Cow::from).collect();
        is_safe_library(&arguments, "file_search,tcp_echo")
    }

    #[test]
    fn only_the_library_of_a_safe_exercise_is_held_to_it() {
        assert!(is_safe(
            "--crate-name file_search --edition=2024 src/lib.rs --crate-type lib"
        ));
        assert!(!is_safe(
            "--crate-name bump_allocator src/lib.rs --crate-type lib"
        ));
        assert!(!is_safe("--crate-name file_search main.rs --crate-type bin"));
        assert!(!is_safe("--crate-name open tests/open.rs --test"));
    }
}
