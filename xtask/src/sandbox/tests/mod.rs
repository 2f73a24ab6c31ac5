//! The sandbox as a hostile submission sees it.
//!
//! What needs system calls is a function of [`inside`], which this test binary runs when it is started again in the
//! sandbox; the rest is shell. Nothing here sleeps to wait: a process that is gone no longer holds its end of a pipe.

mod cost;
mod degraded;
mod identity;
mod inside;
mod network;
mod processes;
mod programs;
mod support;
mod view;

/// A test binary is started again as the jail before libtest's own `main`, which would run it in a second thread.
#[used]
#[unsafe(link_section = ".init_array")]
static ENTER: extern "C" fn() = {
    extern "C" fn enter() {
        if super::is_asked_for() {
            let _ = super::run_jail();
            std::process::exit(0);
        }
    }
    enter
};
