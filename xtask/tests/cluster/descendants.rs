//! The end of all that this process started, and of what that started: orphans are its children too.

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, getpid};

/// Kills children until none is left; their own children become this process's in turn.
pub fn end() {
    loop {
        let children = children();
        if children.is_empty() {
            return;
        }
        for child in children {
            let _ = kill(child, Signal::SIGKILL);
            // Reaped here, so that it is not found again; its `Child` will find that it is gone.
            let _ = nix::sys::wait::waitpid(child, None);
        }
    }
}

/// The children of this process.
fn children() -> Vec<Pid> {
    let own = getpid().as_raw();
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    let is_child = |id: &i32| {
        let Ok(text) = std::fs::read_to_string(format!("/proc/{id}/stat")) else {
            return false;
        };
        // The name, in brackets, may hold anything; state and parent follow it.
        let after = text.rsplit(')').next().unwrap_or_default();
        after
            .split_whitespace()
            .nth(1)
            .and_then(|parent| parent.parse().ok())
            == Some(own)
    };
    ids.filter(is_child).map(Pid::from_raw).collect()
}
