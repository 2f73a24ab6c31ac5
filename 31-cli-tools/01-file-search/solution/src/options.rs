//! What the program is to do: the command line and the defaults, resolved. Nothing here is optional any more.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use ignore::overrides::{Override, OverrideBuilder};

use crate::cli::{Cli, ColorWhen, Flags};
use crate::matcher::{MatchOptions, Matcher, PatternError};
use crate::output::Order;
use crate::printer::{Part, Style};
use crate::search::{Goal, SearchOptions};

/// Everything a search needs.
#[derive(Debug)]
pub struct Options {
    /// What to search for.
    pub matcher: Matcher,
    /// Which lines are selected.
    pub search: SearchOptions,
    /// How they are printed.
    pub report: Report,
    /// Where to search.
    pub sources: Sources,
}

/// What is printed.
#[derive(Debug, Clone, Copy)]
pub enum Report {
    /// Lines, or what matches in them.
    Lines(Style),
    /// A number for each source.
    Count(Style),
    /// The path of each source with a selected line.
    Paths(Style),
    /// JSON; `with_matches` unless lines that do not match are selected.
    Json {
        /// Tells where the matches are.
        with_matches: bool,
    },
}

/// Where to search.
#[derive(Debug)]
pub struct Sources {
    /// Files, directories, and `-` for standard input. One or more.
    pub paths: Vec<PathBuf>,
    /// No path was given: the paths below `.` are printed without it.
    pub is_implied: bool,
    /// Hidden files too.
    pub hidden: bool,
    /// Which files: gitignore patterns that select instead of leaving out.
    pub globs: Override,
    /// Sort by path.
    pub sorted: bool,
    /// Threads, 1 or more.
    pub threads: usize,
}

/// Why there is nothing to do.
#[derive(Debug, thiserror::Error)]
pub enum OptionsError {
    /// The command line is wrong.
    #[error(transparent)]
    Usage(#[from] clap::Error),
    /// A pattern is wrong.
    #[error(transparent)]
    Pattern(#[from] PatternError),
    /// A glob is wrong.
    #[error("invalid glob {glob:?}: {reason}")]
    Glob {
        /// The glob as it was given.
        glob: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl Sources {
    /// The only source, if there is only one and it is no directory.
    pub fn single(&self) -> Option<&Path> {
        match &self.paths[..] {
            [path] if !path.is_dir() => Some(path),
            _ => None,
        }
    }

    /// Who writes first.
    pub fn order(&self) -> Order {
        if self.sorted || self.single().is_some() {
            Order::Tickets
        } else {
            Order::Any
        }
    }
}

impl Options {
    /// Works out what `cli` means with `defaults` beneath it.
    ///
    /// # Errors
    /// There is no pattern, or a pattern or a glob is none.
    pub fn resolve(cli: Cli, defaults: Flags) -> Result<Self, OptionsError> {
        let (patterns, mut paths) = cli.patterns_and_paths()?;
        let flags = cli.flags.over(defaults);
        let matching = MatchOptions {
            ignore_case: flags.ignore_case,
            word: flags.word_regexp,
        };
        let matcher = Matcher::new(&patterns, matching)?;

        let is_implied = paths.is_empty();
        if is_implied {
            paths.push(if std::io::stdin().is_terminal() {
                ".".into()
            } else {
                "-".into()
            });
        }
        let with_path = paths.len() > 1 || paths.iter().any(|path| path.is_dir());
        let report = report(&flags, with_path);
        let shows_context = !flags.only_matching && !matches!(report, Report::Count(_) | Report::Paths(_));
        let context = |lines: Option<usize>| lines.filter(|_| shows_context).unwrap_or(0);
        let goal = match report {
            Report::Lines(_) | Report::Json { .. } => Goal::Lines,
            Report::Count(_) => Goal::Count,
            Report::Paths(_) => Goal::First,
        };
        let search = SearchOptions {
            goal,
            invert: flags.invert_match,
            line_numbers: flags.line_number || flags.json,
            before: context(flags.before_context),
            after: context(flags.after_context),
        };
        let threads = match flags.threads.unwrap_or(0) {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            threads => usize::from(threads),
        };
        let sources = Sources {
            paths,
            is_implied,
            hidden: flags.hidden,
            globs: globs(&flags.glob)?,
            sorted: flags.sort.is_some(),
            threads,
        };
        Ok(Self {
            matcher,
            search,
            report,
            sources,
        })
    }

    /// Whether escape sequences are printed.
    pub fn is_colored(&self) -> bool {
        match self.report {
            Report::Lines(style) | Report::Count(style) | Report::Paths(style) => style.color,
            Report::Json { .. } => false,
        }
    }

    /// What stands between two sources.
    pub fn separator(&self) -> &'static [u8] {
        let has_context = self.search.before > 0 || self.search.after > 0;
        if has_context && matches!(self.report, Report::Lines(_)) {
            b"--\n"
        } else {
            b""
        }
    }
}

fn globs(globs: &[String]) -> Result<Override, OptionsError> {
    let invalid = |glob: &str, error: ignore::Error| {
        let reason = match error {
            ignore::Error::Glob { err, .. } => err,
            other => other.to_string(),
        };
        OptionsError::Glob {
            glob: glob.to_owned(),
            reason,
        }
    };
    let here = std::env::current_dir().unwrap_or_else(|_| ".".into());
    let mut builder = OverrideBuilder::new(here);
    for glob in globs {
        builder.add(glob).map_err(|error| invalid(glob, error))?;
    }
    builder.build().map_err(|error| invalid(&globs.join(" "), error))
}

fn report(flags: &Flags, with_path: bool) -> Report {
    let color = match flags.color.unwrap_or(ColorWhen::Auto) {
        ColorWhen::Always => true,
        ColorWhen::Never => false,
        ColorWhen::Auto => is_color_welcome(),
    };
    let part = match (flags.only_matching, flags.invert_match) {
        (true, true) => Part::Nothing,
        (true, false) => Part::Matches,
        (false, false) if color => Part::ColoredLine,
        (false, _) => Part::Line,
    };
    let style = Style {
        part,
        with_path,
        color,
    };
    if flags.json {
        Report::Json {
            with_matches: !flags.invert_match,
        }
    } else if flags.files_with_matches {
        Report::Paths(style)
    } else if flags.count {
        Report::Count(style)
    } else {
        Report::Lines(style)
    }
}

/// <https://no-color.org>, and terminals that know no colours.
fn is_color_welcome() -> bool {
    let forbidden = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let is_dumb = std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
    !forbidden && !is_dumb && std::io::stdout().is_terminal()
}
