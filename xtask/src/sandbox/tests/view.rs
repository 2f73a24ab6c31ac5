//! What of the file system is there.

use std::os::unix::fs::{PermissionsExt, chown};

use super::support::{SANDBOX, check, check_command, checkout, probe, run, shell};
use crate::sandbox::Moved;

#[test]
fn there_is_no_proc_unless_it_is_asked_for() {
    let ended = run(&SANDBOX, &shell("test ! -e /proc/self"));
    assert_eq!(ended.code(), 0, "{}", ended.output);
}

#[test]
fn a_proc_that_is_asked_for_shows_the_inside_alone() {
    let mut command = shell("cd /proc; echo [0-9]*; tr '\\0' ' ' < 1/cmdline; : > self/comm");
    command.view.proc = true;
    let ended = run(&SANDBOX, &command);
    assert!(ended.output.starts_with("1 2\nphase7-jail"), "{}", ended.output);
    assert!(ended.output.contains("Read-only file system"), "{}", ended.output);
}

#[test]
fn what_is_not_in_the_view_cannot_be_read() {
    let manifest = checkout().join("Cargo.toml");
    for path in [
        "/etc/shadow",
        "/root",
        "/home",
        "/var",
        "/sys",
        manifest.to_str().unwrap(),
    ] {
        let ended = run(&SANDBOX, &shell(&format!("! test -e {path}")));
        assert_eq!(ended.code(), 0, "{path} is there");
    }
}

#[test]
fn names_of_the_machine_are_not_there() {
    let ended = run(&SANDBOX, &shell("hostname; cat /etc/hosts /etc/passwd"));
    let name = nix::unistd::gethostname().unwrap();
    assert!(
        ended.output.starts_with("sandbox\n127.0.0.1 localhost"),
        "{}",
        ended.output
    );
    assert!(!ended.output.contains(name.to_str().unwrap()), "{}", ended.output);
}

#[test]
fn a_directory_that_was_moved_stands_there_and_nowhere_else() {
    let scratch = tempfile::tempdir().unwrap();
    let root = scratch.path().canonicalize().unwrap();
    for name in ["read", "written"] {
        std::fs::create_dir(root.join(name)).unwrap();
        std::fs::set_permissions(root.join(name), std::fs::Permissions::from_mode(0o777)).unwrap();
    }
    std::fs::write(root.join("read/greeting"), "hello\n").unwrap();
    let script = format!(
        "pwd; cat ../read/greeting > copy; ! test -e {} && ! (: > ../read/no)",
        root.display()
    );
    let mut command = shell(&script);
    command.view.moved = Some(Moved {
        from: root.clone(),
        to: "/there".into(),
    });
    command.view.read = vec![root.join("read")];
    command.view.write = vec![root.join("written")];
    command.directory = "/there/written".into();
    let ended = run(&SANDBOX, &command);
    assert_eq!(ended.code(), 0, "{}", ended.output);
    assert!(ended.output.starts_with("/there/written\n"), "{}", ended.output);
    let copy = std::fs::read_to_string(root.join("written/copy")).unwrap();
    assert_eq!(copy, "hello\n");
}

#[test]
fn what_is_read_cannot_be_written() {
    let scratch = tempfile::tempdir().unwrap();
    std::fs::set_permissions(scratch.path(), std::fs::Permissions::from_mode(0o777)).unwrap();
    let mut command =
        shell("cat greeting; echo no > other; echo no > /usr/no; echo no > /no; echo no > /etc/no");
    std::fs::write(scratch.path().join("greeting"), "hello\n").unwrap();
    command.view.read = vec![scratch.path().to_owned()];
    command.directory = scratch.path().to_owned();
    let ended = run(&SANDBOX, &command);
    assert!(ended.output.starts_with("hello\n"), "{}", ended.output);
    assert_eq!(
        ended.output.matches("cannot create").count(),
        4,
        "{}",
        ended.output
    );
    assert!(!scratch.path().join("other").exists());
}

#[test]
fn what_is_written_stays() {
    let scratch = tempfile::tempdir().unwrap();
    if let Some((uid, gid)) = SANDBOX.user() {
        chown(scratch.path(), Some(uid.as_raw()), Some(gid.as_raw())).unwrap();
    }
    let mut command = shell("echo yes > answer; mkdir -p a/b; mv answer a/b");
    command.view.write = vec![scratch.path().to_owned()];
    command.directory = scratch.path().to_owned();
    let ended = run(&SANDBOX, &command);
    assert_eq!(ended.code(), 0, "{}", ended.output);
    assert_eq!(
        std::fs::read_to_string(scratch.path().join("a/b/answer")).unwrap(),
        "yes\n"
    );
}

#[test]
fn temporary_files_are_private_and_limited() {
    let marker = tempfile::NamedTempFile::new().unwrap();
    let path = marker.path().display();
    let mut command = shell(&format!(
        "test \"$TMPDIR$HOME\" = /tmp/tmp && ! test -e {path} && echo 1 > /tmp/one && \
         head -c 9000000 /dev/zero > /tmp/two || stat -c %s /tmp/two"
    ));
    command.view.tmp_mb = 8;
    let ended = run(&SANDBOX, &command);
    assert!(
        ended.output.contains("No space left on device"),
        "{}",
        ended.output
    );
    let again = run(&SANDBOX, &shell("! test -e /tmp/one"));
    assert_eq!(again.code(), 0, "{}", again.output);
}

#[test]
fn without_programs_there_are_none() {
    check(&SANDBOX, "no_programs");
}

#[test]
fn devices_are_there() {
    check(&SANDBOX, "devices");
}

#[test]
fn a_file_can_be_part_of_the_view() {
    let scratch = tempfile::tempdir().unwrap();
    let (seen, hidden) = (scratch.path().join("seen"), scratch.path().join("hidden"));
    std::fs::set_permissions(scratch.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    for file in [&seen, &hidden] {
        std::fs::write(file, "").unwrap();
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o644)).unwrap();
    }
    let mut command = probe("first_path_is_seen_and_second_is_not");
    let names = [("SEEN", &seen), ("HIDDEN", &hidden)];
    let names = names.map(|(name, path)| (name.into(), path.clone().into()));
    command.environment.extend(names);
    command.view.read.push(seen);
    check_command(&SANDBOX, &command);
}
