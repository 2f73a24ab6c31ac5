//! What a user reads: each event as one line.

use std::io::{self, Write};

use crate::client::{Answer, Event, Request};
use crate::wire::{Change, Failure, Reason};

/// Prints a line of the program's own.
pub(super) fn notice(text: &str) {
    line(&format!("* {text}"));
}

/// Prints a line. What others have written cannot move the cursor or change colours. Nobody may be reading, which is no error.
fn line(text: &str) {
    let mut safe: String = text
        .chars()
        .map(|c| if c.is_control() { '\u{FFFD}' } else { c })
        .collect();
    safe.push('\n');
    let mut stdout = io::stdout().lock();
    let _ = stdout.write_all(safe.as_bytes()).and_then(|()| stdout.flush());
}

/// Prints an event.
pub(super) fn event(event: &Event) {
    match event {
        Event::Welcome { version } => notice(&format!("connected, version {version}")),
        Event::Resumed => notice("connected again, and resumed"),
        Event::Disconnected {
            reason: why,
            retry_in,
        } => {
            let why = why.map_or("no connection", reason);
            notice(&format!(
                "disconnected: {why}; trying again in {:.1} s",
                retry_in.as_secs_f32()
            ));
        }
        Event::SessionLost => notice("the session is lost; a new one begins"),
        Event::Gap { missed } => notice(&format!(
            "{missed} events were missed; fetching the messages among them"
        )),
        Event::Finished { .. } => {}
        Event::Answer {
            request,
            answer: result,
            ..
        } => answer(request, result),
        Event::Uncertain { request, .. } => {
            notice(&format!("nobody knows whether this was done: {}", what(request)))
        }
        Event::Unanswered { request, .. } => {
            notice(&format!("done, its answer was missed: {}", what(request)))
        }
        Event::Message { room, message } => line(&format!("[{room}] {}: {}", message.nick, message.text)),
        Event::Lost { room, from, to } => notice(&format!("[{room}] messages {from} to {to} are lost")),
        Event::Whispered { nick, text } => line(&format!("[private] {nick}: {text}")),
        Event::Presence {
            change,
            room,
            nick,
            new_nick,
        } => presence(*change, room, nick, new_nick),
    }
}

fn answer(request: &Request, answer: &Answer) {
    match (request, answer) {
        (request, Answer::Failed(failure)) => {
            notice(&format!("{}: {}", what(request), self::failure(*failure)))
        }
        (Request::Join { room }, Answer::Joined { last }) => {
            notice(&format!("in {room}, {last} messages so far"))
        }
        (Request::Leave { room }, _) => notice(&format!("left {room}")),
        (Request::Rename { nick }, _) => notice(&format!("you are {nick} now")),
        (Request::Whisper { nick, text }, _) => line(&format!("[private] to {nick}: {text}")),
        (Request::Who { room }, Answer::Members(members)) => {
            notice(&format!("{room}: {}", members.join(", ")))
        }
        (Request::History { room, .. }, Answer::History(past)) => {
            for message in past {
                line(&format!(
                    "[{room}] #{} {}: {}",
                    message.seq, message.nick, message.text
                ));
            }
        }
        _ => {}
    }
}

fn presence(change: Change, room: &str, nick: &str, new_nick: &str) {
    let what = match change {
        Change::Joined => "has joined",
        Change::Left => "has left",
        Change::Away => "is away",
        Change::Back => "is back",
        Change::Renamed => return notice(&format!("[{room}] {nick} is {new_nick} now")),
    };
    notice(&format!("[{room}] {nick} {what}"));
}

fn what(request: &Request) -> String {
    match request {
        Request::Join { room } => format!("join {room}"),
        Request::Leave { room } => format!("leave {room}"),
        Request::Say { room, text } => format!("say in {room}: {text}"),
        Request::Whisper { nick, text } => format!("say to {nick}: {text}"),
        Request::Rename { nick } => format!("be called {nick}"),
        Request::History { room, .. } => format!("history of {room}"),
        Request::Who { room } => format!("who is in {room}"),
    }
}

/// The reason in words.
pub(super) fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Bye => "goodbye",
        Reason::Malformed => "the protocol was broken",
        Reason::Version => "no version is spoken by both",
        Reason::BadName => "the nick is not a name",
        Reason::NickInUse => "the nick is in use",
        Reason::Busy => "the server is busy",
        Reason::HandshakeTimeout => "the handshake took too long",
        Reason::Silent => "nothing was heard for too long",
        Reason::TooSlow => "too slow",
        Reason::Replaced => "the session was resumed elsewhere",
        Reason::Stopping => "the server stops",
    }
}

fn failure(failure: Failure) -> &'static str {
    match failure {
        Failure::BadName => "not a name",
        Failure::BadText => "not a text",
        Failure::NotInRoom => "you are not in that room",
        Failure::NoSuchNick => "nobody is called that",
        Failure::NickInUse => "somebody else is called that",
        Failure::TooManyRooms => "too many rooms",
        Failure::Unsupported => "the server does not know how",
    }
}
