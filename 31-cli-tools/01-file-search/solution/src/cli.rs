//! The command line as it was written. What it means is worked out in [`crate::options`].

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, FromArgMatches, Parser, ValueEnum};

/// Searches files for lines that match a pattern.
///
/// Directories are searched with everything below them, except what .gitignore names and what is hidden. Without
/// PATH, standard input is searched, or the current directory when standard input is a terminal.
#[derive(Debug, Clone, Parser)]
#[command(name = "file-search", version, max_term_width = 100, after_long_help = AFTER_HELP)]
#[command(
    override_usage = "file-search [OPTIONS] PATTERN [PATH]...\n       file-search [OPTIONS] -e PATTERN... [PATH]..."
)]
pub struct Cli {
    /// A regular expression; with -e, one more PATH
    pub pattern: Option<OsString>,

    /// Files and directories to search; `-` is standard input
    #[arg(value_name = "PATH", value_hint = clap::ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,

    /// Search for this pattern too; may be repeated
    #[arg(
        short = 'e',
        long = "regexp",
        value_name = "PATTERN",
        allow_hyphen_values = true
    )]
    pub patterns: Vec<String>,

    /// Print a shell's completions or the manual page
    #[arg(long, value_name = "WHAT")]
    pub generate: Option<Generate>,

    /// Everything that a configuration may set as well.
    #[command(flatten)]
    pub flags: Flags,
}

const AFTER_HELP: &str = "\
Environment:
  FILE_SEARCH_OPTS    flags separated by blanks, weaker than those of the command line
  FILE_SEARCH_CONFIG  a file of flags, one a line, weaker still;
                      $XDG_CONFIG_HOME/file-search/config if not set, none if empty
  NO_COLOR            not empty: no colours unless asked for

Exit status:
  0 if a line was selected, 1 if none was, 2 if there was an error";

/// The flags that may stand in a configuration. An absent flag is `None`, `false` or empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(args_override_self = true)]
pub struct Flags {
    /// Match letters in either case
    #[arg(short, long)]
    pub ignore_case: bool,

    /// Match only where the match begins and ends at the edge of a word
    #[arg(short, long)]
    pub word_regexp: bool,

    /// Select the lines that do not match
    #[arg(short = 'v', long)]
    pub invert_match: bool,

    /// Print the number of each line
    #[arg(short = 'n', long)]
    pub line_number: bool,

    /// Print only how many lines of each file are selected
    #[arg(short, long)]
    pub count: bool,

    /// Print only the paths of files with a selected line
    #[arg(short = 'l', long)]
    pub files_with_matches: bool,

    /// Print only the parts that match, each on a line of its own
    #[arg(short, long)]
    pub only_matching: bool,

    /// Print N lines behind each selected line
    #[arg(short = 'A', long, value_name = "N")]
    pub after_context: Option<usize>,

    /// Print N lines before each selected line
    #[arg(short = 'B', long, value_name = "N")]
    pub before_context: Option<usize>,

    /// Print N lines before and behind each selected line
    #[arg(short = 'C', long, value_name = "N")]
    pub context: Option<usize>,

    /// Search hidden files and directories too
    #[arg(long)]
    pub hidden: bool,

    /// Search only files that GLOB names; with `!` before it, only others; may be repeated, the last one wins
    #[arg(short, long, value_name = "GLOB", allow_hyphen_values = true)]
    pub glob: Vec<String>,

    /// When to use colours
    #[arg(long, value_name = "WHEN")]
    pub color: Option<ColorWhen>,

    /// Print JSON, one object a line
    #[arg(long, conflicts_with_all = ["count", "files_with_matches", "only_matching"])]
    pub json: bool,

    /// Print the files in a stable order
    #[arg(long, value_name = "KEY")]
    pub sort: Option<SortKey>,

    /// Search on N threads; 0 is one for each processor
    #[arg(short = 'j', long, value_name = "N")]
    pub threads: Option<u16>,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorWhen {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What to sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SortKey {
    /// The path, component by component
    Path,
}

/// What can be printed for a packager.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Generate {
    /// Completions for bash
    CompleteBash,
    /// Completions for zsh
    CompleteZsh,
    /// Completions for fish
    CompleteFish,
    /// The manual page, in roff
    Man,
}

impl Flags {
    /// Reads flags where no pattern and no path may stand.
    ///
    /// # Errors
    /// The first line of what there is to say.
    pub fn parse_alone(arguments: &[&str]) -> Result<Self, String> {
        let command = Flags::augment_args(
            clap::Command::new("file-search")
                .no_binary_name(true)
                .disable_help_flag(true),
        );
        let reason = |error: clap::Error| {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default();
            first.trim_start_matches("error: ").to_owned()
        };
        let matches = command.try_get_matches_from(arguments).map_err(reason)?;
        Flags::from_arg_matches(&matches).map_err(reason)
    }

    /// These flags, and where they say nothing, those of the `weaker` source.
    #[must_use]
    pub fn over(self, weaker: Flags) -> Flags {
        let (this, weaker) = (self.with_context_spread(), weaker.with_context_spread());
        let mut glob = weaker.glob;
        glob.extend(this.glob);
        Flags {
            ignore_case: this.ignore_case | weaker.ignore_case,
            word_regexp: this.word_regexp | weaker.word_regexp,
            invert_match: this.invert_match | weaker.invert_match,
            line_number: this.line_number | weaker.line_number,
            count: this.count | weaker.count,
            files_with_matches: this.files_with_matches | weaker.files_with_matches,
            only_matching: this.only_matching | weaker.only_matching,
            after_context: this.after_context.or(weaker.after_context),
            before_context: this.before_context.or(weaker.before_context),
            context: None,
            hidden: this.hidden | weaker.hidden,
            glob,
            color: this.color.or(weaker.color),
            json: this.json | weaker.json,
            sort: this.sort.or(weaker.sort),
            threads: this.threads.or(weaker.threads),
        }
    }

    /// -C as the -A and -B that it stands for, so that a strong -C beats a weak -A.
    fn with_context_spread(mut self) -> Flags {
        let context = self.context.take();
        self.after_context = self.after_context.or(context);
        self.before_context = self.before_context.or(context);
        self
    }
}

impl Cli {
    /// Splits the operands into patterns and paths: with -e, the first operand is a path like the others.
    ///
    /// # Errors
    /// A usage error when there is no pattern.
    pub fn patterns_and_paths(&self) -> Result<(Vec<String>, Vec<PathBuf>), clap::Error> {
        let first = self.pattern.clone();
        if self.patterns.is_empty() {
            let Some(pattern) = first else {
                let message = "a PATTERN is required";
                return Err(Cli::command().error(ErrorKind::MissingRequiredArgument, message));
            };
            let pattern = pattern.into_string().map_err(|pattern| {
                let message = format!("the pattern {pattern:?} is not UTF-8");
                Cli::command().error(ErrorKind::InvalidUtf8, message)
            })?;
            return Ok((vec![pattern], self.paths.clone()));
        }
        let paths = first
            .map(PathBuf::from)
            .into_iter()
            .chain(self.paths.iter().cloned());
        Ok((self.patterns.clone(), paths.collect()))
    }
}
