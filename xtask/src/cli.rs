//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::batch::Shard;
use crate::report::visibility::Visibility;

/// The course's runner and grader. Without a command: how far you are.
///
/// Exit codes: 0 all that was asked holds, 1 something falls short, 2 the command could not do its work.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the modules and exercises in course order
    List(Format),
    /// Say what to do next
    Next(Format),
    /// Run one exercise's open tests, then clippy; show the first thing that fails
    Check(Check),
    /// Show a hint of an exercise
    Hint(Hint),
    /// Grade: points per exercise, the checklist, the next step
    Grade(Box<Grade>),
    /// Put the untouched starter back; what was there is kept as a backup
    Reset(Name),
    /// Show where the reference solution is, once the exercise is passed
    Solution(Solution),
    /// Prove the course: starters red, solutions green, wrong solutions caught; then everything else
    Verify(Verify),
    /// Say how strong an exercise's tests are: run them on every small change to its solution, list what they miss
    Mutants(Mutants),
    /// Hold the repository's own rules
    Tidy,
    /// Make the folder of a new exercise
    New(New),
    /// Find what this machine lacks, and install it where that is allowed
    Setup(Setup),
    /// Build the book, and check its links
    Book,
    /// Write the learner's copy: no solutions, no hidden tests, no wrong solutions
    Export(Export),
}

#[derive(Debug, Args)]
pub struct Format {
    /// Text for people, or JSON
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    pub format: OutputFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    Text,
    Json,
}

#[derive(Debug, Args)]
pub struct Name {
    /// The exercise: its name, or its directory
    pub name: String,
}

#[derive(Debug, Args)]
pub struct Check {
    /// The exercise: its name, or its directory; the next one when absent
    pub name: Option<String>,
    #[command(flatten)]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct Hint {
    /// The exercise: its name, or its directory
    pub name: String,
    /// Which hint, from 1; the list of hints when absent
    pub number: Option<usize>,
}

#[derive(Debug, Default, Args)]
pub struct Grade {
    /// Exercises or modules; all when absent
    pub names: Vec<String>,
    /// How to print the report; standard output gets the document and nothing else
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
    /// What the report shows of hidden tests
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t = Visibility::Full)]
    pub visibility: Visibility,
    /// Whose submission it is, in the platform's own terms
    ///
    /// For classroom50, required: a JSON file with the fields `classroom`, `assignment`, `assignment_type`
    /// (individual or group), `owner`, `submission` (the tag), `commit`, `release`, `review` (links), `datetime`
    /// (of the commit, such as 2026-07-26T14:00:00Z) and perhaps `submitted_by` (`username`, `id`).
    /// For gradescope: the container's /autograder/submission_metadata.json.
    #[arg(long, value_name = "FILE")]
    pub identity: Option<PathBuf>,
    /// Also write one self-contained page
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Write the ticks into checklist.md
    #[arg(long)]
    pub write_checklist: bool,
    /// Grade everything again, whatever is known from before
    #[arg(long)]
    pub fresh: bool,
    #[command(flatten, next_help_heading = "Submissions of others")]
    pub class: Class,
}

/// Submissions of others in place of the sources that are here.
#[derive(Debug, Default, Args)]
pub struct Class {
    /// One submission, a folder or an archive, in place of the sources that are here; printed with --format
    #[arg(long, value_name = "PATH", conflicts_with_all = ["submissions", "repositories", "resume", "merge", "write_checklist"])]
    pub submission: Option<PathBuf>,
    /// A folder of submissions, a folder or an archive for each learner, or one archive of them all
    #[arg(long, value_name = "PATH", conflicts_with_all = ["repositories", "resume", "merge", "write_checklist", "html"])]
    pub submissions: Option<PathBuf>,
    /// A CSV file with the columns id, repository, revision: git repositories on this machine
    #[arg(long, value_name = "CSV", conflicts_with_all = ["resume", "merge", "write_checklist", "html"])]
    pub repositories: Option<PathBuf>,
    /// A CSV file with the column id, and name, email, aliases, submitted where known: who is in the class
    #[arg(long, value_name = "CSV")]
    pub roster: Option<PathBuf>,
    /// A TOML file: deadlines, late policy, extensions, what learners see of hidden tests
    #[arg(long, value_name = "TOML")]
    pub policy: Option<PathBuf>,
    /// Where results, gradebook and feedback go [default: beside what is graded, NAME-graded]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Go on with a class that was not graded to the end, or grade it again with what has changed
    #[arg(long, value_name = "DIR", conflicts_with = "merge")]
    pub resume: Option<PathBuf>,
    /// Grade part K of N, for one of N machines
    #[arg(long, value_name = "K/N")]
    pub shard: Option<Shard>,
    /// Put parts together that were graded with --shard: their output directories
    #[arg(long, value_name = "DIR", num_args = 1..)]
    pub merge: Vec<PathBuf>,
    /// Refuse to grade where the sandbox is weaker than strangers' code needs
    #[arg(long)]
    pub require_sandbox: bool,
}

/// How a report is printed. What a platform reads is a success once it is written, whatever was earned: a platform
/// takes another exit code for a broken grader.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For people
    #[default]
    Text,
    /// Our own JSON, see xtask/schema/report-v2.schema.json
    Json,
    /// JUnit XML, for CI systems
    Junit,
    /// For a pull request or a job's summary
    Markdown,
    /// Gradescope's results.json; exit code 0 once it is written
    Gradescope,
    /// GitHub Classroom's result, and the step's output `result` where GITHUB_OUTPUT is set; exit code 0 likewise
    Classroom,
    /// The log of GitHub Classroom's reporter with its two notices, for a workflow without it
    ClassroomLog,
    /// classroom50's result.json, version 1; needs --identity; exit code 0 likewise
    Classroom50,
    /// Exercism's results.json, version 3, of one exercise; exit code 0 likewise
    Exercism,
}

impl ReportFormat {
    /// Whether a platform reads the document, and the points in it.
    pub fn is_for_a_platform(self) -> bool {
        matches!(
            self,
            Self::Gradescope | Self::Classroom | Self::Classroom50 | Self::Exercism
        )
    }
}

#[derive(Debug, Args)]
pub struct Solution {
    /// The exercise: its name, or its directory
    pub name: String,
    /// Show it although the exercise is not passed
    #[arg(long)]
    pub give_up: bool,
}

#[derive(Debug, Args)]
pub struct Verify {
    /// Exercises or modules; all, and the whole repository, when absent
    pub names: Vec<String>,
    /// Let the hostile submissions loose on the grader, and nothing else: all, or the attacks named
    #[arg(long)]
    pub hostile: bool,
}

#[derive(Debug, Args)]
pub struct Mutants {
    /// The exercise: its name, or its directory
    pub name: String,
    /// Only the mutants in these files of the solution, such as 'src/frame.rs'
    #[arg(long, value_name = "GLOB")]
    pub file: Option<String>,
    /// Run at most this many mutants; those that survived the last time come first
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Run every mutant again, whatever is known from before
    #[arg(long)]
    pub fresh: bool,
    #[command(flatten)]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct New {
    /// Where it goes: `31-cli-tools/05-word-count`
    pub path: PathBuf,
}

#[derive(Debug, Args)]
pub struct Setup {
    /// Tools to install although no test needs them: cargo-mutants, for `mutants`
    pub names: Vec<String>,
    /// Install without asking
    #[arg(long)]
    pub yes: bool,
    /// Only say what is missing
    #[arg(long)]
    pub check: bool,
    #[command(flatten)]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct Export {
    /// The directory to write; it must not exist, or be empty
    pub directory: PathBuf,
}
