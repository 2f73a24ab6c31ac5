//! Firmware, built from within a test for a target that the host is not.
//!
//! `cargo build --profile firmware --target T`, offline, into a target directory of its own:
//!
//! ```text
//! $PHASE7_FIRMWARE_TARGET, or target/firmware below the workspace's root
//! ├─ rustup/T/firmware/PACKAGE    the toolchain has the target: rustup target add T
//! ├─ distro/T/firmware/PACKAGE    it has not: the distribution's rustc builds `core` from its source first
//! └─ core/                        and keeps it here, see [`distro`]
//! ```
//!
//! The two ways have a directory each because two compilers in one evict each other's work. Tests that build the
//! same package at once wait for each other at Cargo's own lock, and all but the first find it done.

mod distro;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::Program;

/// The variable that names the directory to build into.
pub const TARGET_VARIABLE: &str = "PHASE7_FIRMWARE_TARGET";

/// How long a build may take: with `core` from source a minute, and several where others build as well. The test that
/// wants it may have less; the grader's first build, which all others begin with, has as much.
pub const DEADLINE: Duration = Duration::from_secs(600);

/// The distribution's compiler, and the library source that must be of the same version.
const DISTRO_RUSTC: &str = "/usr/bin/rustc";
const DISTRO_SOURCE: &str = "/usr/lib/rustlib/src/rust/library";

/// Where `core` for the target comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Core {
    /// From the toolchain: it has the target.
    Rustup,
    /// From source, with the distribution's compiler.
    Distro,
}

impl Core {
    /// How `target` can be built for on this machine, if it can.
    pub fn find(target: &str) -> Option<Self> {
        let printed = rustc(&["--print", "target-libdir", "--target", target]);
        if has_core(Path::new(printed.trim())) {
            Some(Self::Rustup)
        } else if Path::new(DISTRO_RUSTC).exists() && Path::new(DISTRO_SOURCE).is_dir() {
            Some(Self::Distro)
        } else {
            None
        }
    }

    /// The directory of this way below the target directory.
    fn directory(self) -> &'static str {
        match self {
            Self::Rustup => "rustup",
            Self::Distro => "distro",
        }
    }

    /// What Cargo's environment needs for it; `base` is where firmware is built. Never set these for a build for the host.
    fn environment(self, base: &Path, target: &str) -> Vec<(String, OsString)> {
        match self {
            Self::Rustup => Vec::new(),
            Self::Distro => {
                let sysroot = rustc(&["--print", "sysroot"]);
                let version = rustc(&["-vV"]);
                let host = version
                    .lines()
                    .find_map(|line| line.strip_prefix("host: "))
                    .expect("rustc names its host");
                let linker = format!("{}/lib/rustlib/{host}/bin/rust-lld", sysroot.trim());
                vec![
                    (
                        "RUSTC".into(),
                        distro::compiler(&base.join("core"), target).into(),
                    ),
                    (linker_variable(target), linker.into()),
                ]
            }
        }
    }
}

/// Builds the program of `package` for `target` and returns the path of the ELF file.
///
/// `directory` is any directory of the package's workspace.
///
/// # Panics
/// When the machine cannot build for the target, or the code does not compile, with the compiler's words.
#[track_caller]
pub fn build(directory: &Path, package: &str, target: &str) -> PathBuf {
    let Some(core) = Core::find(target) else {
        panic!("this machine cannot build for {target}: rustup target add {target}");
    };
    let root = workspace_root(directory).expect("a package lies in a workspace");
    let base = match std::env::var_os(TARGET_VARIABLE) {
        Some(path) => PathBuf::from(path),
        None => root.join("target/firmware"),
    };
    let base = std::path::absolute(base).expect("the current directory has a name");
    let into = base.join(core.directory());
    let mut cargo = Program::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .dir(&root)
        .args([
            "build",
            "--quiet",
            "--offline",
            "--profile",
            "firmware",
            "--target",
            target,
        ])
        .args(["--package", package, "--bin", package, "--target-dir"])
        .arg(&into)
        .deadline(DEADLINE);
    // Flags that were meant for the host's programs.
    for name in [
        "RUSTFLAGS",
        "CARGO_ENCODED_RUSTFLAGS",
        "RUSTC_WRAPPER",
        "RUSTC_WORKSPACE_WRAPPER",
    ] {
        cargo = cargo.env_remove(name);
    }
    for (name, value) in core.environment(&base, target) {
        cargo = cargo.env(name, value);
    }
    let output = cargo.run();
    assert!(
        output.code() == 0,
        "the firmware of {package} does not compile\n{}",
        output.stderr()
    );
    into.join(target).join("firmware").join(package)
}

/// The directory above `directory` whose manifest has a `[workspace]`.
pub fn workspace_root(directory: &Path) -> Option<PathBuf> {
    let directory = directory.canonicalize().ok()?;
    let is_root = |candidate: &&Path| {
        let manifest = std::fs::read_to_string(candidate.join("Cargo.toml")).unwrap_or_default();
        manifest.lines().any(|line| line.trim() == "[workspace]")
    };
    directory.ancestors().find(is_root).map(Path::to_owned)
}

/// What rustc prints; nothing when it fails, as it does for a target that it does not know.
fn rustc(arguments: &[&str]) -> String {
    Program::new("rustc")
        .args(arguments)
        .deadline(DEADLINE)
        .run()
        .stdout()
}

/// Whether a target's library directory holds `core`. rustc prints the path of one that is not installed, too.
pub fn has_core(directory: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(directory) else {
        return false;
    };
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        name.to_str()
            .is_some_and(|name| name.starts_with("libcore-") && name.ends_with(".rlib"))
    })
}

/// The variable by which Cargo takes a target's linker.
fn linker_variable(target: &str) -> String {
    format!(
        "CARGO_TARGET_{}_LINKER",
        target.to_uppercase().replace(['-', '.'], "_")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Scratch;

    #[test]
    fn the_root_is_the_manifest_with_a_workspace() {
        let scratch = Scratch::new();
        scratch.write("Cargo.toml", "[workspace]\nmembers = [\"a/b\"]\n");
        scratch.write(
            "a/b/Cargo.toml",
            "[package]\nname = \"b\"\n[lints]\nworkspace = true\n",
        );
        let root = workspace_root(&scratch.join("a/b")).expect("there is one");
        assert_eq!(root, scratch.path().canonicalize().expect("it exists"));
    }

    #[test]
    fn a_target_is_there_when_its_core_is() {
        let scratch = Scratch::new();
        assert!(!has_core(scratch.path()));
        assert!(!has_core(&scratch.join("absent")));
        scratch.write("libcore-0123.rmeta", "");
        assert!(!has_core(scratch.path()));
        scratch.write("libcore-0123.rlib", "");
        assert!(has_core(scratch.path()));
    }

    #[test]
    fn a_linker_is_named_as_cargo_names_it() {
        assert_eq!(
            linker_variable("thumbv8m.main-none-eabi"),
            "CARGO_TARGET_THUMBV8M_MAIN_NONE_EABI_LINKER"
        );
    }
}
