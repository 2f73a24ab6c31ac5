//! `cd` and `pwd`, and the two ways to look at a path with symbolic links (XCU `cd`).

use std::os::unix::fs::MetadataExt;

use crate::ast::Text;
use crate::glob::path_of;
use crate::shell::{ERROR, Outcome, Shell, lossy};

/// Options `-L` and `-P`, of which the last counts, and what is behind them.
fn physical(fields: &[Text]) -> (bool, &[Text]) {
    let mut physical = false;
    let mut rest = &fields[1..];
    while let Some(option) = rest.first() {
        match option.as_slice() {
            b"--" => return (physical, &rest[1..]),
            b"-L" => physical = false,
            b"-P" => physical = true,
            _ => break,
        }
        rest = &rest[1..];
    }
    (physical, rest)
}

pub(super) fn cd(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    let (physical, rest) = physical(fields);
    let (target, mut prints) = match rest.first().map(Vec::as_slice) {
        None => (shell.variables.value(b"HOME").map(<[u8]>::to_vec), false),
        Some(b"-") => (shell.variables.value(b"OLDPWD").map(<[u8]>::to_vec), true),
        Some(target) => (Some(target.to_vec()), false),
    };
    let Some(target) = target.filter(|target| !target.is_empty()) else {
        if rest.is_empty() {
            return Ok(0);
        }
        shell.complain("cd: no directory");
        return Ok(ERROR);
    };
    for directory in candidates(shell, &target) {
        let path = match directory.as_slice() {
            b"" | b"." => target.clone(),
            _ => [directory.as_slice(), b"/", target.as_slice()].concat(),
        };
        prints |= !matches!(directory.as_slice(), b"" | b".");
        if change(shell, &path, physical)? {
            if prints {
                let directory = shell.variables.value(b"PWD").unwrap_or(b"").to_vec();
                shell.out.extend(directory);
                shell.out.push(b'\n');
            }
            return Ok(0);
        }
    }
    shell.complain(format_args!("cd: cannot change to {}", lossy(&target)));
    Ok(ERROR)
}

/// Where `target` is looked for: along `CDPATH` unless it begins with a slash or a dot, and here.
fn candidates(shell: &Shell, target: &[u8]) -> Vec<Text> {
    let first = target.split(|byte| *byte == b'/').next().unwrap_or(b"");
    let path = shell
        .variables
        .value(b"CDPATH")
        .filter(|_| !matches!(first, b"" | b"." | b".."));
    let mut candidates: Vec<Text> = path
        .map(|path| path.split(|byte| *byte == b':').map(<[u8]>::to_vec).collect())
        .unwrap_or_default();
    candidates.push(Text::new());
    candidates
}

/// Goes there; false when that cannot be.
fn change(shell: &mut Shell, path: &[u8], physical: bool) -> Outcome<bool> {
    let old = working_directory(shell);
    let logical = if path.starts_with(b"/") {
        path.to_vec()
    } else {
        [&old, b"/".as_slice(), path].concat()
    };
    // `..` behind what is no directory leads nowhere, even if it is taken away with it.
    if !physical && !path_of(path).is_dir() && !path_of(&logical).is_dir() {
        return Ok(false);
    }
    let logical = shortened(&logical);
    let target = if physical { path } else { &logical };
    if nix::unistd::chdir(path_of(target)).is_err() {
        return Ok(false);
    }
    let new = if physical { real_directory() } else { logical };
    shell.set_variable(b"OLDPWD", old)?;
    shell.set_variable(b"PWD", new)?;
    Ok(true)
}

/// A path without `.`, `..` and double slashes, as text: links are not looked at.
fn shortened(path: &[u8]) -> Text {
    let mut components: Vec<&[u8]> = Vec::new();
    for component in path.split(|byte| *byte == b'/') {
        match component {
            b"" | b"." => {}
            b".." => drop(components.pop()),
            _ => components.push(component),
        }
    }
    [b"/".as_slice(), &components.join(&b'/')].concat()
}

pub(super) fn pwd(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    let (physical, _) = physical(fields);
    let directory = if physical {
        real_directory()
    } else {
        working_directory(shell)
    };
    shell.out.extend(directory);
    shell.out.push(b'\n');
    Ok(0)
}

fn real_directory() -> Text {
    std::env::current_dir()
        .map(|path| path.into_os_string().into_encoded_bytes())
        .unwrap_or_default()
}

/// `PWD` if it is right, else what the system says.
fn working_directory(shell: &Shell) -> Text {
    let file = |path: &[u8]| path_of(path).metadata().map(|file| (file.dev(), file.ino())).ok();
    match shell.variables.value(b"PWD") {
        Some(path) if path.starts_with(b"/") && file(path).is_some() && file(path) == file(b".") => {
            path.to_vec()
        }
        _ => real_directory(),
    }
}

/// Sets `PWD` when a shell begins.
pub(crate) fn initial_directory(shell: &mut Shell) {
    let directory = working_directory(shell);
    // The environment has no read-only variables.
    let _ = shell.variables.set(b"PWD", directory);
}
