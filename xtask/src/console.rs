//! What people see while something runs: progress on a terminal, silence without one, errors in one line.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A line of progress on standard error; nothing at all when that is no terminal.
pub struct Progress {
    bar: ProgressBar,
    /// When the last line was written where there is no terminal.
    told: Mutex<Option<Instant>>,
    quiet: bool,
}

/// Seconds between two lines of a log.
const TELL_EVERY: Duration = Duration::from_secs(10);

impl Progress {
    /// A line that is drawn only on a terminal, and never when `quiet`.
    pub fn new(quiet: bool) -> Self {
        let bar = ProgressBar::no_length();
        if quiet || !std::io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        bar.set_style(ProgressStyle::with_template("  {spinner} {msg}").expect("the template is fixed"));
        bar.enable_steady_tick(Duration::from_millis(100));
        Self {
            bar,
            told: Mutex::new(None),
            quiet,
        }
    }

    /// Says what is going on.
    pub fn say(&self, what: impl Into<String>) {
        self.bar.set_message(what.into());
    }

    /// One more crate is built.
    pub fn built(&self, krate: &str) {
        self.bar.inc(1);
        self.bar
            .set_message(format!("building: {} crates, {krate}", self.bar.position()));
    }

    /// From here on `total` tests are run.
    pub fn start_tests(&self, total: usize) {
        self.start(total, "tests");
    }

    /// From here on `total` of `what` are done.
    pub fn start(&self, total: usize, what: &str) {
        let style = format!(
            "  {{spinner}} {{bar:30.cyan/dim}} {{pos}}/{{len}} {what} {{msg:.dim}} (about {{eta}} left)"
        );
        self.bar
            .set_style(ProgressStyle::with_template(&style).expect("the template is fixed but for a word"));
        self.bar.set_length(total as u64);
        self.bar.reset();
        self.bar.set_message("");
    }

    /// A line in a log: where there is no terminal to draw on, at most one every few seconds.
    pub fn tell(&self, what: &str) {
        if self.quiet || !self.bar.is_hidden() {
            return;
        }
        let mut told = self.told.lock().expect("nobody panics with the lock held");
        if told.is_none_or(|told| told.elapsed() >= TELL_EVERY) {
            *told = Some(Instant::now());
            let left = self.left().filter(|left| !left.is_zero());
            let left = left.map(|left| format!(", about {} left", indicatif::HumanDuration(left)));
            anstream::eprintln!("{what}{}", left.unwrap_or_default());
        }
    }

    /// What is left at the pace so far. The bar's own estimate forgets within seconds, and despairs of a long pause.
    fn left(&self) -> Option<Duration> {
        let done = u32::try_from(self.bar.position()).ok().filter(|done| *done > 0)?;
        let left = self.bar.length()?.saturating_sub(self.bar.position());
        Some(self.bar.elapsed() / done * u32::try_from(left).ok()?)
    }

    /// One more test has ended.
    pub fn ran(&self, name: &str) {
        self.bar.set_message(name.to_owned());
        self.bar.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Prints an error with its causes in one line.
pub fn error(error: &anyhow::Error) {
    let text = crate::report::escape::log(&format!("{error:#}"));
    anstream::eprintln!("xtask: {}", text.trim());
}

/// Whether the reader of standard output has gone, which is no fault.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let kind = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind)
    };
    error
        .chain()
        .filter_map(kind)
        .any(|kind| kind == std::io::ErrorKind::BrokenPipe)
}
