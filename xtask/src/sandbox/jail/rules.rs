//! Landlock: the same view once more, as rules on file access that no mount or leaked descriptor gets around.

use std::path::{Path, PathBuf};

use landlock::{
    ABI, Access as _, AccessFs, BitFlags, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetError, Scope,
};

use super::plan::{Access, paths};
use crate::sandbox::MESSAGE_QUEUES;
use crate::sandbox::order::Order;

/// The newest interface whose rights are named here; an older kernel gets those that it knows.
const NEWEST: ABI = ABI::V6;

/// What a machine's own root is asked for where there is no minimal one.
const OF_THE_MACHINE: [&str; 4] = [
    "/etc/hosts",
    "/etc/nsswitch.conf",
    "/etc/host.conf",
    "/etc/localtime",
];

/// Restricts this process, and all that it starts, for good.
///
/// # Errors
/// When the kernel refuses; the interface's absence is one such refusal.
pub fn apply(order: &Order) -> Result<(), RulesetError> {
    let all = AccessFs::from_all(NEWEST);
    let mut rules = Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessFs::from_all(ABI::V1))?
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(all)?
        .scope(Scope::from_all(NEWEST))?
        .create()?;
    for (path, access) in grants(order) {
        let Ok(parent) = PathFd::new(&path) else {
            continue;
        };
        let access = if path.is_dir() {
            access
        } else {
            access & AccessFs::from_file(NEWEST)
        };
        rules = rules.add_rule(PathBeneath::new(parent, access))?;
    }
    rules.restrict_self().map(drop)
}

/// Paths, and what may be done at and below them.
fn grants(order: &Order) -> Vec<(PathBuf, BitFlags<AccessFs>)> {
    let (read, all) = (AccessFs::from_read(NEWEST), AccessFs::from_all(NEWEST));
    let device = AccessFs::ReadFile | AccessFs::ReadDir | AccessFs::WriteFile | AccessFs::IoctlDev;
    let mut grants = vec![
        (PathBuf::from("/dev"), device),
        (PathBuf::from("/dev/shm"), all),
        (PathBuf::from(MESSAGE_QUEUES), all),
        (order.temporary.clone(), all),
    ];
    if let Some(command) = &order.command {
        let view = &command.view;
        let own = paths(view, &order.libraries).map(|(path, access)| match access {
            Access::Read => (view.inside(&path), read),
            Access::Write => (view.inside(&path), all),
        });
        grants.extend(own);
    }
    if order.has_root() {
        grants.extend(["/etc", "/proc"].map(|path| (PathBuf::from(path), read)));
        grants.push((PathBuf::from("/"), AccessFs::ReadDir.into()));
    } else {
        let files = OF_THE_MACHINE.iter().map(Path::new);
        grants.extend(files.map(|path| (path.to_owned(), read)));
    }
    grants
}
