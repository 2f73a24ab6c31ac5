//! The program on a terminal, until somebody quits: one loop over events and time.

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use signal_hook::low_level::emulate_default_handler;

use crate::cli::Cli;
use crate::events::{self, Event};
use crate::keys::{Action, Target};
use crate::kill;
use crate::monitor::Monitor;
use crate::terminal::{self, Canvas, Guard};

/// Runs on the terminal.
///
/// # Errors
/// It is none, or it has gone.
pub fn run(cli: &Cli, monitor: Monitor, started: Instant) -> io::Result<()> {
    // Signals first: one that came between would find the terminal entered and nobody to leave it.
    let events = events::listen()?;
    let _guard = Guard::new()?;
    let app = App {
        canvas: terminal::canvas()?,
        monitor,
        events,
        started,
        delay: cli.delay,
        next: started.elapsed() + cli.delay,
        is_stopped: false,
        frames: 0,
        panic_at: cli.panic_at,
    };
    app.run()
}

/// The program on a terminal. Times are counted from `started`.
struct App {
    monitor: Monitor,
    canvas: Canvas,
    events: Receiver<Event>,
    started: Instant,
    delay: Duration,
    /// When the next sample is due.
    next: Duration,
    /// Between SIGTSTP and SIGCONT the terminal is somebody else's.
    is_stopped: bool,
    frames: u64,
    panic_at: Option<u64>,
}

impl App {
    fn run(mut self) -> io::Result<()> {
        loop {
            if !self.is_stopped {
                self.draw()?;
            }
            let Some(event) = self.wait() else {
                self.refresh();
                continue;
            };
            // All that has come is dealt with before the next frame: a key held down must not outrun the screen.
            let mut next = Some(event);
            while let Some(event) = next {
                if !self.handle(event)? {
                    return Ok(());
                }
                next = self.events.try_recv().ok();
            }
            if self.is_due() {
                self.refresh();
            }
        }
    }

    fn draw(&mut self) -> io::Result<()> {
        // The size may have changed without a word, as when a window shrinks before the program has listened.
        self.canvas.autoresize()?;
        let size = self.canvas.size()?;
        self.monitor.look_up(size.width, size.height);
        let screen = self.monitor.screen();
        self.canvas
            .draw(|frame| frame.render_widget(&screen, frame.area()))?;
        self.frames += 1;
        assert!(
            self.panic_at != Some(self.frames),
            "frame {} has been drawn, as asked for",
            self.frames
        );
        Ok(())
    }

    fn is_due(&self) -> bool {
        let is_reading = !self.monitor.state.is_paused && !self.is_stopped;
        is_reading && self.started.elapsed() >= self.next
    }

    fn refresh(&mut self) {
        let now = self.started.elapsed();
        self.monitor.refresh(now);
        // In rhythm, unless that was missed: after a stop there is nothing to catch up with.
        let due = self.next + self.delay;
        self.next = if due > now { due } else { now + self.delay };
    }

    /// The next event; `None` when a sample is due before one comes.
    fn wait(&mut self) -> Option<Event> {
        if self.monitor.state.is_paused || self.is_stopped {
            return Some(self.events.recv().unwrap_or(Event::Closed));
        }
        let patience = self.next.saturating_sub(self.started.elapsed());
        match self.events.recv_timeout(patience) {
            Ok(event) => Some(event),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(Event::Closed),
        }
    }

    /// Deals with an event; `false` at the end.
    fn handle(&mut self, event: Event) -> io::Result<bool> {
        match event {
            Event::Key(key) => {
                let size = self.canvas.size()?;
                let page_rows = self.monitor.page_rows(size.width, size.height);
                match self.monitor.press(key, page_rows) {
                    Action::Continue => {}
                    Action::Quit => return Ok(false),
                    // What a terminal in its usual mode does at Ctrl-Z: everybody in the foreground is to stop.
                    Action::Suspend => rustix::process::kill_current_process_group(Signal::TSTP)?,
                    Action::Kill(target) => self.monitor.state.message = Some(kill_and_tell(&target)),
                }
            }
            Event::Resize => {}
            Event::Stop => {
                terminal::leave();
                self.is_stopped = true;
                // Stops here, and goes on here when SIGCONT comes; the terminal is taken back at that event.
                emulate_default_handler(signal_hook::consts::SIGTSTP)?;
            }
            Event::Continue => {
                // Also after SIGSTOP, which nobody can catch: the shell has changed the terminal meanwhile, and
                // crossterm would believe that it is in raw mode still.
                terminal::leave();
                terminal::enter()?;
                self.canvas = terminal::canvas()?;
                self.is_stopped = false;
            }
            Event::End(signal) => {
                terminal::leave();
                emulate_default_handler(signal)?;
            }
            Event::Closed => return Ok(false),
        }
        Ok(true)
    }
}

/// Sends the signal, and says in a line what came of it.
fn kill_and_tell(target: &Target) -> String {
    let (pid, name, signal) = (target.identity.pid, &target.name, target.signal.name());
    match kill::kill(target) {
        Ok(()) => format!("{signal} sent to {pid} ({name})"),
        Err(error) => format!("{pid} ({name}): {error}"),
    }
}
