//! Finding out what the machine allows, by doing it.
//!
//! A jail is started that puts on every layer and runs nothing. The first layer that fails is left out, and the rest is tried
//! again, until all that is left holds together. On a machine that allows everything that is one jail of a few milliseconds.

use std::process::Stdio;

use anyhow::{Context, Result};
use nix::unistd::{Gid, Uid, geteuid};

use super::layer::{LEVEL, Level};
use super::order::{Failed, Message, Order};
use super::start::start_jail;
use super::{Layer, Sandbox, libraries};

/// Whom root becomes: no account of a distribution has this number.
const USER: u32 = 64_001;

impl Sandbox {
    /// What this machine allows, within what `PHASE7_SANDBOX` asks for.
    pub fn probe() -> Self {
        let level = Level::wanted();
        let (mut layers, mut missing) = (Vec::new(), Vec::new());
        for layer in Layer::ALL {
            if layer == Layer::OwnUser && !geteuid().is_root() {
                continue;
            }
            if level.has(layer) {
                layers.push(layer);
            } else {
                missing.push((layer, format!("{LEVEL} leaves it out")));
            }
        }
        let mut sandbox = Self {
            layers,
            missing,
            user: None,
            libraries: libraries::find(),
        };
        sandbox.leave_out_what_fails();
        sandbox.user = sandbox
            .layers
            .contains(&Layer::OwnUser)
            .then(|| (Uid::from_raw(USER), Gid::from_raw(USER)));
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
            let layer = failed
                .layer
                .and_then(|layer| self.layers.iter().position(|other| other.is(layer)));
            match layer {
                Some(index) => {
                    let layer = self.layers.remove(index);
                    self.missing.push((layer, failed.why));
                }
                None => {
                    let all = self.layers.drain(..);
                    self.missing.extend(all.map(|layer| (layer, failed.why.clone())));
                    break;
                }
            }
        }
    }

    /// Puts all layers on a process that runs nothing.
    fn trial(&self) -> std::result::Result<(), Failed> {
        let order = Order {
            command: None,
            layers: self.layers.clone(),
            user: (USER, USER),
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
