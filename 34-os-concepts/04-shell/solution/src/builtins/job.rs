//! `wait`, `jobs`, `fg`, `bg` and `kill`.

use nix::unistd::Pid;

use super::{count, operands};
use crate::ast::Text;
use crate::jobs::{State, send, status_of_job};
use crate::kernel::{self, Disposition};
use crate::shell::{ERROR, Outcome, Shell, lossy};
use crate::signals;

/// `wait [pid | %job …]`: without operands for all children in the background.
pub(super) fn wait(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    let operands = operands(fields);
    if operands.is_empty() {
        let all: Vec<usize> = shell.jobs.iter().map(|job| job.number).collect();
        for number in all {
            if let Err(interrupted) = wait_for(shell, number) {
                return Ok(interrupted);
            }
        }
        return Ok(0);
    }
    let mut status = 0;
    for operand in operands {
        let number = if operand.starts_with(b"%") {
            shell.jobs.find(operand)
        } else {
            match count(operand).and_then(|pid| i32::try_from(pid).ok()) {
                Some(pid) => shell.jobs.with_process(Pid::from_raw(pid)).map(|job| job.number),
                None => {
                    shell.complain(format_args!("wait: illegal number: {}", lossy(operand)));
                    return Ok(ERROR);
                }
            }
        };
        status = match number.map(|number| wait_for(shell, number)) {
            Some(Ok(status)) => status,
            Some(Err(interrupted)) => return Ok(interrupted),
            // No child of this shell that it knows of.
            None => 127,
        };
    }
    Ok(status)
}

/// Waits until a job has ended, and forgets it; its status. `Err` when a trapped signal has come before.
///
/// All signals are blocked but in the moment of waiting, so that none can come between looking and waiting.
fn wait_for(shell: &mut Shell, number: usize) -> Result<i32, i32> {
    let kept = shell.traps.get(libc::SIGCHLD).is_some();
    if !kept {
        let _ = kernel::set_disposition(libc::SIGCHLD, Disposition::Noted);
    }
    let mask = kernel::block_signals();
    let result = loop {
        shell.jobs.refresh();
        let state = shell.jobs.get(number).map_or(State::Running, |job| job.state());
        if let Some(status) = status_of_job(state) {
            if matches!(state, State::Done(_)) {
                shell.jobs.remove(number);
            }
            break Ok(status);
        }
        if let Some(signal) = kernel::pending_but(libc::SIGCHLD, kept) {
            break Err(128 + signal);
        }
        kernel::wait_for_signal(&mask);
    };
    kernel::restore_signals(&mask);
    if !kept {
        let _ = kernel::set_disposition(libc::SIGCHLD, Disposition::Default);
    }
    result
}

/// `jobs [-l | -p] [%job …]`
pub(super) fn jobs(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    let mut rest = &fields[1..];
    let (mut with_ids, mut only_ids) = (false, false);
    while let Some((option, behind)) = rest.split_first() {
        match option.as_slice() {
            b"-l" => with_ids = true,
            b"-p" => only_ids = true,
            _ => break,
        }
        rest = behind;
    }
    shell.jobs.refresh();
    let wanted: Option<Vec<usize>> = if rest.is_empty() {
        None
    } else {
        Some(rest.iter().filter_map(|name| shell.jobs.find(name)).collect())
    };
    let is_wanted = |number: usize| wanted.as_ref().is_none_or(|wanted| wanted.contains(&number));
    let mut text = String::new();
    let mut ended = Vec::new();
    for job in shell.jobs.iter().filter(|job| is_wanted(job.number)) {
        match job.processes.first() {
            Some(first) if only_ids => text.push_str(&format!("{}\n", first.pid)),
            _ => text.push_str(&shell.jobs.line(job, with_ids)),
        }
        if matches!(job.state(), State::Done(_)) {
            ended.push(job.number);
        }
    }
    shell.out.extend(text.into_bytes());
    if wanted.is_none() {
        shell.jobs.are_told();
    }
    // Their status can still be asked for by `wait` in a script.
    if shell.interactive {
        for number in ended {
            shell.jobs.remove(number);
        }
    }
    Ok(0)
}

/// The job that an operand names; the current one without.
fn job_of(shell: &mut Shell, fields: &[Text]) -> Option<usize> {
    let current = b"%%".to_vec();
    let name = operands(fields).first().unwrap_or(&current);
    let found = shell.jobs.find(name);
    let is_controlled = found
        .and_then(|number| shell.jobs.get(number))
        .is_some_and(|job| job.group.is_some());
    if found.is_none() {
        shell.complain(format_args!(
            "{}: {}: no such job",
            lossy(&fields[0]),
            lossy(name)
        ));
        return None;
    }
    if !is_controlled {
        shell.complain(format_args!(
            "{}: {}: not under job control",
            lossy(&fields[0]),
            lossy(name)
        ));
        return None;
    }
    found
}

pub(super) fn fg(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    let Some(number) = job_of(shell, fields) else {
        return Ok(ERROR);
    };
    if let Some(job) = shell.jobs.get(number) {
        let source = job.source.clone();
        shell.out.extend(source);
        shell.out.push(b'\n');
    }
    let _ = shell.flush();
    shell.continue_in_foreground(number)?;
    Ok(shell.status)
}

pub(super) fn bg(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    let Some(number) = job_of(shell, fields) else {
        return Ok(ERROR);
    };
    if let Some(job) = shell.jobs.get(number) {
        let text = [format!("[{number}] ").as_bytes(), &job.source, b"\n"].concat();
        shell.out.extend(text);
    }
    shell.continue_in_background(number);
    Ok(0)
}

/// `kill [-s name | -name | -number] pid | %job …` and `kill -l [status]`
pub(super) fn kill(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    let mut rest = &fields[1..];
    let mut signal = Some(libc::SIGTERM);
    match rest.first().map(Vec::as_slice) {
        Some(b"-l") => return Ok(list(shell, &rest[1..])),
        Some(b"-s") => {
            signal = rest.get(1).and_then(|name| signals::number(name));
            rest = rest.get(2..).unwrap_or(&[]);
        }
        Some(b"--") => {}
        Some([b'-', name @ ..]) if !name.is_empty() => {
            signal = signals::number(name);
            rest = &rest[1..];
        }
        _ => {}
    }
    let Some(signal) = signal else {
        shell.complain("kill: no such signal");
        return Ok(ERROR);
    };
    let rest = match rest {
        [dashes, behind @ ..] if dashes == b"--" => behind,
        _ => rest,
    };
    if rest.is_empty() {
        shell.complain("kill: which process?");
        return Ok(ERROR);
    }
    let mut status = 0;
    for operand in rest {
        if let Err(message) = kill_one(shell, operand, signal) {
            shell.complain(format_args!("kill: {}: {message}", lossy(operand)));
            status = 1;
        }
    }
    Ok(status)
}

fn kill_one(shell: &mut Shell, operand: &[u8], signal: i32) -> Result<(), &'static str> {
    if operand.starts_with(b"%") {
        let number = shell.jobs.find(operand).ok_or("no such job")?;
        let job = shell.jobs.get(number).ok_or("no such job")?;
        job.signal(signal).map_err(|error| error.desc())?;
        // A stopped job must go on to see it.
        if matches!(job.state(), State::Stopped(_)) && matches!(signal, libc::SIGTERM | libc::SIGHUP) {
            job.signal(libc::SIGCONT).map_err(|error| error.desc())?;
        }
        return Ok(());
    }
    let (negative, digits) = match operand.strip_prefix(b"-") {
        Some(digits) => (true, digits),
        None => (false, operand),
    };
    let pid = count(digits)
        .and_then(|pid| i32::try_from(pid).ok())
        .ok_or("no process id")?;
    send(if negative { -pid } else { pid }, signal).map_err(|error| error.desc())
}

/// The names of all signals, or of those that a number or an exit status stands for.
fn list(shell: &mut Shell, operands: &[Text]) -> i32 {
    if operands.is_empty() {
        let names: Vec<&str> = signals::names().collect();
        shell.out.extend(format!("{}\n", names.join("\n")).into_bytes());
        return 0;
    }
    for operand in operands {
        let number = count(operand).and_then(|number| i32::try_from(number).ok());
        let Some(number @ 0..) = number.map(|number| if number > 128 { number - 128 } else { number }) else {
            shell.complain(format_args!("kill: {}: no such signal", lossy(operand)));
            return ERROR;
        };
        shell
            .out
            .extend(format!("{}\n", signals::name(number)).into_bytes());
    }
    0
}
