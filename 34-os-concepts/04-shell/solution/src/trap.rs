//! Traps (XCU 2.11, 2.12, `trap`): what a signal does to the shell, and what is run at its end.
//!
//! A handler only notes that its signal came. The action runs between two commands, where the shell is whole.

use std::collections::{BTreeMap, BTreeSet};

use crate::ast::Text;
use crate::kernel::{self, Disposition};
use crate::shell::{Flow, Outcome, Shell};

/// The condition of the shell's end.
pub(crate) const EXIT: i32 = 0;

/// What a trap does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    Ignore,
    Run(Text),
}

/// The traps that are set, by signal.
#[derive(Debug, Default)]
pub(crate) struct Traps {
    actions: BTreeMap<i32, Action>,
    /// Ignored when the shell began: those stay so (XCU 2.11).
    ignored: BTreeSet<i32>,
    /// Set for the first time since the shell began.
    touched: BTreeSet<i32>,
}

impl Traps {
    pub fn iter(&self) -> impl Iterator<Item = (i32, &Action)> {
        self.actions.iter().map(|(signal, action)| (*signal, action))
    }

    pub fn get(&self, signal: i32) -> Option<&Action> {
        self.actions.get(&signal)
    }

    /// Whether a trap ignores a signal.
    pub fn is_ignored(&self, signal: i32) -> bool {
        self.actions.get(&signal) == Some(&Action::Ignore)
    }

    /// Whether any trap runs something, which a program in the shell's place could not do.
    pub fn run_anything(&self) -> bool {
        self.actions
            .values()
            .any(|action| matches!(action, Action::Run(_)))
    }

    /// Sets a trap, or takes it away. `noted` says that the shell wants to know of the signal in any case.
    pub fn set(&mut self, signal: i32, action: Option<Action>, interactive: bool) -> nix::Result<()> {
        if signal != EXIT {
            if !interactive && self.touched.insert(signal) && kernel::is_ignored(signal) {
                self.ignored.insert(signal);
            }
            if self.ignored.contains(&signal) {
                return Ok(());
            }
            let disposition = match &action {
                Some(Action::Ignore) => Disposition::Ignored,
                Some(Action::Run(_)) => Disposition::Noted,
                None => untrapped(signal, interactive),
            };
            kernel::set_disposition(signal, disposition)?;
        }
        match action {
            Some(action) => self.actions.insert(signal, action),
            None => self.actions.remove(&signal),
        };
        Ok(())
    }

    /// In a subshell what would run is reset, and what is ignored stays so (XCU 2.13).
    pub fn enter_subshell(&mut self) {
        self.actions.retain(|signal, action| {
            let stays = *action == Action::Ignore;
            if !stays && *signal != EXIT {
                // A signal that has had a handler can have none.
                let _ = kernel::set_disposition(*signal, Disposition::Default);
            }
            stays
        });
    }

    /// The dispositions of a shell that a person uses: it must outlive what is typed at its jobs.
    pub fn become_interactive(&mut self) {
        for signal in INTERACTIVE {
            let _ = kernel::set_disposition(signal, untrapped(signal, true));
        }
    }

    /// Takes that back, in a child.
    pub fn leave_interactive(&self) {
        for signal in INTERACTIVE {
            if !self.is_ignored(signal) {
                let _ = kernel::set_disposition(signal, Disposition::Default);
            }
        }
    }
}

/// Signals that an interactive shell treats in a way of its own.
const INTERACTIVE: [i32; 7] = [
    libc::SIGINT,
    libc::SIGQUIT,
    libc::SIGTERM,
    libc::SIGHUP,
    libc::SIGTSTP,
    libc::SIGTTIN,
    libc::SIGTTOU,
];

/// What a signal does that has no trap.
fn untrapped(signal: i32, interactive: bool) -> Disposition {
    match signal {
        libc::SIGINT if interactive => Disposition::Noted,
        libc::SIGHUP if interactive => Disposition::HandedOn,
        _ if interactive && INTERACTIVE.contains(&signal) => Disposition::Ignored,
        _ => Disposition::Default,
    }
}

impl Shell {
    /// Runs the traps of the signals that have come.
    #[cold]
    pub fn run_traps(&mut self) -> Outcome {
        for signal in kernel::take_pending() {
            match self.traps.get(signal) {
                Some(Action::Run(text)) => {
                    let text = text.clone();
                    self.run_trap(text)?;
                }
                Some(Action::Ignore) => {}
                None if signal == libc::SIGINT && self.interactive => {
                    self.status = 128 + signal;
                    return Err(Flow::Error);
                }
                None => {}
            }
        }
        Ok(())
    }

    /// An action sees `$?` as it was, and leaves it so.
    fn run_trap(&mut self, text: Text) -> Outcome {
        let status = self.status;
        let substitution = self.substitution;
        self.run_text(text)?;
        (self.status, self.substitution) = (status, substitution);
        Ok(())
    }

    /// Runs the trap on the shell's end, once; its own `exit` sets the status.
    pub fn run_exit_trap(&mut self) {
        let Some(Action::Run(text)) = self.traps.get(EXIT).cloned() else {
            return;
        };
        // Nothing is signalled, so that nothing can fail.
        let _ = self.traps.set(EXIT, None, self.interactive);
        let status = self.status;
        self.is_last = false;
        if self.run_text(text) != Err(Flow::Exit) {
            self.status = status;
        }
    }
}
