//! A compiler for a target that the toolchain does not have: the distribution's, with `core` and `alloc` built from its source.
//!
//! ```text
//! DIRECTORY
//! ├─ VERSION-T/bin/rustc         calls the distribution's compiler, with this sysroot for T and its own for the host
//! ├─ VERSION-T/lib/rustlib/T/lib    libcore-*.rlib, liballoc-*.rlib, libcompiler_builtins-*.rlib
//! └─ library/                    where Cargo has built them
//! ```
//!
//! Cargo could build the library along with each program (`-Z build-std`). It then wants the library's own dependencies out of
//! its registry, where nobody has put them, and a test has no network. The distribution's source has them beside it, but a
//! source can be replaced for a whole workspace only: so the library is built in a workspace of its own, which has no other
//! dependencies. Then it is at hand for every program, and no program needs an unstable option.

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::{DEADLINE, DISTRO_RUSTC, DISTRO_SOURCE};
use crate::{Program, Scratch};

/// The crates of the library that firmware is linked with.
const CRATES: [&str; 3] = ["libcore-", "liballoc-", "libcompiler_builtins-"];

/// The compiler for `target`, which is made when it is not in `directory` yet.
///
/// # Panics
/// When the library does not compile, with the compiler's words.
#[track_caller]
pub fn compiler(directory: &Path, target: &str) -> PathBuf {
    let version = Program::new(DISTRO_RUSTC)
        .arg("-V")
        .deadline(DEADLINE)
        .run()
        .stdout();
    let version = version.split_whitespace().nth(1).unwrap_or("unknown").to_owned();
    let sysroot = directory.join(format!("{version}-{target}"));
    let compiler = sysroot.join("bin/rustc");
    if !compiler.exists() {
        let library = build_library(directory, target);
        // Whoever is first puts it in place, whole; all others find it there.
        let made = tempfile::tempdir_in(directory).expect("the target directory takes a directory");
        let new = made.path().join("sysroot");
        assemble(&new, &library, target).expect("the target directory takes a few files");
        if std::fs::rename(&new, &sysroot).is_err() {
            assert!(compiler.exists(), "cannot put a sysroot at {}", sysroot.display());
        }
    }
    compiler
}

/// Builds the library; where its crates lie.
#[track_caller]
fn build_library(directory: &Path, target: &str) -> PathBuf {
    let seed = Scratch::new();
    seed.write(
        "Cargo.toml",
        "[package]\nname = \"seed\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n",
    );
    seed.write("src/lib.rs", "#![no_std]\n");
    let into = directory.join("library");
    let output = Program::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .dir(seed.path())
        .args(["build", "--quiet", "--release", "--offline", "--target", target])
        .args(["--config", "source.crates-io.replace-with='distribution'"])
        .arg("--config")
        .arg(format!("source.distribution.directory='{DISTRO_SOURCE}/vendor'"))
        .arg("--target-dir")
        .arg(&into)
        .env_remove("RUSTC_WRAPPER")
        .env_remove("RUSTC_WORKSPACE_WRAPPER")
        .env("RUSTC", DISTRO_RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_UNSTABLE_BUILD_STD", "core,alloc")
        // Without it the firmware could not be linked by LTO.
        .env("CARGO_ENCODED_RUSTFLAGS", "-Cembed-bitcode=yes")
        .deadline(DEADLINE)
        .run();
    assert!(
        output.code() == 0,
        "the distribution's library does not compile for {target}\n{}",
        output.stderr()
    );
    into.join(target).join("release/deps")
}

/// Puts a sysroot together.
fn assemble(sysroot: &Path, library: &Path, target: &str) -> io::Result<()> {
    let crates = sysroot.join("lib/rustlib").join(target).join("lib");
    std::fs::create_dir_all(&crates)?;
    for entry in std::fs::read_dir(library)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_wanted = name.to_str().is_some_and(|name| {
            name.ends_with(".rlib") && CRATES.iter().any(|wanted| name.starts_with(wanted))
        });
        if is_wanted {
            std::fs::copy(entry.path(), crates.join(name))?;
        }
    }
    let compiler = sysroot.join("bin/rustc");
    std::fs::create_dir_all(sysroot.join("bin"))?;
    std::fs::write(&compiler, script(target))?;
    std::fs::set_permissions(&compiler, std::fs::Permissions::from_mode(0o755))
}

/// The compiler's script. It finds the sysroot from where it stands, so that a copy of the directory works as well.
fn script(target: &str) -> String {
    format!(
        "#!/bin/sh\n\
         case \" $* \" in\n\
         *\" --target {target} \"*) exec {DISTRO_RUSTC} --sysroot \"${{0%/*}}/..\" \"$@\" ;;\n\
         esac\n\
         exec {DISTRO_RUSTC} \"$@\"\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sysroot_has_the_crates_and_a_compiler() {
        let scratch = Scratch::new();
        for name in [
            "libcore-1.rlib",
            "liballoc-2.rlib",
            "libcompiler_builtins-3.rlib",
            "libseed.rlib",
            "libcore-1.rmeta",
        ] {
            scratch.write(format!("deps/{name}"), name);
        }
        let sysroot = scratch.join("sysroot");
        assemble(&sysroot, &scratch.join("deps"), "t").expect("a scratch directory takes files");
        let mut names: Vec<String> = std::fs::read_dir(sysroot.join("lib/rustlib/t/lib"))
            .expect("it was made")
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        assert_eq!(
            names,
            ["liballoc-2.rlib", "libcompiler_builtins-3.rlib", "libcore-1.rlib"]
        );
        let compiler = std::fs::metadata(sysroot.join("bin/rustc")).expect("it was made");
        assert_eq!(compiler.permissions().mode() & 0o777, 0o755);
    }

    #[test]
    fn only_the_target_gets_the_sysroot() {
        let script = script("thumbv7m-none-eabi");
        assert!(script.contains(
            "*\" --target thumbv7m-none-eabi \"*) exec /usr/bin/rustc --sysroot \"${0%/*}/..\" \"$@\" ;;"
        ));
        assert!(script.ends_with("exec /usr/bin/rustc \"$@\"\n"));
    }
}
