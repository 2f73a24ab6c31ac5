//! Finding out what the machine allows, by doing it.
//!
//! A jail is started that puts on every layer and runs nothing. The first layer that fails is left out, and the rest
//! is tried again, until all that is left holds together. On a machine that allows everything that is one jail of a
//! few milliseconds.

use std::process::Stdio;

use anyhow::{Context, Result};
use nix::unistd::{Gid, Uid, getegid, geteuid};

use super::layer::{LEVEL, Level};
use super::order::{Failed, Message, Order};
use super::start::start_jail;
use super::{Layer, Sandbox, advice, libraries};

/// Whom root becomes: no account of a distribution has this number.
pub const USER: u32 = 64_001;

impl Sandbox {
    /// What this machine allows, within what `PHASE7_SANDBOX` asks for.
    pub fn probe() -> Self {
        Self::probe_at(Level::wanted())
    }

    /// What this machine allows of `level`.
    pub fn probe_at(level: Level) -> Self {
        let sandbox = Self::try_all(level, geteuid().is_root());
        let lacks_root = sandbox
            .missing
            .iter()
            .any(|(layer, _)| *layer == Layer::MountNamespace);
        if !(level == Level::Full && sandbox.user.is_some() && lacks_root) {
            return sandbox;
        }
        // Root of a container may lack the right to mount and yet make a user namespace, as an ordinary user does.
        let other = Self::try_all(level, false);
        if other.layers.len() > sandbox.layers.len() {
            other
        } else {
            sandbox
        }
    }

    /// Tries every layer of `level`; `leaves_root` asks for a user of its own.
    fn try_all(level: Level, leaves_root: bool) -> Self {
        let (mut layers, mut missing) = (Vec::new(), Vec::new());
        for layer in Layer::ALL {
            if layer == Layer::OwnUser && !leaves_root {
                continue;
            }
            if level.has(layer) {
                layers.push(layer);
            } else {
                missing.push((layer, format!("left out: {LEVEL} asks for less")));
            }
        }
        let mut sandbox = Self {
            layers,
            missing,
            user: None,
            libraries: libraries::find(),
        };
        sandbox.leave_out_what_fails();
        let own_user = sandbox.layers.contains(&Layer::OwnUser);
        sandbox.user = own_user.then(|| (Uid::from_raw(USER), Gid::from_raw(USER)));
        for layer in &mut sandbox.layers {
            if layer.is(Layer::Landlock(0)) {
                *layer = Layer::Landlock(landlock_version());
            }
        }
        sandbox
    }

    /// Tries the layers together until none fails.
    fn leave_out_what_fails(&mut self) {
        while let Err(failed) = self.trial() {
            let Some(guilty) = failed.layer else {
                let all = self.layers.drain(..);
                self.missing.extend(all.map(|layer| (layer, failed.why.clone())));
                return;
            };
            self.layers.retain(|layer| !layer.is(guilty));
            self.missing.push((guilty, advice::add_to(guilty, &failed.why)));
            // A /proc shows a PID namespace, in a root.
            let needed = [Layer::PidNamespace, Layer::MountNamespace];
            if needed.contains(&guilty) && self.layers.contains(&Layer::Proc) {
                self.layers.retain(|layer| *layer != Layer::Proc);
                self.missing.push((Layer::Proc, format!("it needs the {guilty}")));
            }
        }
    }

    /// Puts all layers on a process that runs nothing.
    fn trial(&self) -> std::result::Result<(), Failed> {
        let order = Order {
            command: None,
            layers: self.layers.clone(),
            user: self.identity(),
            libraries: self.libraries.clone(),
            temporary: std::path::PathBuf::from("/tmp"),
        };
        match first_message(&order) {
            Ok(Message::Failed(failed)) => Err(failed),
            Ok(_) => Ok(()),
            Err(error) => Err(Failed {
                layer: None,
                why: format!("{error:#}"),
            }),
        }
    }

    /// Who the command is, inside and in the files that it makes.
    pub(super) fn identity(&self) -> (u32, u32) {
        if self.layers.contains(&Layer::OwnUser) {
            return (USER, USER);
        }
        let name = |id| {
            if id == 0 && self.layers.contains(&Layer::UserNamespace) {
                USER
            } else {
                id
            }
        };
        (name(geteuid().as_raw()), name(getegid().as_raw()))
    }
}

/// What a jail says first.
fn first_message(order: &Order) -> Result<Message> {
    let mut confined = start_jail(order, [Stdio::null(), Stdio::null(), Stdio::null()])?;
    confined.wait()?;
    confined.message()?.context("the jail ended without a word")
}

/// The kernel's version of Landlock.
fn landlock_version() -> u32 {
    /// `LANDLOCK_CREATE_RULESET_VERSION` of `linux/landlock.h`.
    const ASK_FOR_VERSION: u32 = 1;
    // SAFETY: with this flag the call takes no ruleset and returns a number.
    let version = unsafe {
        libc::syscall(
            libc::SYS_landlock_create_ruleset,
            std::ptr::null::<libc::c_void>(),
            0,
            ASK_FOR_VERSION,
        )
    };
    u32::try_from(version).unwrap_or(0)
}
