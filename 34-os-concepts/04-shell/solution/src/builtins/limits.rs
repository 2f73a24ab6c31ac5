//! What a process inherits besides: `umask`, `ulimit`, and the time it has used, `times`.

use nix::sys::resource::{Resource, UsageWho, getrlimit, getrusage, setrlimit};
use nix::sys::stat::{Mode, umask as set_umask};
use nix::sys::time::TimeVal;

use super::{count, operands};
use crate::ast::Text;
use crate::shell::{ERROR, Outcome, Shell, lossy};

/// `umask [-S] [mode]`
pub(super) fn umask(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    let mut rest = operands(fields);
    let symbolic = rest.first().is_some_and(|option| option == b"-S");
    if symbolic {
        rest = &rest[1..];
    }
    // There is no call that only reads it.
    let old = set_umask(Mode::empty());
    set_umask(old);
    let Some(mode) = rest.first() else {
        let text = if symbolic {
            to_symbols(old.bits())
        } else {
            format!("{:04o}", old.bits())
        };
        shell.out.extend(format!("{text}\n").into_bytes());
        return Ok(0);
    };
    let new = if mode.first().is_some_and(u8::is_ascii_digit) {
        std::str::from_utf8(mode)
            .ok()
            .and_then(|digits| u32::from_str_radix(digits, 8).ok())
            .filter(|mask| *mask <= 0o777)
    } else {
        from_symbols(mode, old.bits())
    };
    match new.and_then(Mode::from_bits) {
        Some(mask) => {
            set_umask(mask);
            Ok(0)
        }
        None => {
            shell.complain(format_args!("umask: illegal mode: {}", lossy(mode)));
            Ok(ERROR)
        }
    }
}

/// `u=rwx,g=rx,o=`: what the mask lets through.
fn to_symbols(mask: u32) -> String {
    let class = |name: char, shift: u32| {
        let allowed = !(mask >> shift) & 7;
        let letters = [(4, 'r'), (2, 'w'), (1, 'x')];
        let letters: String = letters
            .iter()
            .filter(|(bit, _)| allowed & bit != 0)
            .map(|(_, letter)| *letter)
            .collect();
        format!("{name}={letters}")
    };
    [class('u', 6), class('g', 3), class('o', 0)].join(",")
}

/// `[ugoa…](+|-|=)[rwx…][,…]`, on what the old mask lets through.
fn from_symbols(mode: &[u8], old: u32) -> Option<u32> {
    let mut allowed = !old & 0o777;
    for clause in mode.split(|byte| *byte == b',') {
        let at = clause.iter().position(|byte| b"+-=".contains(byte))?;
        let mut who = 0;
        for letter in &clause[..at] {
            who |= match letter {
                b'u' => 0o700,
                b'g' => 0o070,
                b'o' => 0o007,
                b'a' => 0o777,
                _ => return None,
            };
        }
        if at == 0 {
            who = 0o777;
        }
        let mut what = 0;
        for letter in &clause[at + 1..] {
            what |= match letter {
                b'r' => 0o444,
                b'w' => 0o222,
                b'x' => 0o111,
                _ => return None,
            };
        }
        match clause[at] {
            b'+' => allowed |= who & what,
            b'-' => allowed &= !(who & what),
            _ => allowed = (allowed & !who) | (who & what),
        }
    }
    Some(!allowed & 0o777)
}

/// Letters of `ulimit`, what they limit, and the unit in bytes.
const LIMITS: [(u8, Resource, u64, &str); 11] = [
    (b't', Resource::RLIMIT_CPU, 1, "time(seconds)"),
    (b'f', Resource::RLIMIT_FSIZE, 512, "file(blocks)"),
    (b'd', Resource::RLIMIT_DATA, 1024, "data(kbytes)"),
    (b's', Resource::RLIMIT_STACK, 1024, "stack(kbytes)"),
    (b'c', Resource::RLIMIT_CORE, 512, "coredump(blocks)"),
    (b'm', Resource::RLIMIT_RSS, 1024, "memory(kbytes)"),
    (b'l', Resource::RLIMIT_MEMLOCK, 1024, "locked memory(kbytes)"),
    (b'p', Resource::RLIMIT_NPROC, 1, "process"),
    (b'n', Resource::RLIMIT_NOFILE, 1, "nofiles"),
    (b'v', Resource::RLIMIT_AS, 1024, "vmemory(kbytes)"),
    (b'w', Resource::RLIMIT_LOCKS, 1, "locks"),
];

/// `ulimit [-HSa] [-tfdscmlpnv] [limit]`
pub(super) fn ulimit(shell: &mut Shell, fields: &[Text]) -> Outcome<i32> {
    let (mut hard, mut soft, mut all, mut letter) = (false, false, false, b'f');
    let mut rest = &fields[1..];
    while let Some([b'-', letters @ ..]) = rest.first().map(Vec::as_slice) {
        for other in letters {
            match other {
                b'H' => hard = true,
                b'S' => soft = true,
                b'a' => all = true,
                _ => letter = *other,
            }
        }
        rest = &rest[1..];
    }
    if all {
        for (_, resource, unit, name) in LIMITS {
            let text = format!("{name:<22}{}\n", shown(resource, unit, hard));
            shell.out.extend(text.into_bytes());
        }
        return Ok(0);
    }
    let Some((_, resource, unit, _)) = LIMITS.into_iter().find(|(other, ..)| *other == letter) else {
        shell.complain(format_args!("ulimit: bad option -{}", char::from(letter)));
        return Ok(ERROR);
    };
    let Some(text) = rest.first() else {
        shell
            .out
            .extend(format!("{}\n", shown(resource, unit, hard)).into_bytes());
        return Ok(0);
    };
    let limit = match text.as_slice() {
        b"unlimited" => Some(u64::MAX),
        digits => count(digits).and_then(|count| u64::try_from(count).ok()?.checked_mul(unit)),
    };
    let Some(limit) = limit else {
        shell.complain(format_args!("ulimit: bad number: {}", lossy(text)));
        return Ok(ERROR);
    };
    // Without -H and -S both are set.
    let both = hard == soft;
    let set = getrlimit(resource).and_then(|(old_soft, old_hard)| {
        let new_soft = if both || soft { limit } else { old_soft };
        let new_hard = if both || hard { limit } else { old_hard };
        setrlimit(resource, new_soft, new_hard)
    });
    match set {
        Ok(()) => Ok(0),
        Err(error) => {
            shell.complain(format_args!("ulimit: {}", error.desc()));
            Ok(ERROR)
        }
    }
}

fn shown(resource: Resource, unit: u64, hard: bool) -> String {
    let limit = getrlimit(resource).map(|(soft, limit)| if hard { limit } else { soft });
    match limit {
        Ok(u64::MAX) | Err(_) => "unlimited".into(),
        Ok(limit) => (limit / unit).to_string(),
    }
}

/// The time that the shell has used, and its children: user and system.
pub(super) fn times(shell: &mut Shell, _fields: &[Text]) -> Outcome<i32> {
    for who in [UsageWho::RUSAGE_SELF, UsageWho::RUSAGE_CHILDREN] {
        if let Ok(usage) = getrusage(who) {
            let line = format!(
                "{} {}\n",
                minutes(usage.user_time()),
                minutes(usage.system_time())
            );
            shell.out.extend(line.into_bytes());
        }
    }
    Ok(0)
}

fn minutes(time: TimeVal) -> String {
    let seconds = time.tv_sec();
    format!("{}m{}.{:06}s", seconds / 60, seconds % 60, time.tv_usec())
}
