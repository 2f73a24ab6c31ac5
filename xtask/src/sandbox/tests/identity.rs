//! Who a command is, and what it was given.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;

use nix::unistd::{getegid, geteuid};

use super::support::{SANDBOX, copy_of_these_tests, run, shell};

#[test]
fn a_command_is_not_root_and_has_no_capability() {
    let mut command = shell("id -u; id -g; grep -E '^(Cap|NoNewPrivs|Seccomp:|Groups)' /proc/self/status");
    command.view.proc = true;
    let ended = run(&SANDBOX, &command);
    let mut lines = ended.output.lines();
    let (uid, gid) = SANDBOX.user().unwrap_or((geteuid(), getegid()));
    assert_eq!(lines.next(), Some(uid.to_string().as_str()));
    assert_eq!(lines.next(), Some(gid.to_string().as_str()));
    assert_ne!(uid.as_raw(), 0);
    for name in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
        assert!(
            ended.output.contains(&format!("{name}:\t0000000000000000")),
            "{}",
            ended.output
        );
    }
    assert!(ended.output.contains("NoNewPrivs:\t1"), "{}", ended.output);
    assert!(ended.output.contains("Seccomp:\t2"), "{}", ended.output);
}

#[test]
fn the_environment_is_what_was_given() {
    let mut command = shell("env | grep -vE '^(PWD|_|SHLVL|OLDPWD)=' | sort; umask; pwd");
    command.environment.push(("A".into(), "b c".into()));
    command.environment.push(("TMPDIR".into(), "/elsewhere".into()));
    let ended = run(&SANDBOX, &command);
    assert_eq!(
        ended.output,
        "A=b c\nHOME=/tmp\nPATH=/usr/bin:/bin\nTMPDIR=/tmp\n0022\n/\n"
    );
}

#[test]
fn limits_hold() {
    let mut command =
        shell("ulimit -v; ulimit -c; ulimit -t; grep -o 'Max processes *77 ' /proc/self/limits");
    command.view.proc = true;
    command.limits.memory_mb = 512;
    command.limits.processes = 77;
    let ended = run(&SANDBOX, &command);
    assert_eq!(ended.output, "524288\n0\n30\nMax processes             77 \n");
}

/// The same tests once more as an ordinary user, who starts with a user namespace. Such a user may not see root's
/// toolchain.
#[test]
fn an_ordinary_user_has_the_same_sandbox() {
    if !geteuid().is_root() {
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    std::fs::set_permissions(scratch.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let binary = scratch.path().join("tests");
    copy_of_these_tests(&binary);
    let output = std::process::Command::new(&binary)
        .args([
            "sandbox::tests",
            "--skip",
            "an_ordinary_user",
            "--skip",
            "programs",
        ])
        .uid(65_001)
        .gid(65_001)
        .current_dir("/")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}
