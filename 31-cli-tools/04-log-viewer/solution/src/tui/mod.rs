//! The viewer on a terminal: threads and a terminal around [`app::App`].

pub mod app;
mod details;
mod draw;
mod events;
pub mod keys;

use std::io::{self, Stdout};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender, TryRecvError};
use std::time::{Duration, Instant};

use crossterm::event::{self, Event};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::cli::Cli;
use crate::filter::Filter;
use crate::input::{self, Input};
use crate::pipe;
use crate::time::Clock;
use crate::worker::{Order, Report, Worker};
use app::App;

/// Reports that may wait for the viewer: the background does not run ahead by more.
const REPORTS_MAX: usize = 64;

/// How long the viewer waits for a key, and between two frames that no key has asked for.
const FRAME: Duration = Duration::from_millis(30);

/// How long the viewer has to end by itself.
const PATIENCE: Duration = Duration::from_millis(500);

/// What the viewer failed at.
#[derive(Debug, thiserror::Error)]
pub enum TuiError {
    /// A file cannot be opened.
    #[error("{}: {}", .0.display(), crate::diagnostics::reason(.1))]
    Open(PathBuf, io::Error),
    /// The terminal cannot be used.
    #[error("terminal: {}", crate::diagnostics::reason(.0))]
    Terminal(#[from] io::Error),
    /// The background has ended by a panic.
    #[error("the background has ended")]
    Background,
}

/// Puts the terminal back when it is dropped, also by a panic.
struct Screen(Terminal<CrosstermBackend<Stdout>>);

/// Views the files of the command line until a key or a signal ends it; the number of the signal.
///
/// # Errors
/// A file or the terminal cannot be used.
pub fn run(cli: &Cli, clock: Clock, filter: Filter) -> Result<Option<i32>, TuiError> {
    let mut app = App::new(clock, filter);
    let (failed, failures) = mpsc::channel();
    open(cli, &mut app, &failed)?;
    let signal = Arc::new(AtomicI32::new(0));
    end_on_signals(Arc::clone(&signal))?;
    let mut screen = Screen::enter()?;
    // What the first screen shows is read at once, all else behind it.
    app.step();
    screen.0.draw(|frame| app.draw(frame))?;
    let worker = app.take_worker().expect("nobody else has taken it");
    let (orders, reports) = background(worker, Duration::from_millis(cli.interval))?;
    let mut drawn = Instant::now();
    let mut is_stale = false;
    loop {
        let number = signal.load(Ordering::Relaxed);
        if number != 0 {
            return Ok(Some(number));
        }
        let mut wait = FRAME;
        if app.view.is_searching() {
            app.search();
            (is_stale, wait) = (true, Duration::ZERO);
        }
        for _ in 0..REPORTS_MAX {
            match reports.try_recv() {
                Ok(report) => app.apply(report),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => return Err(TuiError::Background),
            }
            // There will be more soon: the background is not to wait for room.
            (is_stale, wait) = (true, wait.min(FRAME / 8));
        }
        for (number, reason) in failures.try_iter() {
            app.apply(Report::Failed { number, reason });
            is_stale = true;
        }
        let mut is_pressed = false;
        while event::poll(if is_pressed { Duration::ZERO } else { wait })? {
            is_pressed = true;
            if let Event::Key(key) = event::read()?
                && !app.press(key)
            {
                return Ok(None);
            }
        }
        for order in app.take_orders() {
            // The background ends before the viewer only by a panic, which is seen at the next report.
            let _ = orders.send(order);
        }
        // A key is answered at once; what comes from the background, so often as one can see.
        if is_pressed || (is_stale && drawn.elapsed() >= FRAME) {
            screen.0.draw(|frame| app.draw(frame))?;
            (drawn, is_stale) = (Instant::now(), false);
        }
    }
}

/// Notes a signal. If the viewer does not end by itself, this thread ends it: where a terminal is gone, `crossterm` reads
/// from it for ever.
fn end_on_signals(signal: Arc<AtomicI32>) -> io::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT])?;
    std::thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            if let Some(number) = signals.forever().next() {
                signal.store(number, Ordering::Relaxed);
                std::thread::sleep(PATIENCE);
                restore();
                std::process::exit(128 + number);
            }
        })?;
    Ok(())
}

/// Opens the files. What can be read only once is copied, on a thread of its own.
fn open(cli: &Cli, app: &mut App, failed: &Sender<(usize, String)>) -> Result<(), TuiError> {
    let stdin = [PathBuf::from(input::STDIN)];
    let paths = if cli.files.is_empty() {
        &stdin
    } else {
        cli.files.as_slice()
    };
    for (number, path) in paths.iter().enumerate() {
        let refused = |error| TuiError::Open(path.clone(), error);
        let name = pipe::name(path);
        match input::open(path).map_err(refused)? {
            Input::File(file) => app.add(&name, &file, Some(path.clone())),
            Input::Stream(stream) => {
                let file = input::spill(stream, cli.spill_max, number, failed.clone()).map_err(refused)?;
                app.add(&name, &file, None);
            }
        }
    }
    Ok(())
}

/// Starts the background. It ends when either channel is closed.
fn background(mut worker: Worker, interval: Duration) -> io::Result<(Sender<Order>, Receiver<Report>)> {
    let (orders, taken): (_, Receiver<Order>) = mpsc::channel();
    let (told, reports): (SyncSender<Report>, _) = mpsc::sync_channel(REPORTS_MAX);
    std::thread::Builder::new()
        .name("background".to_owned())
        .spawn(move || {
            let mut is_busy = true;
            loop {
                let wait = if is_busy { Duration::ZERO } else { interval };
                match taken.recv_timeout(wait) {
                    Ok(order) => worker.take(order),
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => return,
                }
                let mut reports = Vec::new();
                if !is_busy {
                    worker.look(&mut reports);
                }
                is_busy = worker.step(&mut reports);
                for report in reports {
                    if told.send(report).is_err() {
                        return;
                    }
                }
            }
        })?;
    Ok((orders, reports))
}

impl Screen {
    fn enter() -> io::Result<Self> {
        // A panic's message is for the screen that the user comes back to.
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            restore();
            hook(panic);
        }));
        enable_raw_mode()?;
        crossterm::execute!(io::stdout(), EnterAlternateScreen)?;
        Ok(Self(Terminal::new(CrosstermBackend::new(io::stdout()))?))
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.0.show_cursor();
        restore();
    }
}

fn restore() {
    let _ = disable_raw_mode();
    let _ = crossterm::execute!(io::stdout(), LeaveAlternateScreen, crossterm::cursor::Show);
}
