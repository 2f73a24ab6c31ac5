//! Running tests: each in a process of its own, in the sandbox, judged by evidence.

mod descendants;
pub mod failure;
pub mod limits;
mod process;
pub mod watch;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use descendants::Descendants;
pub use failure::Failure;
pub use limits::Limits;
pub use process::run_test;

use crate::sandbox::View;

/// One test to run.
#[derive(Debug, Clone)]
pub struct Job {
    /// The test binary.
    pub binary: PathBuf,
    /// The name that libtest knows it by.
    pub name: String,
    /// The directory it runs in.
    pub directory: PathBuf,
    /// Variables of its environment, beside those that every test has.
    pub variables: Vec<(OsString, OsString)>,
    /// What it sees of the file system.
    pub view: View,
    /// What it may use.
    pub limits: Limits,
}

/// How a test process ended, before points come into it.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The word for it.
    pub verdict: Verdict,
    /// What the failure says, if it failed.
    pub failure: Option<Failure>,
    /// Wall-clock time.
    pub duration: Duration,
}

/// The words of a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "word", content = "detail")]
pub enum Verdict {
    /// The body ran to its end, and proved it.
    Passed,
    /// The body panicked.
    Failed,
    /// The process ended well without having run the body to its end.
    NoEvidence,
    /// A wire passed: something was forged.
    WireTripped,
    /// Wall clock or processor time ran out.
    TimedOut,
    /// An allocation was refused under the memory limit.
    OutOfMemory,
    /// More was printed than the grader reads.
    TooMuchOutput,
    /// A signal ended it; its name.
    KilledBy(String),
    /// The exercise does not compile.
    DoesNotCompile,
    /// The submission cannot be taken; the reason.
    Refused(String),
    /// The machine lacks what the test needs; what that is.
    NotGraded(String),
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Verdict::Passed => formatter.write_str("passed"),
            Verdict::Failed => formatter.write_str("failed"),
            Verdict::NoEvidence => formatter.write_str("no evidence"),
            Verdict::WireTripped => formatter.write_str("wire tripped"),
            Verdict::TimedOut => formatter.write_str("timed out"),
            Verdict::OutOfMemory => formatter.write_str("out of memory"),
            Verdict::TooMuchOutput => formatter.write_str("too much output"),
            Verdict::KilledBy(signal) => write!(formatter, "killed by {signal}"),
            Verdict::DoesNotCompile => formatter.write_str("does not compile"),
            Verdict::Refused(why) => write!(formatter, "refused: {why}"),
            Verdict::NotGraded(why) => write!(formatter, "not graded: {why}"),
        }
    }
}
