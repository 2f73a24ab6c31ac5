//! What a line of input means.

use crate::client::{Answer, Client, Event, Request};
use crate::wire::MAX_HISTORY;

use super::render::notice;

/// What `/help` says.
const HELP: &str = "/join ROOM, /leave [ROOM], /msg NICK TEXT, /nick NICK, /who [ROOM], /history [COUNT], /quit; \
                    all else is said in the room that was entered last";

/// Whether a line is to wait for the answers to those before it: all but what is said. When it is read from a pipe, the next
/// line is there before anything is answered.
pub(super) fn is_in_turn(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with('/') && !line.starts_with("/msg ")
}

/// Where a line without a command goes.
#[derive(Debug, Default)]
pub(super) struct Prompt {
    /// Rooms in the order in which they were asked for; the last is the current one.
    rooms: Vec<String>,
}

impl Prompt {
    /// Does what the line says.
    pub(super) fn obey(&mut self, client: &mut Client, line: &str) {
        let line = line.trim();
        let (command, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        let room = if rest.is_empty() {
            self.rooms.last().cloned()
        } else {
            Some(rest.to_owned())
        };
        match (command, room) {
            ("", _) => {}
            ("/help", _) => notice(HELP),
            ("/join", _) => self.ask(
                client,
                Request::Join {
                    room: rest.to_owned(),
                },
            ),
            ("/nick", _) => self.ask(
                client,
                Request::Rename {
                    nick: rest.to_owned(),
                },
            ),
            ("/msg", _) => {
                let (nick, text) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
                let (nick, text) = (nick.to_owned(), text.trim().to_owned());
                self.ask(client, Request::Whisper { nick, text });
            }
            ("/leave", Some(room)) => self.ask(client, Request::Leave { room }),
            ("/who", Some(room)) => self.ask(client, Request::Who { room }),
            ("/history", _) => self.history(client, rest),
            ("/leave" | "/who", None) => notice("enter a room first: /join ROOM"),
            (unknown, _) if unknown.starts_with('/') => {
                notice(&format!("no such command: {unknown}; try /help"))
            }
            _ => match self.rooms.last().cloned() {
                Some(room) => self.ask(
                    client,
                    Request::Say {
                        room,
                        text: line.to_owned(),
                    },
                ),
                None => notice("enter a room first: /join ROOM"),
            },
        }
    }

    /// Asks the server, or says why not.
    pub(super) fn ask(&mut self, client: &mut Client, request: Request) {
        let (entered, left) = match &request {
            Request::Join { room } => (Some(room.clone()), Some(room.clone())),
            Request::Leave { room } => (None, Some(room.clone())),
            _ => (None, None),
        };
        match client.request(request) {
            Ok(_) => {
                self.rooms.retain(|room| Some(room) != left.as_ref());
                self.rooms.extend(entered);
            }
            Err(error) => notice(&error.to_string()),
        }
    }

    /// A room that could not be entered is none to speak in.
    pub(super) fn hear(&mut self, event: &Event) {
        if let Event::Answer {
            request: Request::Join { room },
            answer: Answer::Failed(_),
            ..
        } = event
        {
            self.rooms.retain(|other| other != room);
        }
    }

    /// The last messages of the current room: 20, or as many as asked for.
    fn history(&mut self, client: &mut Client, count: &str) {
        let limit = if count.is_empty() {
            Ok(20)
        } else {
            count.parse::<u8>()
        };
        let limit = limit.ok().filter(|limit| (1..=MAX_HISTORY).contains(limit));
        match (limit, self.rooms.last().cloned()) {
            (None, _) => notice("expected a number from 1 to 100"),
            (_, None) => notice("enter a room first: /join ROOM"),
            (Some(limit), Some(room)) => {
                // As far as is known by now: the server answers in order.
                let last = client.last_heard(&room).unwrap_or(u64::from(MAX_HISTORY));
                let after = last.saturating_sub(u64::from(limit));
                self.ask(client, Request::History { room, after, limit });
            }
        }
    }
}
