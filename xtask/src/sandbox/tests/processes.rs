//! How a command ends, and what ends with it.

use std::os::fd::{AsRawFd, OwnedFd};
use std::process::Stdio;

use nix::sys::signal::{Signal, kill};

use super::support::{SANDBOX, check, check_command, probe, read, read_line, run, shell, start, wait};
use crate::sandbox::Layer;

#[test]
fn exit_codes_and_signals_come_through() {
    assert_eq!(run(&SANDBOX, &shell("exit 7")).code(), 7);
    for signal in [Signal::SIGABRT, Signal::SIGSEGV, Signal::SIGKILL, Signal::SIGTERM] {
        let ended = run(&SANDBOX, &shell(&format!("kill -{} $$", signal as i32)));
        assert_eq!(ended.signal(), Some(signal as i32));
    }
}

#[test]
fn what_cannot_be_started_is_an_error_and_not_an_ending() {
    let mut command = shell("");
    command.program = "/nowhere".into();
    let (mut confined, _reader) = start(&SANDBOX, &command);
    confined.wait().unwrap();
    let error = confined.try_wait().unwrap_err().to_string();
    assert!(error.starts_with("cannot start /nowhere: ENOENT"), "{error}");
}

#[test]
fn a_daemon_ends_with_its_command() {
    let script = "setsid sh -c 'setsid sleep 1000 & sleep 1000' & exit 0";
    // The daemon holds the output: it ends only because the daemon does.
    let ended = run(&SANDBOX, &shell(script));
    assert_eq!(ended.code(), 0, "{}", ended.output);
}

#[test]
fn killing_ends_everything() {
    let (mut confined, mut reader) = start(&SANDBOX, &shell("setsid sleep 1000 & echo up; sleep 1000"));
    assert_eq!(read_line(&mut reader), "up");
    assert!(confined.try_wait().unwrap().is_none());
    confined.kill();
    assert_eq!(read(reader), "");
    confined.wait().unwrap();
    assert_eq!(
        std::os::unix::process::ExitStatusExt::signal(&wait(&mut confined)),
        Some(9)
    );
}

#[test]
fn dropping_ends_everything() {
    let (confined, mut reader) = start(&SANDBOX, &shell("setsid sleep 1000 & echo up; sleep 1000"));
    assert_eq!(read_line(&mut reader), "up");
    drop(confined);
    assert_eq!(read(reader), "");
}

#[test]
fn the_end_of_the_jail_is_the_end_of_everything() {
    let (mut confined, mut reader) = start(&SANDBOX, &shell("setsid sleep 1000 & echo up; sleep 1000"));
    assert_eq!(read_line(&mut reader), "up");
    kill(confined.id(), Signal::SIGKILL).unwrap();
    assert_eq!(read(reader), "");
    assert_eq!(
        std::os::unix::process::ExitStatusExt::signal(&wait(&mut confined)),
        Some(9)
    );
}

/// Run by the next test in a process of its own.
#[test]
#[ignore = "is started and killed by another test"]
fn a_grader_that_is_killed() {
    let command = shell("setsid sleep 1000 & echo up; sleep 1000");
    let mut confined = SANDBOX
        .start(&command, Stdio::null(), Stdio::inherit(), Stdio::inherit())
        .unwrap();
    wait(&mut confined);
}

#[test]
fn the_end_of_the_grader_is_the_end_of_everything() {
    let (mut reader, writer) = std::io::pipe().unwrap();
    let name = "sandbox::tests::processes::a_grader_that_is_killed";
    let mut grader = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--ignored", "--nocapture"])
        .stdout(writer)
        .spawn()
        .unwrap();
    while read_line(&mut reader) != "up" {}
    grader.kill().unwrap();
    grader.wait().unwrap();
    // Ends when the last process that holds it does.
    read(reader);
}

#[test]
fn signals_reach_nothing_outside() {
    if !SANDBOX.layers().contains(&Layer::PidNamespace) {
        return;
    }
    let mut command = probe("signals_stay_inside");
    let outside = std::process::id().to_string();
    command.environment.push(("OUTSIDE".into(), outside.into()));
    check_command(&SANDBOX, &command);
}

#[test]
fn dangerous_calls_are_refused() {
    check(&SANDBOX, "calls_are_refused");
}

#[test]
#[cfg(target_arch = "x86_64")]
fn calls_under_other_numbers_do_not_exist() {
    check(&SANDBOX, "the_second_set_of_calls_does_not_exist");
}

#[test]
fn a_terminal_can_be_made_and_not_typed_into() {
    check(&SANDBOX, "a_terminal");
}

#[test]
fn secrets_in_descriptors_are_closed() {
    let (secret, _keep_open) = std::io::pipe().unwrap();
    let (kept, _writer) = std::io::pipe().unwrap();
    let secret = OwnedFd::from(secret);
    // As a careless library leaves it.
    nix::fcntl::fcntl(
        &secret,
        nix::fcntl::FcntlArg::F_SETFD(nix::fcntl::FdFlag::empty()),
    )
    .unwrap();
    let mut command = probe("only_what_is_kept_is_open");
    let number = kept.as_raw_fd();
    command.keep = vec![number];
    command
        .environment
        .push(("KEPT".into(), number.to_string().into()));
    check_command(&SANDBOX, &command);
}

#[test]
fn a_fork_bomb_stays_within_its_limit_and_hinders_nobody() {
    let mut bomb = shell("i=0; while [ $i -lt 100 ]; do sleep 1000 & i=$((i+1)); done; echo up; wait");
    bomb.limits.processes = 30;
    let (_bomb, mut reader) = start(&SANDBOX, &bomb);
    // The shell gives up at its first failure to fork.
    let line = read_line(&mut reader);
    assert!(line.contains("Cannot fork"), "{line}");
    let mut small = shell("for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0 & done; wait; echo fine");
    small.limits.processes = 15;
    let ended = run(&SANDBOX, &small);
    assert_eq!(ended.output, "fine\n");
}

#[test]
fn many_run_at_once() {
    std::thread::scope(|scope| {
        for number in 0..20 {
            scope.spawn(move || {
                let ended = run(
                    &SANDBOX,
                    &shell(&format!("echo {number} > /tmp/x; cat /tmp/x; exit {number}")),
                );
                assert_eq!((ended.code(), ended.output), (number, format!("{number}\n")));
            });
        }
    });
}

#[test]
fn memory_is_counted() {
    let (reader, mut writer) = std::io::pipe().unwrap();
    let (mut output, output_writer) = std::io::pipe().unwrap();
    let command = probe("memory_is_held");
    let mut confined = SANDBOX
        .start(&command, reader.into(), output_writer.into(), Stdio::null())
        .unwrap();
    while !read_line(&mut output).contains("held") {}
    let bytes = confined.usage().resident_bytes;
    assert!(((64 << 20)..(100 << 20)).contains(&bytes), "{bytes}");
    std::io::Write::flush(&mut writer).unwrap();
    drop(writer);
    wait(&mut confined);
}
