//! What the classroom's reporter would print, for a workflow without it: a line a test, then the two notices from
//! which the classroom takes the points.
//!
//! ```text
//! ::stop-commands::TOKEN        from here on the runner obeys nothing,
//! …                             so whatever a submission said is text,
//! ::TOKEN::                     until the word that only this run knows
//! ::notice title=Autograding complete::Points 15/73
//! ::notice title=Autograding report::{"totalPoints":15,"maxPoints":73}
//! ```

use std::fmt::Write as _;
use std::io::Read as _;

use anyhow::{Context, Result};

use super::Status;
use super::shares::shares;
use crate::report::{escape, plain};
use crate::score::Report;

/// The log, with a word from [`token`] that no submission can know.
pub fn log(report: &Report, token: &str) -> String {
    let mut text = format!("::stop-commands::{token}\n");
    for entry in shares(report).tests {
        let mark = if entry.status == Status::Pass {
            "✓"
        } else {
            "✗"
        };
        let _ = writeln!(text, "{mark} {}", escape::log(&entry.name).replace('\n', " "));
        if let Some(message) = entry.message {
            for line in escape::log(&message).lines() {
                let _ = writeln!(text, "    {line}");
            }
        }
    }
    let _ = writeln!(text, "::{token}::");
    let (earned, possible) = plain::points(report);
    // As the reporter: without points to earn there is nothing to report.
    if possible > 0 {
        text += &notice("Autograding complete", &format!("Points {earned}/{possible}"));
        let summary = format!("{{\"totalPoints\":{earned},\"maxPoints\":{possible}}}");
        text += &notice("Autograding report", &summary);
    }
    text
}

/// A word that cannot be guessed: 128 random bits.
///
/// # Errors
/// When the system gives none.
pub fn token() -> Result<String> {
    let mut bytes = [0; 16];
    let mut source = std::fs::File::open("/dev/urandom").context("cannot open /dev/urandom")?;
    source
        .read_exact(&mut bytes)
        .context("cannot read /dev/urandom")?;
    Ok(format!("{:032x}", u128::from_ne_bytes(bytes)))
}

/// A workflow command. In its data, what would end it is written in per cent; in its title, what would end that.
fn notice(title: &str, data: &str) -> String {
    let escape = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let title = escape(title).replace(':', "%3A").replace(',', "%2C");
    format!("::notice title={title}::{}\n", escape(data))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn between_the_marks_stands_no_command_and_behind_them_two() {
        let token = token().unwrap();
        let text = log(&fixture::report(), &token);
        let is_command = |line: &&str| line.trim_start().starts_with("::") || line.contains("##[");
        let commands: Vec<_> = text.lines().filter(is_command).collect();
        assert_eq!(
            commands,
            [
                &format!("::stop-commands::{token}"),
                &format!("::{token}::"),
                "::notice title=Autograding complete::Points 15/73",
                "::notice title=Autograding report::{\"totalPoints\":15,\"maxPoints\":73}",
            ]
        );
        assert!(
            text.contains("\\::error::forged"),
            "the message is there, and is text"
        );
    }

    #[test]
    fn a_token_is_used_once() {
        assert_ne!(token().unwrap(), token().unwrap());
    }

    #[test]
    fn the_data_of_a_command_cannot_end_it() {
        assert_eq!(
            notice("a:b,c%", "1\n::error::x%\r"),
            "::notice title=a%3Ab%2Cc%25::1%0A::error::x%25%0D\n"
        );
    }
}
