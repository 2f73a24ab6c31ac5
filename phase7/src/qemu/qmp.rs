//! QMP, the machine protocol of QEMU: one JSON object a line.
//!
//! ```text
//! ▶ {"execute": "stop", "arguments": {…}}
//! ◀ {"return": …}   or   {"error": {"class": …, "desc": …}}
//! ◀ {"event": "STOP", …}                                     at any time, between the answers
//! ```

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;

use serde_json::{Value, json};

/// A connection whose reads have a deadline.
pub struct Qmp {
    stream: BufReader<UnixStream>,
    /// Events that came while an answer was awaited.
    events: VecDeque<String>,
}

/// One line of the peer's.
#[derive(Debug, PartialEq)]
enum Message {
    /// What a command returned.
    Return(Value),
    /// Why it failed.
    Error(String),
    /// The name of an event.
    Event(String),
    /// The greeting, or what a later version may add.
    Other,
}

impl Qmp {
    /// Takes the greeting and leaves the negotiation mode.
    ///
    /// # Errors
    /// When the peer is gone, silent or speaks something else.
    pub fn new(stream: UnixStream) -> Result<Self, String> {
        let mut qmp = Self {
            stream: BufReader::new(stream),
            events: VecDeque::new(),
        };
        qmp.execute("qmp_capabilities", json!({}))?;
        Ok(qmp)
    }

    /// Runs a command to its answer.
    ///
    /// # Errors
    /// When the command fails, or the peer is gone or silent.
    pub fn execute(&mut self, command: &str, arguments: Value) -> Result<Value, String> {
        let line = json!({ "execute": command, "arguments": arguments });
        writeln!(self.stream.get_mut(), "{line}")
            .map_err(|error| format!("QMP: cannot send {command}: {error}"))?;
        loop {
            match self.receive()? {
                Message::Return(value) => return Ok(value),
                Message::Error(text) => return Err(format!("QMP: {command}: {text}")),
                Message::Event(name) => self.events.push_back(name),
                Message::Other => {}
            }
        }
    }

    /// Waits for the event `name`; older events are forgotten.
    ///
    /// # Errors
    /// When the peer is gone or silent.
    pub fn wait_for_event(&mut self, name: &str) -> Result<(), String> {
        loop {
            let event = match self.events.pop_front() {
                Some(event) => event,
                None => match self.receive()? {
                    Message::Event(event) => event,
                    _ => continue,
                },
            };
            if event == name {
                return Ok(());
            }
        }
    }

    fn receive(&mut self) -> Result<Message, String> {
        let mut line = String::new();
        match self.stream.read_line(&mut line) {
            Ok(0) => Err("QMP: the emulator closed the connection".to_owned()),
            Ok(_) => parse(&line),
            Err(error) => Err(format!("QMP: no answer: {error}")),
        }
    }
}

fn parse(line: &str) -> Result<Message, String> {
    let value: Value =
        serde_json::from_str(line).map_err(|error| format!("QMP: not JSON: {error}: {line:?}"))?;
    Ok(if let Some(value) = value.get("return") {
        Message::Return(value.clone())
    } else if let Some(error) = value.get("error") {
        Message::Error(error["desc"].as_str().unwrap_or("no description").to_owned())
    } else if let Some(event) = value["event"].as_str() {
        Message::Event(event.to_owned())
    } else {
        Message::Other
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_told_apart() {
        assert_eq!(
            parse(r#"{"return": {"icount": 7}}"#),
            Ok(Message::Return(json!({"icount": 7})))
        );
        assert_eq!(
            parse(r#"{"error": {"class": "X", "desc": "no"}}"#),
            Ok(Message::Error("no".into()))
        );
        assert_eq!(
            parse(r#"{"timestamp": {}, "event": "STOP"}"#),
            Ok(Message::Event("STOP".into()))
        );
        assert_eq!(parse(r#"{"QMP": {"version": {}}}"#), Ok(Message::Other));
        assert!(parse("hello").is_err());
    }

    #[test]
    fn events_between_the_answers_are_kept() {
        let (ours, mut theirs) = UnixStream::pair().expect("a pair of sockets can be had");
        let lines = [
            "{\"QMP\": {}}",
            "{\"return\": {}}",
            "{\"event\": \"RESUME\"}",
            "{\"event\": \"STOP\"}",
            "{\"return\": 5}",
        ];
        writeln!(theirs, "{}", lines.join("\n")).expect("the other end is open");
        let mut qmp = Qmp::new(ours).expect("it greets");
        assert_eq!(qmp.execute("x", json!({})), Ok(json!(5)));
        assert_eq!(qmp.wait_for_event("STOP"), Ok(()));
        drop(theirs);
        assert!(qmp.wait_for_event("STOP").is_err());
    }
}
