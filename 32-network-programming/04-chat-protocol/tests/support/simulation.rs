//! Both cores on a network that is simulated: it delays, splits, loses connections, and hands over the bytes of different
//! connections in whatever order. Everything follows from the seed.

use std::collections::VecDeque;
use std::time::Duration;

use chat_protocol::client::{Client, Config, Event, Request};
use chat_protocol::limits::Limits;
use chat_protocol::server::ConnectionId;

use super::hall::Hall;
use super::random::Random;

/// Simulated time from one step to the next.
const STEP: Duration = Duration::from_millis(10);

/// Pieces on their way, each with the time of its arrival.
type Pipe = VecDeque<(Duration, Vec<u8>)>;

/// A connection between one client and the server.
struct Link {
    id: ConnectionId,
    to_server: Pipe,
    to_client: Pipe,
}

/// One client, and what it has heard.
pub struct Member {
    pub client: Client,
    pub events: Vec<Event>,
    link: Option<Link>,
    /// Connections that the client has lost and the server believes in, until the given time.
    ghosts: Vec<(Duration, ConnectionId)>,
}

/// What the network does; each is a chance, as one in so many.
#[derive(Clone, Copy)]
pub struct Weather {
    /// A connection breaks in a step.
    pub cut: usize,
    /// A piece is held up.
    pub stall: usize,
}

/// Nothing is lost or late.
pub const FAIR: Weather = Weather {
    cut: usize::MAX,
    stall: usize::MAX,
};

/// A server, its clients, and the network in between.
pub struct Simulation {
    pub hall: Hall,
    pub members: Vec<Member>,
    pub random: Random,
    steps: u32,
}

impl Simulation {
    pub fn new(seed: u64, limits: Limits, configs: Vec<Config>) -> Self {
        let hall = Hall::new(limits);
        let member = |config| Member {
            client: Client::new(config, hall.now),
            events: Vec::new(),
            link: None,
            ghosts: Vec::new(),
        };
        let members = configs.into_iter().map(member).collect();
        let random = Random::new(seed);
        Self {
            hall,
            members,
            random,
            steps: 0,
        }
    }

    /// Asks for something on behalf of a client.
    #[track_caller]
    pub fn request(&mut self, member: usize, request: Request) -> u64 {
        let asked = self.members[member].client.request(request.clone());
        asked.unwrap_or_else(|error| panic!("{request:?} is not taken: {error}"))
    }

    /// Lets 10 ms pass.
    pub fn step(&mut self, weather: Weather) {
        self.steps += 1;
        self.hall.now += STEP;
        let now = self.hall.now;
        if self.steps.is_multiple_of(10) {
            self.hall.server.tick(now);
        }
        let start = self.random.below(self.members.len());
        for at in 0..self.members.len() {
            // Whose bytes come first changes from step to step.
            let member = (start + at) % self.members.len();
            self.step_member(member, weather);
        }
    }

    /// Steps in fair weather until nobody waits for anything, and some time more.
    #[track_caller]
    pub fn settle(&mut self) {
        let mut calm = 0;
        for _ in 0..20_000 {
            self.step(FAIR);
            let is_calm = self.members.iter().all(|member| {
                let idle = |link: &Link| link.to_server.is_empty() && link.to_client.is_empty();
                member.client.pending() == 0 && member.link.as_ref().is_some_and(idle)
            });
            calm = if is_calm { calm + 1 } else { 0 };
            if calm == 300 {
                return;
            }
        }
        let pending: Vec<usize> = self
            .members
            .iter()
            .map(|member| member.client.pending())
            .collect();
        panic!("after 200 simulated seconds of fair weather, requests without an outcome: {pending:?}");
    }

    fn step_member(&mut self, at: usize, weather: Weather) {
        let Self {
            hall,
            members,
            random,
            ..
        } = self;
        let (member, now) = (&mut members[at], hall.now);
        for (_, ghost) in member.ghosts.extract_if(.., |(until, _)| *until <= now) {
            hall.cut(ghost);
        }
        if self.steps.is_multiple_of(10) {
            member.client.tick(now);
        }
        if member.link.is_none() && member.client.connect_at().is_some_and(|due| now >= due) {
            let id = hall.connect();
            member.link = Some(Link {
                id,
                to_server: Pipe::new(),
                to_client: Pipe::new(),
            });
            member.client.connected(now);
        }
        if let Some(link) = &mut member.link {
            link.carry(hall, &mut member.client, random, weather);
            let is_over = hall.server.is_finished(link.id) && link.to_client.is_empty();
            if random.once_in(weather.cut) || member.client.is_finished() || is_over {
                // The client notices at once, the server now or later.
                let delay = Duration::from_millis(random.below(400) as u64);
                member.ghosts.push((now + delay, link.id));
                member.link = None;
                member.client.disconnected(now);
            }
        }
        while let Some(event) = member.client.poll_event() {
            member.events.push(event);
        }
    }
}

impl Link {
    /// Moves what has arrived, and sends what is to be sent.
    fn carry(&mut self, hall: &mut Hall, client: &mut Client, random: &mut Random, weather: Weather) {
        let now = hall.now;
        while hall.server.wants_input(self.id) && self.to_server.front().is_some_and(|piece| piece.0 <= now) {
            let (_, bytes) = self.to_server.pop_front().expect("there is a first");
            hall.server.received(self.id, &bytes, now);
        }
        while self.to_client.front().is_some_and(|piece| piece.0 <= now) {
            let (_, bytes) = self.to_client.pop_front().expect("there is a first");
            client.received(&bytes, now);
        }
        // A connection takes what it likes of what it is offered.
        let most = random.below(200);
        let bytes = hall.read(self.id, most);
        send(&mut self.to_client, &bytes, now, random, weather);
        let mut bytes = Vec::new();
        client.transmit(|offered| {
            let count = offered.len().min(1 + most);
            bytes.extend_from_slice(&offered[..count]);
            count
        });
        send(&mut self.to_server, &bytes, now, random, weather);
    }
}

/// Puts bytes on their way, in pieces, none of which overtakes another.
fn send(pipe: &mut Pipe, mut bytes: &[u8], now: Duration, random: &mut Random, weather: Weather) {
    while !bytes.is_empty() {
        let (piece, rest) = bytes.split_at(1 + random.below(bytes.len().min(40)));
        let delay = if random.once_in(weather.stall) { 500 } else { 30 };
        let arrival = now + Duration::from_millis(random.below(delay) as u64);
        let earliest = pipe.back().map_or(arrival, |last| last.0.max(arrival));
        pipe.push_back((earliest, piece.to_vec()));
        bytes = rest;
    }
}
