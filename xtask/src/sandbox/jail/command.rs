//! The last steps before the learner's code: what a process puts on itself alone, and exec.

use std::convert::Infallible;
use std::ffi::{CString, OsStr};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;

use nix::sys::prctl;
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, SigmaskHow, Signal, sigaction, sigprocmask};
use nix::unistd::{execve, setsid};

use super::{capabilities, descriptors, filter, init, rules};
use crate::sandbox::order::{At, Failed, Order, Step};
use crate::sandbox::{Command, Layer};

/// Becomes the command; returns only when that failed, or when there is none and every layer is on.
pub fn run(order: &Order, status: &OwnedFd) -> Step<()> {
    setsid().doing("start a session")?;
    let Some(command) = &order.command else {
        return confine(order);
    };
    reset_signals();
    std::env::set_current_dir(&command.directory)
        .doing(format!("change to {}", command.directory.display()))?;
    let program = init::find_program(command).ok_or_else(|| Failed {
        layer: None,
        why: format!("cannot find {}", command.program.display()),
    })?;
    let path = text(program.as_os_str())?;
    let arguments = arguments(command)?;
    let environment = environment(command, order)?;
    descriptors::close_on_exec_but(&[&[0, 1, 2], &command.keep[..]].concat());
    debug_assert!(
        !command.keep.contains(&status.as_raw_fd()),
        "the status pipe is the init's"
    );
    if order.has(Layer::Limits) {
        command.limits.apply().at(Layer::Limits, "set limits")?;
    }
    confine(order)?;
    let failed: Result<Infallible, _> = execve(&path, &arguments, &environment);
    failed.map(|_| ()).doing(format!("start {}", program.display()))
}

/// Gives up every privilege for good.
fn confine(order: &Order) -> Step<()> {
    prctl::set_no_new_privs().doing("refuse new privileges")?;
    capabilities::drop_all().doing("give up capabilities")?;
    if order.has(Layer::Landlock(0)) {
        rules::apply(order).at(Layer::Landlock(0), "restrict file access")?;
    }
    if order.has(Layer::Seccomp) {
        filter::apply().at(Layer::Seccomp, "filter system calls")?;
    }
    Ok(())
}

/// Undoes what the Rust runtime and the grader changed: a program starts with every signal at its default.
fn reset_signals() {
    let default = SigAction::new(SigHandler::SigDfl, SaFlags::empty(), SigSet::empty());
    for signal in Signal::iterator() {
        // SAFETY: the default action is no code of this process. SIGKILL and SIGSTOP refuse, and have no other.
        let _ = unsafe { sigaction(signal, &default) };
    }
    let _ = sigprocmask(SigmaskHow::SIG_SETMASK, Some(&SigSet::empty()), None);
}

fn arguments(command: &Command) -> Step<Vec<CString>> {
    std::iter::once(command.program.as_os_str())
        .chain(command.arguments.iter().map(AsRef::as_ref))
        .map(text)
        .collect()
}

/// The command's environment; temporary files go to the private `/tmp`, and so does what a program keeps at home.
fn environment(command: &Command, order: &Order) -> Step<Vec<CString>> {
    let temporary = order.temporary.as_os_str();
    let is_set = |name: &str| command.environment.iter().any(|(other, _)| other == name);
    let given = command.environment.iter().filter(|(name, _)| name != "TMPDIR");
    let own = ["TMPDIR", "HOME"]
        .into_iter()
        .filter(|name| *name == "TMPDIR" || !is_set(name))
        .map(|name| (OsStr::new(name), temporary));
    given
        .map(|(name, value)| (name.as_os_str(), value.as_os_str()))
        .chain(own)
        .map(|(name, value)| {
            text(OsStr::from_bytes(
                &[name.as_bytes(), b"=", value.as_bytes()].concat(),
            ))
        })
        .collect()
}

fn text(words: &OsStr) -> Step<CString> {
    CString::new(words.as_bytes()).doing(format!("pass {words:?}"))
}
