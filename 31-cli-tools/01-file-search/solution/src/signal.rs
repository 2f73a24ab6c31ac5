//! SIGINT (Ctrl-C): the colour that a half-written line has switched on is switched off before the program dies.
//!
//! Where nothing is coloured nothing has to be put right, and the signal's default action is left alone.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use signal_hook::consts::SIGINT;
use signal_hook::iterator::Signals;

use crate::output::Output;

/// How long to wait for a write that is going on. One to a stopped terminal never ends.
const PATIENCE: Duration = Duration::from_millis(100);

/// Resets the colour of `output` when SIGINT comes, then dies of it, so that a shell sees 130 and knows why.
///
/// # Errors
/// The signal cannot be caught.
pub fn reset_color_on_interrupt(output: Arc<Output>) -> io::Result<()> {
    let mut signals = Signals::new([SIGINT])?;
    // On a thread, which may wait and write; a signal handler may do neither.
    std::thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            if signals.forever().next().is_none() {
                return;
            }
            let patient_until = Instant::now() + PATIENCE;
            loop {
                // The guard is kept to the end: nobody writes behind the reset.
                if let Some(mut file) = output.try_file() {
                    let _ = file.write_all(b"\x1b[0m");
                    die();
                }
                if Instant::now() > patient_until {
                    die();
                }
                std::thread::sleep(Duration::from_millis(1));
            }
        })?;
    Ok(())
}

/// Ends the process as the signal would have.
fn die() -> ! {
    let _ = signal_hook::low_level::emulate_default_handler(SIGINT);
    std::process::exit(128 + SIGINT)
}
