//! The host's end of the line: a terminal device, or a socket where an emulator is at the other end.

use std::boxed::Box;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use nix::fcntl::OFlag;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::termios::{BaudRate, SetArg, cfmakeraw, cfsetspeed, tcgetattr, tcsetattr};

/// A line that is open.
pub struct Port {
    file: File,
}

impl Port {
    /// Opens `tcp:HOST:PORT`, the path of a socket, or that of a terminal device at 115200 baud.
    ///
    /// # Errors
    /// When there is nothing there that can be opened so.
    pub fn open(name: &str) -> Result<Self, Box<dyn std::error::Error>> {
        if let Some(address) = name.strip_prefix("tcp:") {
            let stream = TcpStream::connect(address)?;
            stream.set_nodelay(true)?;
            return Ok(Self::from(OwnedFd::from(stream)));
        }
        let path = Path::new(name);
        if path.metadata()?.file_type().is_socket() {
            return Ok(Self::from(OwnedFd::from(UnixStream::connect(path)?)));
        }
        // NONBLOCK: opening does not wait for a modem's carrier. NOCTTY: a break on the line is no Ctrl-C.
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .custom_flags((OFlag::O_NOCTTY | OFlag::O_NONBLOCK).bits())
            .open(path)?;
        let mut settings = tcgetattr(&file)?;
        cfmakeraw(&mut settings);
        cfsetspeed(&mut settings, BaudRate::B115200)?;
        tcsetattr(&file, SetArg::TCSANOW, &settings)?;
        Ok(Self { file })
    }

    /// Sends all of `bytes`.
    ///
    /// # Errors
    /// What the system reports.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            match self.file.write(rest) {
                Ok(count) => rest = &rest[count..],
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.wait(PollFlags::POLLOUT, Duration::from_secs(1))?;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Waits until bytes come, `patience` at most, and reads what is there; none when the time is over.
    ///
    /// # Errors
    /// What the system reports, and [`io::ErrorKind::UnexpectedEof`] when the other end has closed.
    pub fn receive(&mut self, bytes: &mut [u8], patience: Duration) -> io::Result<usize> {
        if !self.wait(PollFlags::POLLIN, patience)? {
            return Ok(0);
        }
        match self.file.read(bytes) {
            Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(0),
            other => other,
        }
    }

    /// Whether the file becomes ready in time.
    fn wait(&self, what: PollFlags, patience: Duration) -> io::Result<bool> {
        let timeout = PollTimeout::try_from(patience).unwrap_or(PollTimeout::MAX);
        Ok(poll(&mut [PollFd::new(self.file.as_fd(), what)], timeout)? > 0)
    }
}

impl From<OwnedFd> for Port {
    fn from(line: OwnedFd) -> Self {
        Self { file: line.into() }
    }
}
