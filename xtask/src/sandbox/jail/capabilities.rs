//! Giving up capabilities, in every set that a process has.

use std::io;

/// More than there are; the kernel refuses numbers that it does not know.
const HIGHEST: libc::c_ulong = 63;

/// `_LINUX_CAPABILITY_VERSION_3` of `linux/capability.h`.
const VERSION: u32 = 0x2008_0522;

#[repr(C)]
struct Header {
    version: u32,
    pid: i32,
}

#[repr(C)]
#[derive(Clone, Copy)]
struct Sets {
    effective: u32,
    permitted: u32,
    inheritable: u32,
}

/// Empties the bounding set, as far as this process may: what is not in it cannot come back through exec.
pub fn drop_bounding() {
    for capability in 0..=HIGHEST {
        // SAFETY: the call takes numbers and changes nothing but this process's bounding set.
        if unsafe { libc::prctl(libc::PR_CAPBSET_DROP, capability, 0, 0, 0) } != 0 {
            break;
        }
    }
}

/// Empties every set.
///
/// # Errors
/// When the kernel refuses, which it does for no process that only gives up.
pub fn drop_all() -> io::Result<()> {
    drop_bounding();
    // SAFETY: the call takes numbers and changes nothing but this process's ambient set.
    unsafe { libc::prctl(libc::PR_CAP_AMBIENT, libc::PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) };
    let header = Header {
        version: VERSION,
        pid: 0,
    };
    let sets = [Sets {
        effective: 0,
        permitted: 0,
        inheritable: 0,
    }; 2];
    // SAFETY: version 3 reads one header and two sets, laid out as above, during the call alone.
    match unsafe { libc::syscall(libc::SYS_capset, &raw const header, sets.as_ptr()) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}
