//! Programs that a course runs.

use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};

use super::support::{SANDBOX, command, run};

/// The toolchain that builds this project.
fn sysroot() -> PathBuf {
    let output = std::process::Command::new("rustc")
        .args(["--print", "sysroot"])
        .output()
        .unwrap();
    PathBuf::from(String::from_utf8(output.stdout).unwrap().trim())
}

/// A directory that submitted code may write to.
fn writable() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    if let Some((uid, gid)) = SANDBOX.user() {
        chown(directory.path(), Some(uid.as_raw()), Some(gid.as_raw())).unwrap();
    }
    directory
}

/// Compiles `source` in `directory`, in the sandbox; the compiler's output.
fn compile(directory: &Path, source: &str) -> String {
    std::fs::write(directory.join("main.rs"), source).unwrap();
    let sysroot = sysroot();
    let compiler = sysroot.join("bin/rustc");
    let mut command = command(compiler.to_str().unwrap(), &["main.rs", "-o", "main"]);
    command.directory = directory.to_owned();
    command.view.read = vec![sysroot];
    command.view.write = vec![directory.to_owned()];
    command.view.proc = true;
    run(&SANDBOX, &command).output
}

#[test]
fn a_crate_compiles_links_and_runs() {
    let directory = writable();
    let output = compile(directory.path(), "fn main() { println!(\"{}\", 6 * 7); }");
    let program = directory.path().join("main");
    assert!(program.exists(), "{output}");
    let mut command = command(program.to_str().unwrap(), &[]);
    command.view.programs = false;
    command.view.read = vec![program];
    assert_eq!(run(&SANDBOX, &command).output, "42\n");
}

#[test]
fn the_compiler_includes_no_file_of_the_machine() {
    let directory = writable();
    let secret = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&secret, "the secret").unwrap();
    for path in ["/etc/shadow", "/etc/machine-id", secret.path().to_str().unwrap()] {
        let output = compile(
            directory.path(),
            &format!("fn main() {{ include_bytes!({path:?}); }}"),
        );
        assert!(output.contains("couldn't read"), "{output}");
    }
}
