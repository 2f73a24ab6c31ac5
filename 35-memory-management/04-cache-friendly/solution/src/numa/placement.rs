//! Threads on processors, pages on nodes.
//!
//! - [`pin`], [`affinity`]: `sched_setaffinity(2)` and its question, for the calling thread
//! - [`prefer`]: `set_mempolicy(2)`, from which node the calling thread's new pages come
//! - [`first_touch`]: memory whose pages exist on a node because a thread of that node has written to them

use std::io;

use super::cpulist::CPUS_MAX;
use super::{NumaError, Topology};

/// `MPOL_PREFERRED` of `linux/mempolicy.h`: from this node while it has pages, else from the nearest that has.
#[cfg(target_os = "linux")]
const MPOL_PREFERRED: libc::c_int = 1;

/// Bytes of the smallest page of Linux: whoever writes to one byte in as many touches every page.
const PAGE_BYTES: usize = 4096;

/// What [`prefer`] has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// The kernel was told.
    Set,
    /// There is one node and nothing to choose; the kernel was not asked.
    OneNode,
}

/// Bits of a set of processors as the kernel takes it.
type CpuWords = [u64; CPUS_MAX / 64];

/// Lets the calling thread run on these processors alone.
///
/// # Errors
/// [`NumaError::NoCpu`] for none; [`NumaError::Refused`] when the machine has none of them, or one is [`CPUS_MAX`] or
/// more.
pub fn pin(cpus: &[usize]) -> Result<(), NumaError> {
    if cpus.is_empty() {
        return Err(NumaError::NoCpu);
    }
    let mut words: CpuWords = [0; CPUS_MAX / 64];
    for cpu in cpus {
        match words.get_mut(cpu / 64) {
            Some(word) => *word |= 1 << (cpu % 64),
            None => return refused("sched_setaffinity", io::ErrorKind::InvalidInput.into()),
        }
    }
    // SAFETY: the kernel reads as many bytes as `words` has. 0 is the calling thread.
    let result = unsafe { libc::sched_setaffinity(0, size_of_val(&words), words.as_ptr().cast()) };
    match result {
        0 => Ok(()),
        _ => refused("sched_setaffinity", io::Error::last_os_error()),
    }
}

/// The processors that the calling thread may run on, ascending.
///
/// # Errors
/// [`NumaError::Refused`].
pub fn affinity() -> Result<Vec<usize>, NumaError> {
    let mut words: CpuWords = [0; CPUS_MAX / 64];
    // SAFETY: the kernel writes at most as many bytes as `words` has. 0 is the calling thread.
    let result = unsafe { libc::sched_getaffinity(0, size_of_val(&words), words.as_mut_ptr().cast()) };
    if result < 0 {
        return refused("sched_getaffinity", io::Error::last_os_error());
    }
    let is_set = |cpu: &usize| words[cpu / 64] >> (cpu % 64) & 1 == 1;
    Ok((0..CPUS_MAX).filter(is_set).collect())
}

/// Has the pages that the calling thread is the first to touch come from node `id` while it has some.
///
/// # Errors
/// [`NumaError::UnknownNode`]; [`NumaError::Refused`] by the kernel, and then nothing has changed.
pub fn prefer(topology: &Topology, id: usize) -> Result<Policy, NumaError> {
    topology.node(id)?;
    if topology.nodes().len() == 1 {
        return Ok(Policy::OneNode);
    }
    let mask = nodemask(id);
    // The kernel takes the number of bits, and reads one less than it is told.
    let bits = mask.len() * 64 + 1;
    // SAFETY: the kernel reads the words of `mask`, which live across the call. A policy changes no memory.
    let result = unsafe { libc::syscall(libc::SYS_set_mempolicy, MPOL_PREFERRED, mask.as_ptr(), bits) };
    match result {
        0 => Ok(Policy::Set),
        _ => refused("set_mempolicy", io::Error::last_os_error()),
    }
}

/// The set of nodes that has `id` alone: bit `id % 64` of word `id / 64`, in as few words as that takes.
pub fn nodemask(id: usize) -> Vec<u64> {
    let mut words = vec![0; id / 64 + 1];
    words[id / 64] = 1 << (id % 64);
    words
}

/// `bytes` zeros whose pages all exist, put there by a thread on the processors of node `id`. The calling thread stays
/// where it is.
///
/// # Errors
/// [`NumaError::UnknownNode`]; [`NumaError::NoCpu`] for a node of memory alone; [`NumaError::Refused`] when a thread
/// cannot be started or pinned.
pub fn first_touch(topology: &Topology, id: usize, bytes: usize) -> Result<Vec<u8>, NumaError> {
    let cpus = &topology.node(id)?.cpus;
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().spawn_scoped(scope, || {
            pin(cpus)?;
            let mut memory = vec![0_u8; bytes];
            for page in memory.chunks_mut(PAGE_BYTES) {
                // The kernel has promised zeros, and makes a page of them at the first write. A compiler that knows
                // of the promise would leave a plain write of zero out.
                std::hint::black_box(page)[0] = 0;
            }
            Ok(memory)
        });
        match thread {
            Ok(thread) => thread
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(source) => refused("clone", source),
        }
    })
}

fn refused<T>(call: &'static str, source: io::Error) -> Result<T, NumaError> {
    Err(NumaError::Refused { call, source })
}
