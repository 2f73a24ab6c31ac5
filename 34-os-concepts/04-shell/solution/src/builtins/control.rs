//! Commands that change what runs next: `break`, `continue`, `return`, `exit`, `eval`, `.`, `exec`, `trap`.

use super::{count, operands, quoted};
use crate::ast::Text;
use crate::shell::{Flow, Outcome, Shell, lossy};
use crate::trap::Action;
use crate::{glob, signals};

pub(super) fn break_loops(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    let levels = levels(shell, fields)?;
    shell.status = 0;
    if levels == 0 {
        Ok(0)
    } else {
        Err(Flow::Break(levels))
    }
}

pub(super) fn continue_loops(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    let levels = levels(shell, fields)?;
    shell.status = 0;
    if levels == 0 {
        Ok(0)
    } else {
        Err(Flow::Continue(levels))
    }
}

/// How many loops are meant: not more than there are.
fn levels(shell: &mut Shell, fields: &[Text]) -> Outcome<usize> {
    match operands(fields).first().map(|text| count(text)) {
        None => Ok(1.min(shell.loops)),
        Some(Some(levels @ 1..)) => Ok(levels.min(shell.loops)),
        Some(_) => shell.fail(format_args!("{}: illegal number", lossy(&fields[0]))),
    }
}

/// The status that is given, or that of the last command. Eight bits of it are left for whoever waits.
fn status(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    let Some(text) = operands(fields).first() else {
        return Ok(shell.status);
    };
    match count(text).and_then(|status| i32::try_from(status).ok()) {
        Some(status) => Ok(status & 0xff),
        None => shell.fail(format_args!(
            "{}: illegal number: {}",
            lossy(&fields[0]),
            lossy(text)
        )),
    }
}

pub(super) fn exit(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    shell.status = status(shell, fields)?;
    Err(Flow::Exit)
}

pub(super) fn return_from(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    shell.status = status(shell, fields)?;
    // Outside of functions and files it ends the shell.
    Err(if shell.calls > 0 { Flow::Return } else { Flow::Exit })
}

pub(super) fn eval(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    shell.run_text(operands(fields).join(&b' '))?;
    Ok(shell.status)
}

/// `. file`: a name without a slash is looked for along `PATH`, and need not be executable.
pub(super) fn dot(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    let Some(name) = operands(fields).first() else {
        return shell.fail(".: which file?");
    };
    let path = shell.variables.value(b"PATH").unwrap_or(b"").to_vec();
    let candidates = path.split(|byte| *byte == b':').map(|directory| {
        let directory: &[u8] = if directory.is_empty() { b"." } else { directory };
        [directory, b"/", name].concat()
    });
    let found = if name.contains(&b'/') {
        Some(name.clone())
    } else {
        candidates.into_iter().find(|path| glob::path_of(path).is_file())
    };
    let text = found.and_then(|path| std::fs::read(glob::path_of(&path)).ok());
    let Some(text) = text else {
        return shell.fail(format_args!(".: cannot open {}", lossy(name)));
    };
    let loops = std::mem::take(&mut shell.loops);
    shell.calls += 1;
    let outcome = shell.run_text(text);
    shell.calls -= 1;
    shell.loops = loops;
    match outcome {
        Ok(()) | Err(Flow::Return) => Ok(shell.status),
        Err(flow) => Err(flow),
    }
}

pub(super) fn exec(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    let operands = operands(fields);
    if operands.is_empty() {
        return Ok(0);
    }
    let outcome = shell.execute(operands, &[]);
    if shell.interactive {
        // It is still here, and so is the terminal.
        shell.traps.become_interactive();
        return Ok(shell.status);
    }
    outcome.map(|()| 0)
}

pub(super) fn trap(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    let operands = operands(fields);
    let Some((first, rest)) = operands.split_first() else {
        list(shell);
        return Ok(0);
    };
    // `trap 2` and `trap INT` alone take the trap away.
    let (action, conditions) = if first == b"-" {
        (None, rest)
    } else if count(first).is_some() || rest.is_empty() {
        (None, operands)
    } else if first.is_empty() {
        (Some(Action::Ignore), rest)
    } else {
        (Some(Action::Run(first.clone())), rest)
    };
    let mut status = 0;
    for condition in conditions {
        let Some(signal) = signals::number(condition) else {
            shell.complain(format_args!("trap: {}: bad trap", lossy(condition)));
            status = 1;
            continue;
        };
        // Nothing can be done about the two that always do what they do, and POSIX leaves it open.
        let _ = shell.traps.set(signal, action.clone(), shell.interactive);
    }
    Ok(status)
}

/// What is set, as commands that set it.
fn list(shell: &mut Shell) {
    let mut out = Text::new();
    for (signal, action) in shell.traps.iter() {
        let text = match action {
            Action::Ignore => b"",
            Action::Run(text) => text.as_slice(),
        };
        out.extend(b"trap -- ");
        out.extend(quoted(text));
        out.extend(format!(" {}\n", signals::name(signal)).into_bytes());
    }
    shell.out.extend(out);
}
