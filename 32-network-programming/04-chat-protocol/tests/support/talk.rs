//! The client's core, and a server that speaks to it in frames drawn by hand.

use std::time::Duration;

use chat_protocol::client::{Client, Config, Event, Request};

use super::draw::{describe, draw};
use super::hall::token;

/// A client in a test's hands.
pub struct Talk {
    pub client: Client,
    pub now: Duration,
}

impl Talk {
    /// A client called `ada` that has no connection yet.
    pub fn new() -> Self {
        Self::with(Config::new("ada"))
    }

    pub fn with(config: Config) -> Self {
        let now = Duration::from_secs(1000);
        let client = Client::new(config, now);
        Self { client, now }
    }

    /// One in a session of version 2, in the room `rust`, whose last message is number `last`.
    #[track_caller]
    pub fn in_room(last: u64) -> Self {
        let mut talk = Self::new();
        talk.connect();
        talk.hear(&[&format!("Welcome 2 {}", token(1))]);
        talk.ask(Request::Join { room: "rust".into() });
        assert_eq!(talk.says(), ["Hello 1 2 ada", "Join 1 rust"]);
        talk.hear(&[&format!("Joined 1 rust {last}")]);
        talk.events();
        talk
    }

    pub fn connect(&mut self) {
        self.client.connected(self.now);
    }

    pub fn disconnect(&mut self) {
        self.client.disconnected(self.now);
    }

    /// Frames come from the server.
    #[track_caller]
    pub fn hear(&mut self, lines: &[&str]) {
        let bytes: Vec<u8> = lines.iter().flat_map(|line| draw(line)).collect();
        self.client.received(&bytes, self.now);
    }

    /// What the client sends.
    #[track_caller]
    pub fn says(&mut self) -> Vec<String> {
        let mut bytes = Vec::new();
        let take = |offered: &[u8]| {
            bytes.extend_from_slice(offered);
            offered.len()
        };
        self.client.transmit(take);
        describe(&bytes).0
    }

    /// What the client has to tell.
    pub fn events(&mut self) -> Vec<Event> {
        std::iter::from_fn(|| self.client.poll_event()).collect()
    }

    #[track_caller]
    pub fn ask(&mut self, request: Request) -> u64 {
        self.client.request(request).expect("a request that is in order")
    }

    #[track_caller]
    pub fn say(&mut self, text: &str) -> u64 {
        let room = "rust".to_owned();
        self.ask(Request::Say {
            room,
            text: text.to_owned(),
        })
    }

    /// Lets time pass, with a tick every 100 ms.
    pub fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        while self.now < end {
            self.now += Duration::from_millis(100);
            self.client.tick(self.now);
        }
    }

    /// The numbers of the messages among the events, and the ranges that are lost, in order.
    pub fn heard(&mut self) -> Vec<String> {
        let told = |event| match event {
            Event::Message { message, .. } => Some(message.seq.to_string()),
            Event::Lost { from, to, .. } => Some(format!("lost {from}-{to}")),
            _ => None,
        };
        self.events().into_iter().filter_map(told).collect()
    }
}
