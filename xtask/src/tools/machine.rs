//! Where tools lie on a machine.

use std::cell::OnceCell;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use phase7::firmware::has_core;

/// The places that probes look at.
#[derive(Debug)]
pub struct Machine {
    /// The directories of the PATH.
    path: Vec<PathBuf>,
    /// rustup's directory, with its toolchains.
    pub rustup_home: PathBuf,
    /// Where Miri keeps its library.
    pub miri_library: PathBuf,
    /// The root of the file system.
    files: PathBuf,
    /// Whether this user is root.
    pub is_root: bool,
    /// The sysroot of the compiler in use; asked for once.
    sysroot: OnceCell<Option<PathBuf>>,
}

impl Machine {
    /// This one.
    pub fn here() -> Self {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let home = std::env::home_dir().unwrap_or_default();
        Self {
            path: std::env::split_paths(&path).collect(),
            rustup_home: std::env::var_os("RUSTUP_HOME").map_or_else(|| home.join(".rustup"), PathBuf::from),
            miri_library: miri_library(&home),
            files: "/".into(),
            is_root: nix::unistd::geteuid().is_root(),
            sysroot: OnceCell::new(),
        }
    }

    /// Whether a program of this name is on the PATH.
    pub fn has_program(&self, name: &str) -> bool {
        self.path
            .iter()
            .any(|directory| is_program(&directory.join(name)))
    }

    /// Whether there is a Linux `/proc`.
    pub fn has_proc(&self) -> bool {
        self.files.join("proc/self/stat").is_file()
    }

    /// Whether the kernel has POSIX message queues.
    pub fn has_mqueue(&self) -> bool {
        self.files.join("proc/sys/fs/mqueue").is_dir()
    }

    /// Whether a daemon of this name is installed: it may lie where an ordinary user's `PATH` does not lead.
    pub fn has_daemon(&self, name: &str) -> bool {
        self.has_program(name) || is_program(&self.files.join("usr/sbin").join(name))
    }

    /// Whether a program of this name is where Cargo looks for its subcommands.
    pub fn has_cargo_program(&self, name: &str) -> bool {
        is_program(&super::toolchain::cargo_home().join("bin").join(name)) || self.has_program(name)
    }

    /// The rule of `phase7::firmware`: the toolchain has the target, or else the distribution has a compiler with
    /// the source of its `core`.
    pub fn can_build_for(&self, target: &str) -> bool {
        let library = |sysroot: &Path| has_core(&sysroot.join("lib/rustlib").join(target).join("lib"));
        self.sysroot.get_or_init(sysroot).as_deref().is_some_and(library)
            || is_program(&self.files.join("usr/bin/rustc"))
                && self.files.join("usr/lib/rustlib/src/rust/library").is_dir()
    }

    /// Whether the toolchain `nightly` has Miri, and the source that it builds its library from.
    pub fn has_miri(&self) -> bool {
        let Ok(entries) = std::fs::read_dir(self.rustup_home.join("toolchains")) else {
            return false;
        };
        entries.flatten().any(|entry| {
            let name = entry.file_name();
            // A digit follows in the name of a dated nightly, which `+nightly` is not.
            let host = name.to_str().and_then(|name| name.strip_prefix("nightly-"));
            host.is_some_and(|host| !host.starts_with(|first: char| first.is_ascii_digit()))
                && is_program(&entry.path().join("bin/cargo-miri"))
                && entry.path().join("lib/rustlib/src/rust/library").is_dir()
        })
    }

    /// Whether Miri has compiled its library, for whichever nightly.
    pub fn has_miri_library(&self) -> bool {
        self.miri_library.join("lib/rustlib").is_dir()
    }
}

/// Where Miri puts its library when nobody says otherwise.
fn miri_library(home: &Path) -> PathBuf {
    let named = std::env::var_os("MIRI_SYSROOT").map(PathBuf::from);
    named.unwrap_or_else(|| match std::env::var_os("XDG_CACHE_HOME") {
        Some(cache) => PathBuf::from(cache).join("miri"),
        None if cfg!(target_os = "macos") => home.join("Library/Caches/org.rust-lang.miri"),
        None => home.join(".cache/miri"),
    })
}

/// The sysroot of the compiler in use. Cargo tells its programs where it lies, which spares starting rustc.
fn sysroot() -> Option<PathBuf> {
    let beside_cargo = std::env::var_os("CARGO").and_then(|cargo| {
        let sysroot = Path::new(&cargo).parent()?.parent()?.to_owned();
        sysroot.join("lib/rustlib").is_dir().then_some(sysroot)
    });
    beside_cargo.or_else(|| {
        let output = Command::new("rustc").args(["--print", "sysroot"]).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| PathBuf::from(text.trim()))
    })
}

/// Whether a file is there and can be started.
fn is_program(path: &Path) -> bool {
    std::fs::metadata(path)
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
impl Machine {
    /// A machine in a directory, on which only these programs are installed.
    pub fn with_programs(files: &Path, programs: &[&str]) -> Self {
        for program in programs {
            install(&files.join("bin").join(program));
        }
        Self {
            path: vec![files.join("bin")],
            rustup_home: files.join("rustup"),
            miri_library: files.join("miri"),
            files: files.to_owned(),
            is_root: false,
            sysroot: OnceCell::from(Some(files.join("sysroot"))),
        }
    }
}

/// A file that can be started.
#[cfg(test)]
fn install(path: &Path) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, "").unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_there_when_its_core_is() {
        let files = tempfile::tempdir().unwrap();
        let machine = Machine::with_programs(files.path(), &[]);
        let library = files.path().join("sysroot/lib/rustlib/t/lib");
        std::fs::create_dir_all(&library).unwrap();
        assert!(!machine.can_build_for("t"));
        std::fs::write(library.join("libcore-12.rlib"), "").unwrap();
        assert!(machine.can_build_for("t"));
    }

    #[test]
    fn the_distributions_compiler_does_with_its_source() {
        let files = tempfile::tempdir().unwrap();
        let machine = Machine::with_programs(files.path(), &[]);
        install(&files.path().join("usr/bin/rustc"));
        assert!(!machine.can_build_for("t"));
        std::fs::create_dir_all(files.path().join("usr/lib/rustlib/src/rust/library")).unwrap();
        assert!(machine.can_build_for("t"));
    }

    #[test]
    fn miri_is_the_nightlys_own_with_its_source() {
        let files = tempfile::tempdir().unwrap();
        let machine = Machine::with_programs(files.path(), &[]);
        let fill = |toolchain: &str| {
            let toolchain = files.path().join("rustup/toolchains").join(toolchain);
            install(&toolchain.join("bin/cargo-miri"));
            std::fs::create_dir_all(toolchain.join("lib/rustlib/src/rust/library")).unwrap();
        };
        fill("nightly-2026-01-01-x86_64-unknown-linux-gnu");
        assert!(!machine.has_miri());
        fill("nightly-x86_64-unknown-linux-gnu");
        assert!(machine.has_miri());
    }

    #[test]
    fn a_file_that_cannot_be_started_is_no_program() {
        let files = tempfile::tempdir().unwrap();
        let machine = Machine::with_programs(files.path(), &["a"]);
        std::fs::write(files.path().join("bin/b"), "").unwrap();
        assert!(machine.has_program("a") && !machine.has_program("b"));
    }
}
