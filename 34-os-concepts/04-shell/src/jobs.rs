//! Jobs (XCU 2.11 of POSIX.1-2024, and the terminal's side of it in XBD 11.1.2 to 11.1.4).
//!
//! With job control each pipeline is a process group. One group has the terminal: the kernel sends it what Ctrl-C and
//! Ctrl-Z mean, and stops whoever else reads. The shell hands the terminal to a job, waits until all of the job has
//! ended or stopped, takes the terminal back, and puts the terminal's modes back as they were when the job did not get
//! to do it itself. A stopped job's modes are kept, for `fg`.

use nix::unistd::Pid;

use crate::ast::Text;
use crate::kernel::Change;
use crate::shell::{Outcome, Shell};

/// A process of a job, and what it did last; nothing yet: it runs.
#[derive(Debug)]
pub(crate) struct Process {
    pub pid: Pid,
    pub change: Option<Change>,
}

/// A pipeline. Add what you need: the terminal's modes when it was stopped, what the user has been told of it.
#[derive(Debug)]
pub(crate) struct Job {
    pub number: usize,
    /// Its process group, with job control.
    pub group: Option<Pid>,
    pub processes: Vec<Process>,
    pub source: Text,
}

/// The jobs that are in the background or stopped. Add what you need: which is the current one, and the terminal.
#[derive(Debug, Default)]
pub(crate) struct Jobs {
    list: Vec<Job>,
}

impl Shell {
    /// Turns job control on: the shell gets a group of its own and its terminal's foreground. False without a terminal.
    pub fn take_terminal(&mut self) -> bool {
        todo!("take the terminal for {}", self.pid)
    }

    /// Waits for a job in the foreground, and takes the terminal back.
    pub fn finish_foreground(&mut self, job: Job) -> Outcome {
        todo!("wait for {job:?}")
    }

    /// `fg`: the job gets the terminal, with the modes that it had, and goes on.
    pub fn continue_in_foreground(&mut self, number: usize) -> Outcome {
        todo!("go on with job {number}")
    }

    /// Tells of jobs that have changed, before a prompt; those that have ended leave the table.
    pub fn tell_of_jobs(&mut self) {
        todo!("tell of {:?}", self.jobs)
    }
}
