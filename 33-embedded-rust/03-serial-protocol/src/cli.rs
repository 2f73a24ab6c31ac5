//! The program on the host.
//!
//! ```text
//! serial-protocol --port PORT ping | info | update FILE | confirm | restart | counters
//! ```
//!
//! Exit code 0: done. 1: not done, and one line on standard error says why. 2: the command line makes no sense.

use std::boxed::Box;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use std::string::String;
use std::time::SystemTime;
use std::{eprint, eprintln, format, mem, println, process};

use clap::{Parser, Subcommand};

use crate::client::{Client, Error};
use crate::message::{Info, Refusal, Reply, Request};
use crate::port::Port;

/// How many sessions an update may take when the line is lost again and again.
const SESSIONS: usize = 5;

#[derive(Parser)]
#[command(
    name = "serial-protocol",
    version,
    about = "Talks to a device over a serial line"
)]
struct Arguments {
    /// A terminal device, a socket's path, or tcp:HOST:PORT
    #[arg(long, value_name = "PORT")]
    port: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Ask whether the device is there
    Ping,
    /// Say what it runs
    Info,
    /// Bring an image into its flash, start it, and leave it on trial
    Update {
        /// The image, at most 16 KiB
        file: PathBuf,
    },
    /// Keep the image that is on trial
    Confirm,
    /// Start the device anew
    Restart,
    /// Say what the device's end of the line has seen
    Counters,
}

/// Runs the program with the process's arguments.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("serial-protocol: {error}");
            ExitCode::FAILURE
        }
    }
}

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn run(arguments: &Arguments) -> Outcome {
    match &arguments.command {
        Command::Update { file } => {
            let image = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
            update(&arguments.port, &image)
        }
        Command::Ping => ask(&arguments.port, &Request::Ping { token: process::id() }),
        Command::Info => ask(&arguments.port, &Request::Info),
        Command::Confirm => ask(&arguments.port, &Request::Confirm),
        Command::Restart => ask(&arguments.port, &Request::Restart),
        Command::Counters => ask(&arguments.port, &Request::Counters),
    }
}

/// A session with a number that is not the one before.
fn connect(port: &str) -> Result<Client, Box<dyn std::error::Error>> {
    let port_now = Port::open(port).map_err(|error| format!("{port}: {error}"))?;
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    let number = since.subsec_nanos() ^ process::id();
    Ok(Client::connect(port_now, (number >> 4) as u16)?)
}

fn ask(port: &str, request: &Request) -> Outcome {
    match connect(port)?.ask(request)? {
        Reply::Pong { .. } => println!("pong"),
        Reply::Info(info) => print_info(&info),
        Reply::Counters(counters) => {
            println!("delivered {}", counters.delivered);
            println!("repeated {}", counters.repeated);
            println!("resent {}", counters.resent);
            println!("damaged {}", counters.damaged);
            println!("overflowed {}", counters.overflowed);
        }
        Reply::Done => println!("done"),
        Reply::Progress { .. } | Reply::Refused(_) => return Err(Error::Unexpected.into()),
    }
    Ok(())
}

fn print_info(info: &Info) {
    let standing = match (info.is_trial, info.rolled_back) {
        (true, _) => "on trial",
        (false, true) => "confirmed, after the other was rolled back",
        (false, false) => "confirmed",
    };
    let (slot, length, crc) = (info.slot, info.length, info.crc);
    println!("slot {slot:?}, {length} bytes, CRC {crc:08x}, {standing}");
}

/// Does `work` over a session, and over a new one when the line is lost.
fn insist<T>(
    port: &str,
    mut work: impl FnMut(&mut Client) -> Result<T, Error>,
) -> Result<T, Box<dyn std::error::Error>> {
    let mut left = SESSIONS;
    loop {
        left -= 1;
        match work(&mut connect(port)?) {
            Err(Error::Lost) if left > 0 => {}
            outcome => return Ok(outcome?),
        }
    }
}

/// Brings the image over, starts it, and says what then runs.
fn update(port: &str, image: &[u8]) -> Outcome {
    let is_shown = std::io::stderr().is_terminal();
    let mut is_again = false;
    insist(port, |client| {
        let updated = client.update(image, |written| {
            if is_shown {
                eprint!("\r{written} of {} bytes", image.len());
            }
        });
        let was_again = mem::replace(&mut is_again, true);
        match updated {
            // Ours: the image was marked, and the line was lost with the answer.
            Err(Error::Refused(Refusal::OnTrial)) if was_again => {}
            other => other?,
        }
        client.ask(&Request::Restart)
    })?;
    if is_shown {
        eprintln!();
    }
    // Where the acknowledgement of the last answer is lost, the device restarts in the middle of the next session.
    print_info(&insist(port, Client::info)?);
    Ok(())
}
