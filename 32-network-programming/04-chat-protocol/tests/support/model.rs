//! The reference model: a chat in which everything happens at once and nothing is ever lost, as simple as it can be said.
//!
//! [`Model::carry_out`] says what every client hears of one request, as lines of [`draw`](super::draw).

use std::collections::BTreeMap;

/// What a client asks for.
#[derive(Debug, Clone)]
pub enum Op {
    Join(String),
    Leave(String),
    Say(String, String),
    Whisper(String, String),
    Rename(String),
    History(String, u64, u8),
    Who(String),
}

#[derive(Default)]
struct Room {
    members: Vec<usize>,
    messages: Vec<(String, String)>,
}

/// Clients of version 2 and their rooms.
pub struct Model {
    nicks: Vec<String>,
    rooms: BTreeMap<String, Room>,
    /// The rooms of each client, in the order in which it entered them.
    entered: Vec<Vec<String>>,
    heard: Vec<Vec<String>>,
}

impl Model {
    pub fn new(nicks: &[&str]) -> Self {
        Self {
            nicks: nicks.iter().map(|nick| (*nick).to_owned()).collect(),
            rooms: BTreeMap::new(),
            entered: vec![Vec::new(); nicks.len()],
            heard: vec![Vec::new(); nicks.len()],
        }
    }

    /// The frame that asks for it.
    pub fn frame(id: usize, op: &Op) -> String {
        match op {
            Op::Join(room) => format!("Join {id} {room}"),
            Op::Leave(room) => format!("Leave {id} {room}"),
            Op::Say(room, text) => format!("Say {id} {room} {text}"),
            Op::Whisper(nick, text) => format!("Whisper {id} {nick} {text}"),
            Op::Rename(nick) => format!("Rename {id} {nick}"),
            Op::History(room, after, limit) => format!("History {id} {room} {after} {limit}"),
            Op::Who(room) => format!("Who {id} {room}"),
        }
    }

    /// What each client hears when client `me` asks for `op` with number `id`.
    pub fn carry_out(&mut self, me: usize, id: usize, op: &Op) -> Vec<Vec<String>> {
        self.heard.iter_mut().for_each(Vec::clear);
        let answer = self.answer(me, id, op);
        let answers = answer.unwrap_or_else(|code| vec![format!("Failed {id} {code}")]);
        self.heard[me].extend(answers);
        self.heard.clone()
    }

    fn answer(&mut self, me: usize, id: usize, op: &Op) -> Result<Vec<String>, u8> {
        const NOT_IN_ROOM: u8 = 3;
        let nick = self.nicks[me].clone();
        let mine = |room: &String, rooms: &BTreeMap<String, Room>| match rooms.get(room) {
            Some(known) if known.members.contains(&me) => Ok(()),
            _ => Err(NOT_IN_ROOM),
        };
        let answer = match op {
            Op::Join(room) => {
                if mine(room, &self.rooms).is_err() {
                    self.presence(room, me, &format!("Presence 1 {room} {nick} -"));
                    self.rooms.entry(room.clone()).or_default().members.push(me);
                    self.entered[me].push(room.clone());
                }
                format!("Joined {id} {room} {}", self.rooms[room].messages.len())
            }
            Op::Leave(room) => {
                mine(room, &self.rooms)?;
                self.presence(room, me, &format!("Presence 2 {room} {nick} -"));
                self.entered[me].retain(|other| other != room);
                let left = self.rooms.get_mut(room).expect("checked above");
                left.members.retain(|member| *member != me);
                if left.members.is_empty() {
                    self.rooms.remove(room);
                }
                format!("Done {id}")
            }
            Op::Say(room, text) => {
                mine(room, &self.rooms)?;
                let said = self.rooms.get_mut(room).expect("checked above");
                said.messages.push((nick.clone(), text.clone()));
                let seq = said.messages.len();
                for member in said.members.clone() {
                    self.heard[member].push(format!("Message {room} {seq} {nick} {text}"));
                }
                format!("Said {id} {seq}")
            }
            Op::Whisper(to, text) => {
                let to = self.nicks.iter().position(|nick| nick == to).ok_or(4)?;
                self.heard[to].push(format!("Whispered {nick} {text}"));
                format!("Done {id}")
            }
            Op::Rename(new) => {
                match self.nicks.iter().position(|nick| nick == new) {
                    Some(owner) if owner == me => return Ok(vec![format!("Done {id}")]),
                    Some(_) => return Err(5),
                    None => {}
                }
                for room in self.entered[me].clone() {
                    self.presence(&room, me, &format!("Presence 5 {room} {nick} {new}"));
                }
                self.nicks[me].clone_from(new);
                format!("Done {id}")
            }
            Op::History(room, after, limit) => {
                mine(room, &self.rooms)?;
                let messages = &self.rooms[room].messages;
                let numbered = (1_u64..).zip(messages).filter(|(seq, _)| seq > after);
                let past = numbered.take((*limit).min(100).into());
                let past = past.map(|(seq, (nick, text))| format!("Past {id} {seq} {nick} {text}"));
                let end = format!("PastEnd {id} {}", messages.len());
                return Ok(past.chain([end]).collect());
            }
            Op::Who(room) => {
                mine(room, &self.rooms)?;
                let members = self.rooms[room].members.iter();
                let mut nicks: Vec<&str> = members.map(|member| &*self.nicks[*member]).collect();
                nicks.sort_unstable();
                format!("Members {id} 0 {}", nicks.join(" "))
            }
        };
        Ok(vec![answer])
    }

    fn presence(&mut self, room: &str, about: usize, line: &str) {
        let others = self
            .rooms
            .get(room)
            .map(|room| room.members.clone())
            .unwrap_or_default();
        for member in others.into_iter().filter(|member| *member != about) {
            self.heard[member].push(line.to_owned());
        }
    }
}
