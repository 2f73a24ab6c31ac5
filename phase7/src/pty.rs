//! A program on a terminal of its own, and the screen that it draws.
//!
//! [`Terminal::spawn`] starts it on a new pseudo-terminal as the leader of a session; keys are written as the
//! bytes that a keyboard sends, and the screen is what a terminal emulator shows after the program's bytes.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{Read, Write};
use std::num::NonZero;
use std::os::fd::AsRawFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use nix::pty::{OpenptyResult, Winsize, openpty};
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;

use crate::wait;

/// A running program and its terminal. Dropping it kills the program's process group.
pub struct Terminal {
    child: Child,
    master: File,
    screen: Arc<Mutex<Screen>>,
    /// Feeds the screen until the last holder of the terminal is gone.
    reader: JoinHandle<()>,
}

/// The emulator, and the bytes that it was fed.
struct Screen {
    emulator: vt100::Parser,
    bytes: Vec<u8>,
}

impl Terminal {
    /// Starts `program` on a terminal of `rows` by `columns`.
    ///
    /// # Panics
    /// When there is no pseudo-terminal left, or the program cannot be started.
    #[track_caller]
    pub fn spawn(program: impl AsRef<OsStr>, arguments: &[&str], rows: u16, columns: u16) -> Self {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .env("TERM", "xterm-256color")
            .env_remove("NO_COLOR");
        Self::spawn_command(command, rows, columns)
    }

    /// Starts a prepared command; its standard streams become the terminal.
    ///
    /// # Panics
    /// As [`Terminal::spawn`].
    #[track_caller]
    pub fn spawn_command(mut command: Command, rows: u16, columns: u16) -> Self {
        let size = Winsize {
            ws_row: rows,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        let OpenptyResult { master, slave } = openpty(&size, None).expect("a pseudo-terminal can be had");
        let clone = || Stdio::from(slave.try_clone().expect("a descriptor can be duplicated"));
        command.stdin(clone()).stdout(clone()).stderr(clone());
        let take_terminal = || {
            nix::unistd::setsid()?;
            // SAFETY: descriptor 0 is the slave side of the terminal by now.
            nix::errno::Errno::result(unsafe { libc::ioctl(0, libc::TIOCSCTTY, 0) })?;
            Ok(())
        };
        // SAFETY: between fork and exec only async-signal-safe calls are made: setsid and ioctl.
        unsafe { command.pre_exec(take_terminal) };
        let child = command
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start the program: {error}"));
        drop((slave, command));

        let screen = Arc::new(Mutex::new(Screen {
            emulator: vt100::Parser::new(nonzero(rows), nonzero(columns), 0),
            bytes: Vec::new(),
        }));
        let master = File::from(master);
        let mut source = master.try_clone().expect("a descriptor can be duplicated");
        let fed = Arc::clone(&screen);
        let reader = std::thread::spawn(move || {
            let mut block = [0; 4096];
            // The read fails once the last holder of the slave side is gone.
            while let Ok(count @ 1..) = source.read(&mut block) {
                let mut screen = fed.lock().expect("nobody panics with the lock held");
                screen.emulator.process(&block[..count]);
                let room = crate::process::OUTPUT_MAX - screen.bytes.len();
                screen.bytes.extend_from_slice(&block[..count.min(room)]);
            }
        });
        Self {
            child,
            master,
            screen,
            reader,
        }
    }

    /// Its process id.
    pub fn id(&self) -> i32 {
        i32::try_from(self.child.id()).expect("process ids fit an i32")
    }

    /// Types `keys`: text, or control bytes such as `\x03` for Ctrl-C and `\x1b[A` for the up arrow.
    #[track_caller]
    pub fn type_keys(&mut self, keys: &str) {
        self.master
            .write_all(keys.as_bytes())
            .expect("the terminal takes input");
    }

    /// The text on the screen, a line a row, without trailing blanks.
    pub fn screen(&self) -> String {
        self.screen
            .lock()
            .expect("nobody panics with the lock held")
            .emulator
            .screen()
            .contents()
    }

    /// Everything that the program has written, escape sequences too.
    pub fn bytes(&self) -> Vec<u8> {
        self.screen
            .lock()
            .expect("nobody panics with the lock held")
            .bytes
            .clone()
    }

    /// Whether the program is on the alternate screen, where full-screen programs draw.
    pub fn is_on_alternate_screen(&self) -> bool {
        self.screen
            .lock()
            .expect("nobody panics with the lock held")
            .emulator
            .screen()
            .alternate_screen()
    }

    /// Waits until the screen shows `text`.
    ///
    /// # Panics
    /// At the deadline, or when the program ends without it, with the screen.
    #[track_caller]
    pub fn wait_for(&mut self, text: &str) {
        let started = Instant::now();
        loop {
            let ended = matches!(self.child.try_wait(), Ok(Some(_)));
            if ended {
                self.drain();
            }
            let screen = self.screen();
            if screen.contains(text) {
                return;
            }
            assert!(
                !ended,
                "the program ended, and the screen never showed {text:?}:\n{screen}"
            );
            assert!(
                started.elapsed() < wait::DEADLINE,
                "the screen never showed {text:?}:\n{screen}"
            );
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Lets the screen catch up with a program that has ended. A grandchild that stays on the terminal is not
    /// waited for.
    fn drain(&self) {
        let started = Instant::now();
        while !self.reader.is_finished() && started.elapsed() < Duration::from_secs(2) {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Changes the size; the program gets SIGWINCH.
    pub fn resize(&mut self, rows: u16, columns: u16) {
        let size = Winsize {
            ws_row: rows,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        // SAFETY: the descriptor is the open master side, and `size` lives through the call.
        let result = unsafe { libc::ioctl(self.master.as_raw_fd(), libc::TIOCSWINSZ, &raw const size) };
        nix::errno::Errno::result(result).expect("a terminal can be resized");
        self.screen
            .lock()
            .expect("nobody panics with the lock held")
            .emulator
            .screen_mut()
            .set_size(nonzero(rows), nonzero(columns));
    }

    /// Sends a signal to the program.
    pub fn signal(&self, signal: Signal) {
        let _ = kill(Pid::from_raw(self.id()), signal);
    }

    /// Waits for the program's end, and for all that it wrote; its exit code, or 128 plus the signal's number.
    ///
    /// # Panics
    /// At the deadline, with the screen.
    #[track_caller]
    pub fn wait(&mut self) -> i32 {
        let status = wait::until_some("the program's end", wait::DEADLINE, || {
            self.child.try_wait().ok().flatten()
        });
        self.drain();
        status
            .code()
            .unwrap_or_else(|| 128 + status.signal().expect("ended by code or by signal"))
    }
}

/// A terminal has at least one row and one column.
fn nonzero(count: u16) -> NonZero<u16> {
    NonZero::new(count).expect("a terminal has rows and columns")
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = killpg(Pid::from_raw(self.id()), Signal::SIGKILL);
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_sees_a_terminal_of_the_size_it_was_given() {
        let mut terminal = Terminal::spawn("sh", &["-c", "stty size; read line; echo got $line"], 12, 34);
        terminal.wait_for("12 34");
        terminal.type_keys("keys\n");
        terminal.wait_for("got keys");
        assert_eq!(terminal.wait(), 0);
    }

    #[test]
    fn control_c_reaches_the_foreground() {
        let mut terminal = Terminal::spawn("sh", &["-c", "echo ready; exec sleep 60"], 5, 20);
        terminal.wait_for("ready");
        terminal.type_keys("\x03");
        assert_eq!(terminal.wait(), 130);
    }
}
