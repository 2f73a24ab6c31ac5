//! What still holds where the machine allows less.
//!
//! A container is played by util-linux: a user namespace whose own limits forbid namespaces, or a `/proc` with
//! something mounted over a part of it. That takes root, and an ordinary user skips it.

use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};

use nix::unistd::geteuid;

use super::support::{
    check, check_command, checkout, copy_of_these_tests, probe, read, read_line, run, shell, start, wait,
};
use crate::sandbox::layer::Level;
use crate::sandbox::{Layer, Sandbox};

#[test]
fn without_namespaces_files_and_calls_are_still_restricted() {
    let sandbox = Sandbox::probe_at(Level::Landlock);
    // Before version 6 there is no scope for signals, and `kill(-1)` would end this very session.
    let Some(Layer::Landlock(6..)) = sandbox.layers().iter().find(|layer| layer.is(Layer::Landlock(0)))
    else {
        return;
    };
    check(&sandbox, "calls_are_refused");
    let mut signals = probe("signals_stay_inside");
    let outside = std::process::id().to_string();
    signals.environment.push(("OUTSIDE".into(), outside.into()));
    // Without a PID namespace kill(-1) is the whole user's affair; the scope of Landlock keeps it inside.
    check_command(&sandbox, &signals);
    let manifest = checkout().join("Cargo.toml");
    let script = format!(
        "cat /etc/shadow {} /proc/1/environ; echo x > $TMPDIR/x && cat $TMPDIR/x",
        manifest.display()
    );
    let ended = run(&sandbox, &shell(&script));
    assert!(ended.output.ends_with("x\n"), "{}", ended.output);
    assert_eq!(
        ended.output.matches("Permission denied").count(),
        3,
        "{}",
        ended.output
    );
}

#[test]
fn without_namespaces_a_daemon_still_ends_with_its_command() {
    let sandbox = Sandbox::probe_at(Level::Limits);
    let script = "setsid sh -c 'setsid sleep 1000 & setsid sleep 1000 & sleep 1000' & exit 5";
    assert_eq!(run(&sandbox, &shell(script)).code(), 5);
    let (mut confined, mut reader) = start(&sandbox, &shell("setsid sleep 1000 & echo up; sleep 1000"));
    assert_eq!(read_line(&mut reader), "up");
    confined.kill();
    assert_eq!(read(reader), "");
    wait(&mut confined);
}

#[test]
fn the_temporary_directory_of_a_lesser_level_is_removed() {
    let sandbox = Sandbox::probe_at(Level::Nothing);
    let ended = run(&sandbox, &shell("echo $TMPDIR; echo x > $TMPDIR/x"));
    assert_eq!(ended.code(), 0);
    assert!(!std::path::Path::new(ended.output.trim()).exists());
}

#[test]
fn a_lesser_level_does_not_satisfy_a_class() {
    let sandbox = Sandbox::probe_at(Level::Limits);
    assert_eq!(sandbox.layers(), [Layer::Limits]);
    let error = sandbox.satisfies_class().unwrap_err();
    assert!(
        error.contains("user namespace: left out: PHASE7_SANDBOX asks for less"),
        "{error}"
    );
    assert_eq!(error.lines().count(), 1);
}

/// Printed by what the tests below start.
#[test]
#[ignore = "runs in a container that another test plays"]
fn report() {
    let sandbox = Sandbox::probe();
    println!("layers {:?}", sandbox.layers());
    println!("missing {:?}", sandbox.missing());
    println!("class {:?}", sandbox.satisfies_class());
    let mut command = shell("test -r /proc/self/exe && echo fine");
    command.view.proc = true;
    println!("command {:?}", run(&sandbox, &command).output);
}

/// Runs `report` through a shell that `container` starts, after `prelude`; what it printed.
fn in_container(container: &[&str], prelude: &str) -> String {
    let scratch = tempfile::tempdir().unwrap();
    std::fs::set_permissions(scratch.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let binary = scratch.path().join("tests");
    copy_of_these_tests(&binary);
    let name = "sandbox::tests::degraded::report";
    let script = format!("set -e; {prelude} \"$0\" --exact {name} --ignored --nocapture");
    let mut command = Command::new(container[0]);
    command
        .args(&container[1..])
        .args(["sh", "-c", &script])
        .arg(&binary);
    let output = command.current_dir("/").output().unwrap();
    let both = [output.stdout, output.stderr].concat();
    String::from_utf8_lossy(&both).into_owned()
}

/// A user namespace with as many users as a container has, held open by a shell until it is dropped.
struct Users(Child);

impl Users {
    fn new() -> Self {
        let (mut reader, writer) = std::io::pipe().unwrap();
        let holder = Command::new("unshare")
            .args(["--user", "sh", "-c", "echo up; read line"])
            .stdin(Stdio::piped())
            .stdout(writer)
            .spawn()
            .unwrap();
        assert_eq!(read_line(&mut reader), "up");
        for map in ["uid_map", "gid_map"] {
            std::fs::write(format!("/proc/{}/{map}", holder.id()), "0 0 65536").unwrap();
        }
        Self(holder)
    }
}

impl Drop for Users {
    fn drop(&mut self) {
        self.0.stdin.take();
        self.0.wait().unwrap();
    }
}

#[test]
fn a_container_without_namespaces_has_the_other_layers() {
    if !geteuid().is_root() {
        return;
    }
    let users = Users::new();
    let namespace = format!("--user=/proc/{}/ns/user", users.0.id());
    let forbid = "for kind in user mnt pid net ipc; do echo 0 > /proc/sys/user/max_${kind}_namespaces; done;";
    let text = in_container(
        &["nsenter", &namespace, "-S", "0", "-G", "0"],
        &format!("{forbid} exec setpriv --bounding-set=-sys_admin"),
    );
    assert!(text.contains("layers [OwnUser, Landlock("), "{text}");
    assert!(text.contains("max_user_namespaces=10000"), "{text}");
    assert!(text.contains("class Ok"), "{text}");
    assert!(text.contains("fine"), "{text}");
}

#[test]
fn a_container_whose_proc_is_covered_has_no_other() {
    if !geteuid().is_root() {
        return;
    }
    let cover = "mount -t tmpfs none /proc/sys; exec setpriv --reuid=65001 --regid=65001 --clear-groups";
    let text = in_container(&["unshare", "--mount"], cover);
    assert!(text.contains("MountNamespace"), "{text}");
    assert!(text.contains("[(Proc, \"cannot mount /proc: "), "{text}");
    assert!(text.contains("class Ok"), "{text}");
    assert!(text.contains("fine"), "{text}");
}

#[test]
fn root_that_may_not_mount_makes_a_user_namespace_first() {
    if !geteuid().is_root() {
        return;
    }
    let text = in_container(&["env"], "exec setpriv --bounding-set=-sys_admin");
    assert!(
        text.contains("layers [UserNamespace, PidNamespace, MountNamespace"),
        "{text}"
    );
    assert!(text.contains("fine"), "{text}");
}
