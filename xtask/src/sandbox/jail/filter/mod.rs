//! The system-call filter: what no exercise needs and what would reach past the other layers is refused with `EPERM`.
//!
//! A list of what is refused, not of what is allowed: exercises on processes, memory and sockets make unusual calls,
//! and the C library changes its own with every version. `clone3`, whose flags a filter cannot see, does not exist
//! here; the C library then uses `clone`.

mod calls;
mod search;

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    apply_filter,
};

use calls::REFUSED;

/// Flags of `clone` that make a namespace.
const NAMESPACES: [libc::c_int; 7] = [
    libc::CLONE_NEWNS,
    libc::CLONE_NEWCGROUP,
    libc::CLONE_NEWUTS,
    libc::CLONE_NEWIPC,
    libc::CLONE_NEWUSER,
    libc::CLONE_NEWPID,
    libc::CLONE_NEWNET,
];

/// Terminal requests that type into a terminal, or paste into a console.
const TYPING: [libc::Ioctl; 2] = [libc::TIOCSTI, libc::TIOCLINUX];

/// Socket families that stay; others reach past the network namespace, to the hypervisor for one.
const FAMILIES: [libc::c_int; 4] = [libc::AF_UNIX, libc::AF_INET, libc::AF_INET6, libc::AF_NETLINK];

/// Puts the filter on this process, and all that it starts, for good.
///
/// # Errors
/// When the kernel has no filters, or refuses.
pub fn apply() -> Result<()> {
    apply_filter(&program()?).context("the kernel refuses the filter")
}

/// What does not exist, then what is refused, then what depends on arguments; the rest is allowed.
fn program() -> Result<BpfProgram> {
    let conditional = SeccompFilter::new(
        rules()?,
        SeccompAction::Allow,
        SeccompAction::Errno(libc::EPERM.cast_unsigned()),
        std::env::consts::ARCH.try_into()?,
    )?;
    let mut program = search::refuse(REFUSED);
    program.extend(BpfProgram::try_from(conditional)?);
    Ok(program)
}

/// The conditions of calls that are refused for some arguments.
fn rules() -> Result<BTreeMap<i64, Vec<SeccompRule>>> {
    let namespaces = NAMESPACES.map(|flag| {
        let flag = u64::from(flag.cast_unsigned());
        rule(&[(0, SeccompCmpOp::MaskedEq(flag), flag)])
    });
    let typing = TYPING.map(|request| rule(&[(1, SeccompCmpOp::Eq, request)]));
    let other_families = FAMILIES.map(|family| (0, SeccompCmpOp::Ne, u64::from(family.cast_unsigned())));
    let dumpable = u64::from(libc::PR_SET_DUMPABLE.cast_unsigned());
    // A test closes itself to debuggers; nothing may open it again.
    let reopen = [(0, SeccompCmpOp::Eq, dumpable), (1, SeccompCmpOp::Ne, 0)];
    Ok(BTreeMap::from([
        (libc::SYS_clone, namespaces.into_iter().collect::<Result<_>>()?),
        (libc::SYS_ioctl, typing.into_iter().collect::<Result<_>>()?),
        (libc::SYS_socket, vec![rule(&other_families)?]),
        (libc::SYS_prctl, vec![rule(&reopen)?]),
    ]))
}

/// A rule that matches when all of its conditions, each on the low half of an argument, do.
fn rule(conditions: &[(u8, SeccompCmpOp, u64)]) -> Result<SeccompRule> {
    let conditions = conditions.iter().map(|(argument, operator, value)| {
        SeccompCondition::new(*argument, SeccompCmpArgLen::Dword, operator.clone(), *value)
    });
    let conditions = conditions.collect::<Result<_, _>>()?;
    Ok(SeccompRule::new(conditions)?)
}
