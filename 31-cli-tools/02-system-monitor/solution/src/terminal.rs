//! The terminal as a full-screen program needs it, and back again, whatever happens.
//!
//! ```text
//! enter: raw mode (keys come at once, unseen; Ctrl-C is a key), alternate screen, no cursor
//! leave: the reverse. On return, on `?`, on a panic, on a signal, before a stop
//! ```
//!
//! [`Guard`] leaves when it is dropped. A panic hook leaves before the message is printed, which the alternate screen
//! would take with it. [`leave()`] may be called twice.

use std::io::{self, BufWriter, Stdout};
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::cursor::{Hide, Show};
use crossterm::execute;
use crossterm::terminal::{
    Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

/// A frame is written with one system call: a large one has some 20 KB.
const FRAME_BYTES: usize = 64 << 10;

/// Whether the terminal is as [`enter()`] left it.
static IS_ENTERED: AtomicBool = AtomicBool::new(false);

/// What frames are drawn on.
pub type Canvas = Terminal<CrosstermBackend<BufWriter<Stdout>>>;

/// Leaves the terminal when it goes.
#[derive(Debug)]
pub struct Guard(());

impl Guard {
    /// Enters the terminal, and makes panics leave it.
    ///
    /// # Errors
    /// Standard input is no terminal, or standard output takes nothing.
    pub fn new() -> io::Result<Self> {
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            leave();
            previous(panic);
        }));
        // From here on, so that half of it is undone as well.
        let guard = Self(());
        enter()?;
        Ok(guard)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        leave();
    }
}

/// Takes the terminal: at the start, and after each stop, since the shell has made it its own meanwhile.
///
/// # Errors
/// It is none.
pub fn enter() -> io::Result<()> {
    IS_ENTERED.store(true, Ordering::SeqCst);
    enable_raw_mode()?;
    execute!(io::stdout(), EnterAlternateScreen, Hide, Clear(ClearType::All))
}

/// Gives the terminal back. Errors are of no use here: where there is no terminal, nothing can be put right.
pub fn leave() {
    if IS_ENTERED.swap(false, Ordering::SeqCst) {
        let _ = execute!(io::stdout(), Show, LeaveAlternateScreen);
        let _ = disable_raw_mode();
    }
}

/// An empty canvas on the screen that [`enter()`] has cleared. A new one after each stop: ratatui writes what differs from
/// its last frame, and `Terminal::clear` would ask the terminal for its cursor and wait for the answer.
///
/// # Errors
/// The size of the terminal cannot be had.
pub fn canvas() -> io::Result<Canvas> {
    let out = BufWriter::with_capacity(FRAME_BYTES, io::stdout());
    Terminal::new(CrosstermBackend::new(out))
}
