//! Everything that can happen, in one channel: keys, a new size, signals.
//!
//! Two threads sleep until there is something to tell; the program itself sleeps in `recv_timeout` until then, or until
//! it is time to read `/proc` again. Nobody polls.

use std::io;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::Builder;

use crossterm::event::{self, KeyEvent};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::iterator::Signals;

/// What can happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A key.
    Key(KeyEvent),
    /// The terminal has another size.
    Resize,
    /// A signal that ends the program: SIGTERM, SIGINT, SIGHUP, SIGQUIT.
    End(i32),
    /// SIGTSTP: the program is to stop.
    Stop,
    /// SIGCONT: it goes on.
    Continue,
    /// There will be no more keys.
    Closed,
}

/// Starts to listen.
///
/// # Errors
/// A signal cannot be caught, or a thread cannot be made.
pub fn listen() -> io::Result<Receiver<Event>> {
    let (sender, receiver) = mpsc::channel();
    // SIGWINCH too: crossterm catches it once its first read has begun, on another thread, and a window that changes its
    // size before that would be drawn in the old one until the next sample.
    let signals = Signals::new([SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH])?;
    let for_signals = sender.clone();
    Builder::new()
        .name("signals".to_owned())
        .spawn(move || forward_signals(signals, &for_signals))?;
    Builder::new()
        .name("keys".to_owned())
        .spawn(move || forward_input(&sender))?;
    Ok(receiver)
}

fn forward_signals(mut signals: Signals, sender: &Sender<Event>) {
    for signal in signals.forever() {
        let event = match signal {
            SIGTSTP => Event::Stop,
            SIGCONT => Event::Continue,
            SIGWINCH => Event::Resize,
            other => Event::End(other),
        };
        if sender.send(event).is_err() {
            return;
        }
    }
}

fn forward_input(sender: &Sender<Event>) {
    loop {
        let event = match event::read() {
            Ok(event::Event::Key(key)) => Event::Key(key),
            // Its news of the size come by the signal.
            Ok(_) => continue,
            Err(_) => Event::Closed,
        };
        if sender.send(event).is_err() || event == Event::Closed {
            return;
        }
    }
}
